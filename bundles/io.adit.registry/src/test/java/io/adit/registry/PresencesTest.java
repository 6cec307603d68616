package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.adit.api.Details;
import io.adit.api.ErrorCode;
import io.adit.api.Presence;
import io.adit.api.PresenceListener;
import io.adit.api.packet.Fields;
import org.junit.After;
import org.junit.Test;

public class PresencesTest {

    private static final long DEADLINE_SECONDS = 30;

    private final Credentials credentials = Fixtures.admitting("a", "b");
    private final Presences presences = new Presences(one -> new Presence(one.name(), "http://" + one.name() + "/", "gw", List.of(), FakeSession.SINCE,
            one.session().details()), () -> peers().away());
    private Peers peers = peers(Duration.ofMinutes(5));

    private Peers peers(Duration grace) {
        return new Peers(credentials, new Peers.Limits(grace, 4, Duration.ZERO, 1, Duration.ZERO), System::nanoTime, presences);
    }

    private Peers peers() {
        return peers;
    }

    @After
    public void close() {
        peers.close();
        presences.close();
    }

    /** Writes down what it is told. */
    private static class Notes implements PresenceListener {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        public void online(Presence presence) {
            told.add("online " + presence.name() + " " + presence.details().first(Details.TITLE));
        }

        @Override
        public void offline(String name) {
            told.add("offline " + name);
        }

        @Override
        public void ended(String name) {
            told.add("ended " + name);
        }

        String next() throws InterruptedException {
            return told.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private Notes listening() {
        Notes notes = new Notes();
        presences.add(notes);
        return notes;
    }

    @Test
    public void eachIsToldInTheOrderInWhichItHappened() throws Exception {
        Notes notes = listening();
        peers.attach("a", new FakeSession("s1"));
        peers.attach("b", new FakeSession("s2"));
        FakeSession newer = new FakeSession("s3");
        newer.since = FakeSession.SINCE.plusSeconds(1);
        peers.attach("a", newer);
        credentials.remove("b");
        peers.evict("b", ErrorCode.REVOKED);
        peers.evict("a", ErrorCode.REVOKED); // a new invitation: the name stays
        assertEquals("online a s1", notes.next());
        assertEquals("online b s2", notes.next());
        assertEquals("online a s3", notes.next());
        assertEquals("ended b", notes.next());
        assertEquals("offline a", notes.next());
    }

    @Test
    public void aPeerThatIsBackWithinTheGraceTimeWasNeverAway() throws Exception {
        Notes notes = listening();
        FakeSession first = new FakeSession("s1");
        peers.attach("a", first);
        first.close(ErrorCode.SESSION_LOST, "");
        peers.attach("a", new FakeSession("s2"));
        peers.attach("b", new FakeSession("s3"));
        assertEquals("online a s1", notes.next());
        assertEquals("online a s2", notes.next());
        assertEquals("online b s3", notes.next());
    }

    @Test
    public void whoIsAwayForLongerIsOffline() throws Exception {
        peers.close();
        peers = peers(Duration.ofMillis(20));
        Notes notes = listening();
        // neither has been here since the start
        Set<String> away = new HashSet<>();
        while (away.size() < 2) { // one that comes just when the time passes is told twice
            away.add(notes.next());
        }
        assertEquals(Set.of("offline a", "offline b"), away);
        FakeSession session = new FakeSession("s1");
        peers.attach("a", session);
        String told = notes.next();
        while (told.startsWith("offline")) {
            told = notes.next();
        }
        assertEquals("online a s1", told);
        session.close(ErrorCode.SESSION_LOST, "");
        assertEquals("offline a", notes.next());
    }

    @Test
    public void whoComesLaterIsToldOfEveryName() throws Exception {
        peers.close();
        peers = peers(Duration.ZERO);
        Notes first = listening();
        peers.attach("a", new FakeSession("s1"));
        for (String told = first.next(); !told.startsWith("online"); told = first.next()) {
            assertEquals("offline", told.substring(0, 7)); // before it came
        }
        Notes late = new Notes() {
            @Override
            public void told() {
                offline("nobody else");
            }
        };
        presences.add(late);
        assertEquals("online a s1", late.next());
        assertEquals("offline b", late.next());
        assertEquals("offline nobody else", late.next());
    }

    @Test
    public void oneThatFailsDisturbsNoOther() throws Exception {
        presences.add(new Notes() {
            @Override
            public void online(Presence presence) {
                throw new IllegalStateException("mine");
            }
        });
        Notes notes = listening();
        peers.attach("a", new FakeSession("s1"));
        assertEquals("online a s1", notes.next());
    }

    @Test
    public void whoLeftIsToldNothing() throws Exception {
        Notes gone = listening();
        Notes stays = listening();
        presences.remove(gone);
        peers.attach("a", new FakeSession("s1"));
        assertEquals("online a s1", stays.next());
        assertNull(gone.told.poll());
    }

    @Test
    public void whoLeavesAfterTheEndIsNotWaitedFor() {
        Notes notes = listening();
        presences.close();
        assertTrue(presences.remove(notes));
    }

    @Test
    public void whatAPeerSaysOfItselfIsPassedOn() {
        Fields details = Fields.of(Details.NOTIFY, "a@b.example", Details.NOTIFY, "c@d.example");
        Presence presence = new Presence("a", "http://a/", "gw", List.of(), FakeSession.SINCE, details);
        assertEquals(List.of("a@b.example", "c@d.example"), presence.details().all(Details.NOTIFY));
    }
}
