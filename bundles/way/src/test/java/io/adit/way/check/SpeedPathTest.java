package io.adit.way.check;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.time.Instant;

import org.junit.Test;

/** Who may make a peer send, and for how long. */
public class SpeedPathTest {

    private static final byte[] SECRET = new byte[32];
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private final String path = SpeedPath.make(SECRET, NOW);

    @Test
    public void whoHasTheSecretMayForAMinute() {
        assertTrue(SpeedPath.isGood(path, SECRET, NOW));
        assertTrue(SpeedPath.isGood(path, SECRET, NOW.plusSeconds(60)));
        assertFalse(SpeedPath.isGood(path, SECRET, NOW.plusSeconds(61)));
        assertFalse("of a clock that is far off", SpeedPath.isGood(path, SECRET, NOW.minusSeconds(61)));
        assertNotEquals(path, SpeedPath.make(SECRET, NOW));
    }

    @Test
    public void nobodyElse() {
        byte[] other = new byte[32];
        other[31] = 1;
        assertFalse(SpeedPath.isGood(path, other, NOW));
        char last = path.charAt(path.length() - 1);
        String broken = path.substring(0, path.length() - 1) + (last == 'a' ? 'b' : 'a');
        String[] others = {broken, path + "?", path + "/", path.toUpperCase(java.util.Locale.ROOT), SpeedPath.PREFIX, SpeedPath.PREFIX + "9999999999//", "", "/x" + path,
            path.replaceFirst("/[0-9]+/", "/99999999999/")};
        for (String each : others) {
            assertFalse(each, SpeedPath.isGood(each, SECRET, NOW));
        }
    }
}
