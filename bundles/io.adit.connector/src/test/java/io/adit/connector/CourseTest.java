package io.adit.connector;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Optional;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Registered;
import org.junit.Test;

public class CourseTest {

    private static final Invitation INVITATION = new Invitation("reg.example", 7443, "demo", new byte[32], new byte[32]);
    private static final Assignment P1 = assignment("p1");
    private static final Assignment P2 = assignment("p2");

    private final Course course = new Course();

    private static Assignment assignment(String proxy) {
        return Assignment.of(answer(proxy, "off"), INVITATION);
    }

    private static Registered answer(String proxy, String... certificate) {
        Fields details = certificate.length == 0 ? Fields.EMPTY : Fields.of("cert", certificate[0]);
        return new Registered("demo", proxy, "192.0.2.7", 7444, "http://demo.example/", new byte[32], new byte[] {1}, details);
    }

    private void serves(Assignment at) {
        course.assigned(at);
        assertEquals(Optional.of(at), course.next());
        course.up();
        assertEquals(Optional.empty(), course.next());
    }

    @Test
    public void withoutAnAssignmentItIsTheInvitationsProxyAfterAPause() {
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.empty(), course.next());
            assertFalse(course.ended(null, i == 1, ErrorCode.SESSION_LOST));
        }
        assertEquals("", course.avoid());
    }

    @Test
    public void aProxyThatDies() {
        serves(P1);
        assertTrue("the registration server, at once", course.ended(P1, true, ErrorCode.SESSION_LOST));
        assertEquals(Optional.empty(), course.next());
        assertEquals("a broken connection is no reason to leave it", "", course.avoid());
        course.assigned(P1); // it does not know yet
        assertTrue("it is not there", course.ended(P1, false, ErrorCode.SESSION_LOST));
        assertEquals(Optional.empty(), course.next());
        assertEquals("p1", course.avoid());
        serves(P2);
        assertEquals("", course.avoid());
    }

    @Test
    public void whileTheRegistrationServerIsAwayTheTicketIsTriedInTurns() {
        serves(P1);
        assertTrue(course.ended(P1, true, ErrorCode.SESSION_LOST));
        assertTrue(course.ended(null, false, ErrorCode.SESSION_LOST));
        assertEquals(Optional.of(P1), course.next());
        assertTrue(course.ended(P1, false, ErrorCode.SESSION_LOST));
        assertEquals(Optional.empty(), course.next());
        assertFalse("now with a pause", course.ended(null, false, ErrorCode.SESSION_LOST));
        assertEquals(Optional.of(P1), course.next());
        assertFalse(course.ended(P1, false, ErrorCode.TICKET));
        assertEquals(Optional.empty(), course.next());
        assertFalse(course.ended(null, false, ErrorCode.SESSION_LOST));
        assertEquals("the ticket is no good", Optional.empty(), course.next());
    }

    @Test
    public void whoWasSentAwayByAProxyThatStopsComesBackToItWhileTheRegistrationServerIsAway() {
        serves(P1);
        course.goingAway(P1, ErrorCode.SHUTDOWN);
        assertEquals("the registration server first", Optional.empty(), course.next());
        assertTrue(course.ended(null, false, ErrorCode.SESSION_LOST));
        assertEquals(Optional.of(P1), course.next());
        assertTrue("it stops still", course.ended(P1, false, ErrorCode.SHUTDOWN));
        assertEquals(Optional.empty(), course.next());
        assertTrue(course.ended(null, false, ErrorCode.SESSION_LOST));
        assertFalse("now with a pause", course.ended(P1, false, ErrorCode.SESSION_LOST));
        assertEquals("p1", course.avoid());
        assertFalse(course.ended(null, false, ErrorCode.SESSION_LOST));
        assertEquals("started again", Optional.of(P1), course.next());
        course.up();
        assertEquals("", course.avoid());
    }

    @Test
    public void aProxyThatStopsAndTakesSessionsOnlyToEndThemIsNotHurried() {
        serves(P1);
        course.goingAway(P1, ErrorCode.SHUTDOWN);
        for (int i = 0; i < 3; i++) {
            course.ended(null, false, ErrorCode.SESSION_LOST);
            assertEquals(Optional.of(P1), course.next());
            course.up();
            assertFalse(course.ended(P1, true, ErrorCode.SHUTDOWN));
            assertEquals("p1", course.avoid());
            assertEquals(Optional.empty(), course.next());
        }
    }

    @Test
    public void aSessionThatAnOperatorEndedIsNoReasonToLeaveTheProxy() {
        serves(P1);
        assertTrue("at once", course.ended(P1, true, ErrorCode.SHUTDOWN));
        assertEquals(Optional.empty(), course.next());
        assertEquals("", course.avoid());

        course.goingAway(P1, ErrorCode.SHUTDOWN);
        serves(P1); // the registration server says so: it stops no more
        assertTrue("at once", course.ended(P1, true, ErrorCode.SHUTDOWN));
        assertEquals("", course.avoid());
    }

    @Test
    public void whoAnswersThatTheTicketIsNoGoodIsThere() {
        serves(P1);
        course.goingAway(P1, ErrorCode.SHUTDOWN);
        assertEquals("p1", course.avoid());
        course.ended(null, false, ErrorCode.SESSION_LOST);
        course.ended(P1, false, ErrorCode.TICKET);
        assertEquals("", course.avoid());
    }

    @Test
    public void aRefusedTicketIsNoReasonToAvoidTheProxy() {
        course.assigned(P1);
        assertFalse(course.ended(P1, false, ErrorCode.TICKET));
        assertEquals("", course.avoid());
        assertEquals(Optional.empty(), course.next());
    }

    @Test
    public void aProxyThatSaysGoAway() {
        serves(P1);
        course.goingAway(P1, ErrorCode.MOVED);
        assertEquals(Optional.empty(), course.next());
        assertEquals("", course.avoid());
        assertTrue(course.ended(null, false, ErrorCode.SESSION_LOST));
        assertEquals("not back to where it was sent away from", Optional.empty(), course.next());
        serves(P2);
        course.goingAway(P2, ErrorCode.SHUTDOWN);
        assertEquals("p2", course.avoid());
        course.up();
        course.goingAway(null, ErrorCode.SHUTDOWN);
        assertFalse("the one that the invitation names is not hurried", course.ended(null, false, ErrorCode.SESSION_LOST));
    }

    @Test
    public void R4_whatTheAnswerSays() {
        assertEquals("192.0.2.7", P1.target().host());
        assertEquals(7444, P1.target().port());
        assertFalse(P1.target().tls());
        assertEquals("demo", P1.target().name());
        assertArrayEquals(new byte[] {1}, P1.ticket());
        assertEquals((byte) 0xab, Assignment.of(answer("p1", "ab".repeat(32)), INVITATION).target().fingerprint()[0]);
        for (String[] bad : new String[][] {{}, {""}, {"ab"}, {"zz".repeat(32)}, {"OFF"}}) {
            assertThrows(IllegalArgumentException.class, () -> Assignment.of(answer("p1", bad), INVITATION));
        }
    }
}
