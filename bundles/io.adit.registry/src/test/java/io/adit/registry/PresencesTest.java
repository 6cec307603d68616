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
            one.session().details()), () -> peers().away(), credentials.names());
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
        return listening(new Notes());
    }

    /** Also to the word that this was all. */
    private Notes listeningForAll() {
        return listening(new Notes() {
            @Override
            public void told() {
                super.told.add("told");
            }
        });
    }

    private Notes listening(Notes notes) {
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
        Notes first = listeningForAll();
        peers.attach("a", new FakeSession("s1"));
        while (!first.next().equals("told")) {
            continue; // both were away before a came, or only b is
        }
        Notes late = listeningForAll();
        assertEquals("online a s1", late.next());
        assertEquals("offline b", late.next());
        assertEquals("told", late.next());
    }

    @Test
    public void allIsToldWhenEveryPeerOfBeforeIsBackOrEnded() throws Exception {
        Notes notes = listeningForAll();
        peers.attach("a", new FakeSession("s1"));
        assertEquals("online a s1", notes.next());
        Notes late = listeningForAll();
        assertEquals("online a s1", late.next());
        credentials.put("new", Fixtures.credential(true));
        peers.attach("new", new FakeSession("s2"));
        assertEquals("one that was not here before changes nothing", "online new s2", notes.next());
        credentials.remove("b");
        peers.evict("b", ErrorCode.REVOKED);
        assertEquals(List.of("ended b", "told"), List.of(notes.next(), notes.next()));
        assertEquals(List.of("online new s2", "ended b", "told"), List.of(late.next(), late.next(), late.next()));
        Notes last = listeningForAll();
        Set<String> both = Set.of(last.next(), last.next());
        assertEquals(Set.of("online a s1", "online new s2"), both);
        assertEquals("at once", "told", last.next());
        assertNull("once", notes.told.poll());
    }

    @Test
    public void allIsToldAtTheEndOfTheGraceTime() throws Exception {
        peers.close();
        Notes notes = listeningForAll();
        peers = peers(Duration.ofMillis(20));
        Set<String> before = new HashSet<>();
        for (String told = notes.next(); !told.equals("told"); told = notes.next()) {
            before.add(told);
        }
        assertEquals(Set.of("offline a", "offline b"), before);
    }

    /** Not for a name either of which nobody says that it is away: it was lost at a linked proxy meanwhile, say. */
    @Test
    public void nothingIsWaitedForAfterTheGraceTime() throws Exception {
        Notes notes = listeningForAll();
        presences.settled();
        assertEquals("told", notes.next());
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
