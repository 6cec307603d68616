package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import io.adit.api.ErrorCode;
import io.adit.api.PeerSession;
import org.junit.After;
import org.junit.Test;

/** Many threads at once; what must hold whatever the order. */
public class RaceTest {

    private static final int THREADS = 8;
    private static final int STEPS = 40_000;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @After
    public void stop() {
        threads.shutdownNow();
    }

    private void together(List<Callable<Void>> tasks) throws Exception {
        List<Future<Void>> running = new ArrayList<>();
        for (Callable<Void> task : tasks) {
            running.add(threads.submit(task));
        }
        for (Future<Void> one : running) {
            one.get(60, TimeUnit.SECONDS);
        }
    }

    /** Runs both for 0, 1, 2, ... on two threads that keep abreast, so that they meet within each step at ever other points. */
    private void abreast(int steps, IntConsumer one, IntConsumer other) throws Exception {
        AtomicInteger oneAt = new AtomicInteger();
        AtomicInteger otherAt = new AtomicInteger();
        together(List.of(() -> run(steps, one, oneAt, otherAt), () -> run(steps, other, otherAt, oneAt)));
    }

    private static Void run(int steps, IntConsumer step, AtomicInteger mine, AtomicInteger others) {
        for (int i = 0; i < steps; i++) {
            mine.set(i);
            for (int spins = 0; others.get() < i; spins++) {
                if (spins > 1000) {
                    Thread.yield();
                }
            }
            // a different head start each time
            for (int pause = i % 64; pause > 0; pause--) {
                Thread.onSpinWait();
            }
            step.accept(i);
        }
        mine.set(steps);
        return null;
    }

    @Test
    public void noSessionOutlivesTheRevocationOfItsName() throws Exception {
        Credentials credentials = new Credentials(Map.of());
        FakeSession[] sessions = new FakeSession[STEPS];
        for (int i = 0; i < STEPS; i++) {
            credentials.put("n" + i, Fixtures.credential(true));
            sessions[i] = new FakeSession("s" + i);
        }
        try (Peers peers = new Peers(credentials, Fixtures.LIMITS, System::nanoTime, Fixtures.NOBODY)) {
            abreast(STEPS, i -> peers.attach("n" + i, sessions[i]), i -> {
                credentials.remove("n" + i);
                peers.evict("n" + i, ErrorCode.REVOKED);
            });
            assertEquals(Map.of(), peers.connected());
            for (FakeSession session : sessions) {
                assertEquals(session.id(), ErrorCode.REVOKED, session.reason());
            }
        }
    }

    @Test
    public void whoeverWaitsWhileASessionAttachesGetsIt() throws Exception {
        Credentials credentials = new Credentials(Map.of());
        for (int i = 0; i < STEPS; i++) {
            credentials.put("n" + i, Fixtures.credential(true));
        }
        List<CompletableFuture<Optional<PeerSession>>> waiting = new ArrayList<>();
        try (Peers peers = new Peers(credentials, Fixtures.LIMITS, System::nanoTime, Fixtures.NOBODY)) {
            abreast(STEPS, i -> peers.attach("n" + i, new FakeSession("s" + i)), i -> waiting.add(peers.await("n" + i).toCompletableFuture()));
            for (int i = 0; i < STEPS; i++) {
                assertEquals("s" + i, waiting.get(i).getNow(Optional.empty()).map(PeerSession::id).orElse("nothing"));
            }
        }
    }

    @Test
    public void ofManyThatAttachTheLastServesAndTheOthersDrain() throws Exception {
        Credentials credentials = Fixtures.admitting("a");
        try (Peers peers = new Peers(credentials, new Peers.Limits(Duration.ZERO, 0, Duration.ofSeconds(30), 64, Duration.ofSeconds(20)), System::nanoTime, Fixtures.NOBODY)) {
            for (int round = 0; round < 500; round++) {
                List<FakeSession> sessions = new ArrayList<>();
                CyclicBarrier start = new CyclicBarrier(4);
                List<Callable<Void>> tasks = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    FakeSession session = new FakeSession("s" + i);
                    sessions.add(session);
                    tasks.add(() -> {
                        start.await();
                        peers.attach("a", session);
                        return null;
                    });
                }
                together(tasks);
                PeerSession winner = peers.find("a").orElseThrow();
                for (FakeSession session : sessions) {
                    assertEquals(session == winner ? ErrorCode.NONE : ErrorCode.REPLACED, session.drained);
                }
                peers.evict("a", ErrorCode.REVOKED);
                sessions.forEach(session -> assertFalse("all of the name were known", session.isOpen()));
            }
        }
    }

    @Test
    public void nobodyThatWaitsIsForgotten() throws Exception {
        Credentials credentials = Fixtures.admitting("a");
        Peers.Limits limits = new Peers.Limits(Duration.ofMinutes(5), 10_000, Duration.ZERO, 0, Duration.ZERO);
        try (Peers peers = new Peers(credentials, limits, System::nanoTime, Fixtures.NOBODY)) {
            Queue<CompletableFuture<Optional<PeerSession>>> waiting = new ConcurrentLinkedQueue<>();
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                tasks.add(() -> {
                    for (int i = 0; i < 2000; i++) {
                        waiting.add(peers.await("a").toCompletableFuture());
                    }
                    return null;
                });
                tasks.add(() -> {
                    for (int i = 0; i < 2000; i++) {
                        FakeSession session = new FakeSession("s" + i);
                        peers.attach("a", session);
                        session.close(ErrorCode.SESSION_LOST, "");
                    }
                    return null;
                });
            }
            together(tasks);
            FakeSession last = new FakeSession("last");
            peers.attach("a", last);
            assertSame(last, peers.find("a").orElseThrow());
            for (CompletableFuture<Optional<PeerSession>> one : waiting) {
                assertTrue(one.getNow(Optional.empty()).isPresent());
            }
        }
    }
}
