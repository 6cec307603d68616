package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.List;

import org.junit.Test;

public class AssignedTest {

    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    public void untilTheListIsHereEachNameMightBeOne() {
        Assigned assigned = new Assigned();
        assertTrue(assigned.has("demo"));
        assertTrue(assigned.admits("demo"));
        assertEquals(List.of(), assigned.names());
        assertEquals(List.of(), assigned.retain(List.of("other"), THEN));
        assertFalse(assigned.has("demo"));
        assertEquals(List.of("other"), assigned.names());
    }

    @Test
    public void aTicketThatIsNewerThanTheListCounts() {
        Assigned assigned = new Assigned();
        assigned.add("old", THEN);
        assigned.add("new", THEN.plusMillis(1));
        assigned.add("kept", THEN);
        assertEquals(List.of("old"), assigned.retain(List.of("kept", "listed"), THEN));
        assertEquals(List.of("kept", "listed", "new"), assigned.names());
        assigned.remove("kept");
        assertFalse(assigned.has("kept"));
    }
}
