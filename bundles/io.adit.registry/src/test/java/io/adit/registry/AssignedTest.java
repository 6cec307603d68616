package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.adit.api.ErrorCode;
import io.adit.api.Terms;
import org.junit.Test;

public class AssignedTest {

    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    public void untilTheListIsHereEachNameMightBeOne() {
        Assigned assigned = new Assigned();
        assertTrue(assigned.has("demo"));
        assertTrue(assigned.admits("demo"));
        assertEquals("so that no session of before an update has to go", Terms.MOST_PEERS, assigned.peers("demo"));
        assertEquals(List.of(), assigned.names());
        assertEquals(List.of(), assigned.retain(Map.of("other", 1), THEN));
        assertFalse(assigned.has("demo"));
        assertEquals(List.of("other"), assigned.names());
    }

    @Test
    public void aTicketThatIsNewerThanTheListCounts() {
        Assigned assigned = new Assigned();
        assigned.add("old", THEN, 1);
        assigned.add("new", THEN.plusMillis(1), 1);
        assigned.add("kept", THEN, 3);
        assertEquals(List.of("old"), assigned.retain(Map.of("kept", 2, "listed", 1), THEN));
        assertEquals(List.of("kept", "listed", "new"), assigned.names());
        assertEquals("the list is not older than the ticket", 2, assigned.peers("kept"));
        assigned.add("kept", THEN.minusMillis(1), 1);
        assertEquals("what was decided before does not count", 2, assigned.peers("kept"));
        assigned.remove("kept");
        assertFalse(assigned.has("kept"));
    }

    @Test
    public void whoComesAfterItsNameWentAsksTheRegistrationServerAgain() {
        Assigned assigned = new Assigned();
        assigned.retain(Map.of(), THEN);
        Peers peers = new Peers(assigned, Fixtures.LIMITS, System::nanoTime, Fixtures.NOBODY);
        assigned.add("demo", THEN.plusMillis(1), 1);
        assigned.remove("demo"); // it was moved while the session was made
        FakeSession late = new FakeSession("late");
        peers.attach("demo", late);
        assertTrue(late.isOpen());
        assertEquals(ErrorCode.MOVED, late.drained);
        peers.close();
    }
}
