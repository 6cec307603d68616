package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.adit.api.ErrorCode;
import io.adit.api.PeerSession;
import io.adit.api.Terms;
import org.junit.After;
import org.junit.Test;

public class PeersTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Credentials credentials = Fixtures.admitting("a", "b");
    private final Peers peers = new Peers(credentials, Fixtures.LIMITS, nanos::get, Fixtures.NOBODY);

    @After
    public void close() {
        peers.close();
    }

    private FakeSession attached(String name, String id) {
        FakeSession session = new FakeSession(id);
        peers.attach(name, session);
        return session;
    }

    private CompletableFuture<Optional<PeerSession>> waiting(String name) {
        return peers.await(name).toCompletableFuture();
    }

    @Test
    public void ofSessionsThatComeInAnyOrderTheNewestStays() {
        FakeSession newest = new FakeSession("newest");
        newest.since = FakeSession.SINCE.plusSeconds(60);
        FakeSession older = new FakeSession("older");
        peers.attach("a", newest);
        peers.attach("a", older);
        assertEquals(Optional.of(newest), peers.find("a"));
        assertEquals(ErrorCode.NONE, newest.drained);
        assertEquals(ErrorCode.REPLACED, older.drained);
        older.close(ErrorCode.REPLACED, "");
        assertEquals(Optional.of(newest), peers.find("a"));
    }

    @Test
    public void aSessionServesItsNameUntilItCloses() {
        FakeSession session = attached("a", "s1");
        assertSame(session, peers.find("a").orElseThrow());
        assertEquals(Map.of("a", List.of(session)), peers.connected());
        assertSame(session, waiting("a").join().orElseThrow());
        assertTrue(peers.find("b").isEmpty());
        session.close(ErrorCode.SESSION_LOST, "");
        assertTrue(peers.find("a").isEmpty());
        assertTrue(peers.lostAt("a").isPresent());
    }

    @Test
    public void aSessionThatIsClosedAlreadyLeavesNoEntry() {
        FakeSession session = new FakeSession("s1");
        session.close(ErrorCode.SESSION_LOST, "");
        peers.attach("a", session);
        assertTrue(peers.find("a").isEmpty());
    }

    @Test
    public void aNewerSessionReplacesTheOlderWhichDrains() {
        FakeSession older = attached("a", "s1");
        FakeSession newer = attached("a", "s2");
        assertSame(newer, peers.find("a").orElseThrow());
        assertEquals(ErrorCode.REPLACED, older.drained);
        assertEquals(Duration.ofSeconds(30), older.drainDeadline);
        assertTrue("it finishes what it has", older.isOpen());
        older.close(ErrorCode.REPLACED, "");
        assertSame("the end of the older one does not take the newer one out", newer, peers.find("a").orElseThrow());
        assertTrue(peers.lostAt("a").isEmpty());
    }

    @Test
    public void aSecondAttachOfTheSameSessionIsNoReplacement() {
        FakeSession session = attached("a", "s1");
        peers.attach("a", session);
        assertEquals(ErrorCode.NONE, session.drained);
        assertSame(session, peers.find("a").orElseThrow());
    }

    @Test
    public void ofManyReplacedSessionsTheOldestIsClosed() {
        List<FakeSession> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            all.add(attached("a", "s" + i));
        }
        assertEquals("the newest, and two that drain", List.of(false, false, false, true, true, true), all.stream().map(FakeSession::isOpen).toList());
    }

    // ---- several peers of one name

    private final List<String> told = new ArrayList<>();
    private final Peers.Watch telling = new Peers.Watch() {
        @Override
        public void online(String name, PeerSession newest, int peers) {
            told.add(newest.id() + " of " + peers);
        }

        @Override
        public void offline(String name) {
            told.add("offline");
        }

        @Override
        public void ended(String name) {
            told.add("ended");
        }

        @Override
        public void lost(String name, Instant at) {
            told.add("lost");
        }
    };

    private FakeSession joined(Peers to, String instance, int second) {
        FakeSession session = new FakeSession(instance + second);
        session.instance = instance;
        session.since = FakeSession.SINCE.plusSeconds(second);
        to.attach("a", session);
        return session;
    }

    private void allow(int number) {
        credentials.find("a").orElseThrow().change(Terms.DEFAULT.withPeers(number));
    }

    private static void assertReplaced(FakeSession... sessions) {
        for (FakeSession session : sessions) {
            assertEquals(session.id(), ErrorCode.REPLACED, session.drained);
        }
    }

    @Test
    public void severalPeersServeOneNameAndTheNameIsLostWithTheLast() {
        allow(2);
        try (Peers several = new Peers(credentials, Fixtures.LIMITS, nanos::get, telling)) {
            FakeSession a = joined(several, "a", 1);
            FakeSession b = joined(several, "b", 2);
            assertEquals(Map.of("a", List.of(b, a)), several.connected());
            assertEquals(2, several.count());
            a.load = 3;
            assertSame("the fewest streams", b, several.find("a").orElseThrow());
            b.load = 4;
            assertSame(a, several.find("a").orElseThrow());
            assertSame(b, several.other("a", a).orElseThrow());
            b.close(ErrorCode.SESSION_LOST, "");
            assertSame(a, several.find("a").orElseThrow());
            assertTrue(several.other("a", a).isEmpty());
            assertTrue("one is there", several.lostAt("a").isEmpty());
            FakeSession again = joined(several, "b", 3);
            FakeSession once = joined(several, "a", 4);
            assertReplaced(a);
            assertEquals(ErrorCode.NONE, again.drained);
            again.close(ErrorCode.SESSION_LOST, "");
            once.close(ErrorCode.SESSION_LOST, "");
            assertTrue(several.find("a").isEmpty());
            assertTrue(several.lostAt("a").isPresent());
            assertEquals(0, several.count());
            assertEquals(List.of("a1 of 1", "b2 of 2", "a1 of 1", "b3 of 2", "a4 of 2", "a4 of 1", "lost"), told);
        }
    }

    @Test
    public void whoeverAsksAfterAFailureGetsOneThatIsThere() {
        allow(2);
        FakeSession a = joined(peers, "a", 1);
        FakeSession b = joined(peers, "b", 2);
        List<CompletionStage<Optional<PeerSession>>> asked = new ArrayList<>();
        b.closed().whenComplete((reason, impossible) -> asked.add(peers.await("a")));
        b.close(ErrorCode.SESSION_LOST, "");
        assertSame(a, asked.get(0).toCompletableFuture().getNow(Optional.empty()).orElseThrow());
    }

    @Test
    public void whenAllAreClosedButOurNoticeOfItIsOnItsWayTheNextIsWaitedFor() {
        allow(2);
        FakeSession a = joined(peers, "a", 1);
        FakeSession b = joined(peers, "b", 2);
        List<CompletionStage<Optional<PeerSession>>> asked = new ArrayList<>();
        a.closed().whenComplete((reason, impossible) -> b.close(ErrorCode.SESSION_LOST, ""));
        b.closed().whenComplete((reason, impossible) -> asked.add(peers.await("a")));
        a.close(ErrorCode.SESSION_LOST, "");
        FakeSession next = joined(peers, "a", 3);
        assertSame(next, asked.get(0).toCompletableFuture().getNow(Optional.empty()).orElseThrow());
    }

    @Test
    public void ofTooManyTheOldestAreReplacedAlsoWhenTheNumberIsMadeSmaller() {
        allow(3);
        FakeSession a = joined(peers, "a", 1);
        FakeSession b = joined(peers, "b", 2);
        FakeSession c = joined(peers, "c", 3);
        FakeSession d = joined(peers, "d", 4);
        assertReplaced(a);
        allow(1);
        peers.limit("a");
        assertReplaced(b, c);
        assertEquals(Map.of("a", List.of(d)), peers.connected());
        assertEquals("of those that drain, as many as for one peer", List.of(false, true, true), List.of(a, b, c).stream().map(FakeSession::isOpen).toList());
        peers.limit("b");
    }

    @Test
    public void theEndOfANameEndsAllItsPeersAndAMoveTellsThemAll() {
        allow(2);
        FakeSession a = joined(peers, "a", 1);
        FakeSession b = joined(peers, "b", 2);
        peers.moveOn("a");
        assertTrue(a.moved && b.moved);
        peers.evict("a", ErrorCode.REVOKED);
        assertEquals(ErrorCode.REVOKED, a.reason());
        assertEquals(ErrorCode.REVOKED, b.reason());
        assertEquals(0, peers.count());
    }

    @Test
    public void whatIsThereIsToldAgainWhenAskedFor() {
        allow(2);
        try (Peers several = new Peers(credentials, Fixtures.LIMITS, nanos::get, telling)) {
            joined(several, "a", 1);
            joined(several, "b", 2);
            told.clear();
            several.report();
            assertEquals(List.of("b2 of 2"), told);
        }
    }

    @Test
    public void onlyAdmittedNamesGetIn() {
        FakeSession session = attached("stranger", "s1");
        assertEquals(ErrorCode.REVOKED, session.reason());
        assertTrue(peers.find("stranger").isEmpty());
        credentials.put("new", Fixtures.credential(false));
        assertEquals("nobody has proven to know its secret", ErrorCode.REVOKED, attached("new", "s2").reason());
    }

    @Test
    public void evictEndsTheSessionAndThoseThatStillDrain() {
        FakeSession older = attached("a", "s1");
        FakeSession newer = attached("a", "s2");
        FakeSession other = attached("b", "s3");
        peers.evict("a", ErrorCode.REVOKED);
        assertEquals(ErrorCode.REVOKED, older.reason());
        assertEquals(ErrorCode.REVOKED, newer.reason());
        assertTrue(peers.find("a").isEmpty());
        assertTrue("an evicted name was not lost", peers.lostAt("a").isEmpty());
        assertTrue(other.isOpen());
    }

    @Test
    public void thoseThatWaitGetTheSessionTheMomentItAttaches() {
        attached("a", "s1").close(ErrorCode.SESSION_LOST, "");
        CompletableFuture<Optional<PeerSession>> one = waiting("a");
        CompletableFuture<Optional<PeerSession>> two = waiting("a");
        assertFalse(one.isDone());
        FakeSession session = attached("a", "s2");
        assertTrue(one.isDone() && two.isDone());
        assertSame(session, one.join().orElseThrow());
        assertSame(session, two.join().orElseThrow());
    }

    @Test
    public void aSessionThatHasJustEndedIsGivenToNobodyWhoWaits() {
        FakeSession first = attached("a", "s1");
        List<CompletionStage<Optional<PeerSession>>> asked = new ArrayList<>();
        // told before the manager itself: it registered earlier, and the latest is told first
        first.closed().whenComplete((reason, impossible) -> asked.add(peers.await("a")));
        first.close(ErrorCode.SESSION_LOST, "");
        FakeSession second = attached("a", "s2");
        assertSame(second, asked.get(0).toCompletableFuture().getNow(Optional.empty()).orElseThrow());
    }

    @Test
    public void aNameThatHasBeenAwayForLongerIsNotWaitedFor() {
        attached("a", "s1").close(ErrorCode.SESSION_LOST, "");
        nanos.addAndGet(Fixtures.LIMITS.grace().toNanos() - 1);
        CompletableFuture<Optional<PeerSession>> inTime = waiting("a");
        nanos.incrementAndGet();
        assertEquals(Optional.empty(), waiting("a").getNow(null));
        inTime.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    public void afterAStartKnownNamesAreWaitedForAndOthersNot() {
        assertFalse(waiting("a").isDone());
        assertEquals(Optional.empty(), waiting("stranger").getNow(null));
        nanos.addAndGet(Fixtures.LIMITS.grace().toNanos());
        assertEquals(Optional.empty(), waiting("b").getNow(null));
    }

    @Test
    public void theWaitEndsWithTheGraceTime() {
        try (Peers hasty = new Peers(credentials, new Peers.Limits(Duration.ofMillis(50), 4, Duration.ZERO, 1, Duration.ZERO), System::nanoTime, Fixtures.NOBODY)) {
            FakeSession session = new FakeSession("s1");
            hasty.attach("a", session);
            session.close(ErrorCode.SESSION_LOST, "");
            assertEquals(Optional.empty(), hasty.await("a").toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join());
        }
    }

    @Test
    public void theLossOfANameThatIsNobodysAnyMoreIsForgotten() throws InterruptedException {
        try (Peers hasty = new Peers(credentials, new Peers.Limits(Duration.ofMillis(50), 4, Duration.ZERO, 1, Duration.ZERO), System::nanoTime, Fixtures.NOBODY)) {
            FakeSession session = new FakeSession("s1");
            hasty.attach("a", session);
            credentials.remove("a");
            session.close(ErrorCode.SESSION_LOST, "");
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (hasty.lostAt("a").isPresent()) {
                assertTrue("it is remembered", System.nanoTime() < end);
                TimeUnit.MILLISECONDS.sleep(5); // between looks
            }
        }
    }

    @Test
    public void withoutGraceNobodyWaits() {
        try (Peers strict = new Peers(credentials, new Peers.Limits(Duration.ZERO, 4, Duration.ZERO, 1, Duration.ZERO), System::nanoTime, Fixtures.NOBODY)) {
            assertEquals(Optional.empty(), strict.await("a").toCompletableFuture().getNow(null));
        }
    }

    @Test
    public void theNumberThatWaitsIsBoundedPerName() {
        List<CompletableFuture<Optional<PeerSession>>> four = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            four.add(waiting("a"));
        }
        assertEquals(Optional.empty(), waiting("a").getNow(null));
        assertFalse("another name has room of its own", waiting("b").isDone());
        four.get(0).cancel(false);
        CompletableFuture<Optional<PeerSession>> next = waiting("a");
        assertFalse("who left makes room", next.isDone());
        FakeSession session = attached("a", "s1");
        assertSame(session, next.join().orElseThrow());
        assertSame(session, four.get(3).join().orElseThrow());
    }

    @Test
    public void aRevocationEndsTheWait() {
        CompletableFuture<Optional<PeerSession>> one = waiting("a");
        credentials.remove("a");
        peers.evict("a", ErrorCode.REVOKED);
        assertEquals(Optional.empty(), one.getNow(null));
        assertEquals(Optional.empty(), waiting("a").getNow(null));
    }

    @Test
    public void drainAllDrainsAllAndWaitsForThem() {
        FakeSession replaced = attached("a", "s1");
        FakeSession a = attached("a", "s2");
        FakeSession b = attached("b", "s3");
        CompletableFuture<Void> done = peers.drainAll(Duration.ofSeconds(7)).toCompletableFuture();
        for (FakeSession session : List.of(replaced, a, b)) {
            assertEquals(ErrorCode.SHUTDOWN, session.drained);
            assertEquals(Duration.ofSeconds(7), session.drainDeadline);
            assertFalse(done.isDone());
            session.close(ErrorCode.SHUTDOWN, "");
        }
        assertTrue(done.isDone());
        assertEquals("who comes now is sent away", ErrorCode.SHUTDOWN, attached("a", "s4").reason());
        assertEquals(Optional.empty(), waiting("a").getNow(null));
    }

    @Test
    public void drainAllOfNobodyIsDoneAtOnce() {
        assertTrue(peers.drainAll(Duration.ofSeconds(1)).toCompletableFuture().isDone());
    }

    @Test
    public void closeEndsTheWaitAndTheThreadAndLeavesSessionsAlone() throws InterruptedException {
        FakeSession b = attached("b", "s1");
        CompletableFuture<Optional<PeerSession>> one = waiting("a");
        List<Thread> timers = Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("adit-registry-timer")).toList();
        assertFalse("the timer runs, or this test shows nothing", timers.isEmpty());
        peers.close();
        peers.close();
        assertEquals(Optional.empty(), one.getNow(null));
        for (Thread timer : timers) {
            timer.join(30_000);
            assertFalse(timer.isAlive());
        }
        assertTrue(b.isOpen());
        FakeSession late = attached("a", "s2");
        assertTrue("left to the next peer manager", late.isOpen());
        assertEquals(Optional.empty(), waiting("a").getNow(null));
        assertFalse(peers.connected().containsKey("a"));
    }

    @Test
    public void whatHasNotDrainedAtTheDeadlineIsClosed() throws Exception {
        FakeSession replaced = attached("a", "s1");
        FakeSession session = attached("a", "s2");
        peers.drainAll(Duration.ofMillis(20)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertEquals(ErrorCode.SHUTDOWN, replaced.reason());
        assertEquals(ErrorCode.SHUTDOWN, session.reason());
    }

    @Test
    public void aPeerThatIsOnItsWayHereIsWaitedFor() {
        nanos.addAndGet(Fixtures.LIMITS.grace().toNanos());
        assertEquals("it was not here since the start", Optional.empty(), waiting("a").join());
        peers.expect("a");
        CompletableFuture<Optional<PeerSession>> waits = waiting("a");
        assertFalse(waits.isDone());
        FakeSession session = attached("a", "s1");
        assertSame(session, waits.join().orElseThrow());
        peers.expect("a");
        assertSame("it is here", session, peers.find("a").orElseThrow());
        assertTrue(peers.lostAt("a").isEmpty());
    }
}
