package io.adit.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.adit.api.CodecManager;
import org.junit.Test;

public class CodecCommandsTest {

    /** Two versions; the sessions send with the preferred one, or wait. */
    private static final class FakeCodecs implements CodecManager {
        private int preferred;
        private int waiting;

        @Override
        public List<Integer> versions() {
            return List.of(2, 1);
        }

        @Override
        public Map<Integer, Integer> sessions() {
            Map<Integer, Integer> sessions = new TreeMap<>(Map.of(preferred == 0 ? 2 : preferred, 3));
            if (waiting > 0) {
                sessions.put(0, waiting);
            }
            return sessions;
        }

        @Override
        public int preferred() {
            return preferred;
        }

        @Override
        public void prefer(int version) {
            if (version > 2) {
                throw new IllegalArgumentException("there is no codec version " + version + " here, but [2, 1]");
            }
            preferred = version;
        }
    }

    private final FakeCodecs codecs = new FakeCodecs();
    private final CodecCommands commands = new CodecCommands(codecs);

    @Test
    public void versionsWithTheirSessions() {
        assertEquals("CODEC  STATE  SESSIONS\nv2     here   3\nv1     here   0", commands.codecs().toString());
    }

    @Test
    public void anotherVersionIsPreferredAndGivenUpAgain() {
        assertEquals("CODEC  STATE      SESSIONS\nv2     here       0\nv1     preferred  3", commands.codec(1).toString());
        assertEquals(commands.codecs().toString(), commands.codec(1).toString());
        assertEquals("CODEC  STATE  SESSIONS\nv2     here   3\nv1     here   0", commands.codec(0).toString());
    }

    @Test
    public void sessionsThatWaitForACodec() {
        codecs.waiting = 1;
        assertEquals("CODEC  STATE    SESSIONS\nv2     here     3\nv1     here     0\nnone   waiting  1", commands.codecs().toString());
    }

    @Test
    public void aVersionThatIsNotHere() {
        assertThrows(IllegalArgumentException.class, () -> commands.codec(9));
    }
}
