package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.adit.api.ErrorCode;
import io.adit.api.PeerSession;
import org.junit.Test;

/**
 * What two threads do at once, in every order: one runs, and at its first, second, third ... call of anything outside of {@link Peers}, its lock among them,
 * the other begins, and goes on until it is done, or waits for the one. So each order that a wrong lock lets happen between two calls does happen, each time.
 */
public class RaceTest {

    /** More than there are within one step. */
    private static final int CALLS = 100;

    /** What {@link Peers} knows and tells, and its sessions: each call of them is one at which the other thread may have come. */
    private static final class World implements AutoCloseable {
        final Meeting meeting;
        final Credentials credentials = Fixtures.admitting("a");
        final List<FakeSession> sessions = new ArrayList<>();
        final List<PeerSession> told = new ArrayList<>();
        final Peers peers;

        World(Meeting meeting) {
            this.meeting = meeting;
            this.peers = new Peers(meeting.hook(KnownNames.class, credentials), new Peers.Limits(Duration.ofMinutes(5), 4, Duration.ofSeconds(30), 64, Duration.ofSeconds(20)),
                    () -> {
                        meeting.met();
                        return System.nanoTime();
                    }, meeting.hook(Peers.Watch.class, Fixtures.NOBODY), meeting.lock());
        }

        /** @return its number */
        int session() {
            sessions.add(new FakeSession("s" + sessions.size()));
            told.add(meeting.hook(PeerSession.class, sessions.get(sessions.size() - 1)));
            return sessions.size() - 1;
        }

        void attach(int session) {
            peers.attach("a", told.get(session));
        }

        void close(int session) {
            told.get(session).close(ErrorCode.SESSION_LOST, "");
        }

        void revoke() {
            credentials.remove("a");
            meeting.met();
            peers.evict("a", ErrorCode.REVOKED);
        }

        /** Who serves, as all say. */
        List<PeerSession> serving() {
            List<PeerSession> all = peers.connected().getOrDefault("a", List.of());
            assertEquals(all.size(), peers.count());
            assertEquals(all, peers.of("a"));
            return all;
        }

        @Override
        public void close() {
            peers.close();
        }
    }

    /** Lets the other thread begin at one call of the first one. */
    private static final class Meeting {
        private final Thread first = Thread.currentThread();
        private final int at;
        private Thread other;
        private Runnable step;
        private int calls;
        private volatile Throwable failure;

        Meeting(int at) {
            this.at = at;
        }

        /** @return whether it came to the call at which the other begins */
        boolean run(Runnable one, Runnable rival) throws InterruptedException {
            step = rival;
            one.run();
            boolean met = other != null;
            step = null;
            if (met) {
                other.join(60_000);
                assertTrue("the other is done", !other.isAlive());
                assertEquals(null, failure);
            }
            return met;
        }

        void met() {
            if (Thread.currentThread() != first || step == null || calls++ != at) {
                return;
            }
            other = new Thread(step, "other");
            other.setDaemon(true);
            other.setUncaughtExceptionHandler((thread, thrown) -> failure = thrown);
            other.start();
            long end = System.nanoTime() + 60_000_000_000L;
            while (other.isAlive() && !waitsForFirst()) {
                assertTrue("done, or waiting", System.nanoTime() < end);
                Thread.yield();
            }
        }

        private boolean waitsForFirst() {
            if (other.getState() == Thread.State.RUNNABLE) {
                return false;
            }
            ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(other.getId());
            return info != null && info.getLockOwnerId() == first.getId();
        }

        /** Taken, and given back, with the other thread perhaps before and after. */
        ReentrantLock lock() {
            return new ReentrantLock() {
                private static final long serialVersionUID = 1L;

                @Override
                public void lock() {
                    met();
                    super.lock();
                }

                @Override
                public void unlock() {
                    super.unlock();
                    met();
                }
            };
        }

        @SuppressWarnings("unchecked")
        <T> T hook(Class<T> type, T real) {
            return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                met();
                if (method.getDeclaringClass() == Object.class) {
                    return switch (method.getName()) {
                        case "equals" -> self == args[0];
                        case "hashCode" -> System.identityHashCode(self);
                        default -> real.toString();
                    };
                }
                try {
                    Object result = method.invoke(real, args);
                    met(); // a look is one thing, and what is done with it another
                    return result;
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
        }
    }

    /**
     * @param before makes the sessions that there are, and what else was
     * @param after what must hold when both are done
     */
    private static void inEveryOrder(Consumer<World> before, Consumer<World> one, Consumer<World> other, Consumer<World> after) throws InterruptedException {
        int meetings = meet(before, one, other, after) + meet(before, other, one, after);
        assertTrue(meetings + " meetings", meetings > 4);
    }

    private static int meet(Consumer<World> before, Consumer<World> one, Consumer<World> other, Consumer<World> after) throws InterruptedException {
        for (int at = 0; at < CALLS; at++) {
            Meeting meeting = new Meeting(at);
            try (World world = new World(meeting)) {
                before.accept(world);
                boolean met = meeting.run(() -> one.accept(world), () -> other.accept(world));
                if (!met) {
                    return at;
                }
                after.accept(world);
            }
        }
        throw new AssertionError("more than " + CALLS + " calls");
    }

    @Test
    public void noSessionOutlivesTheRevocationOfItsName() throws Exception {
        inEveryOrder(World::session, world -> world.attach(0), World::revoke, world -> {
            assertEquals(List.of(), world.serving());
            assertEquals(ErrorCode.REVOKED, world.sessions.get(0).reason());
        });
    }

    @Test
    public void noneThatWasReplacedOutlivesTheRevocationEither() throws Exception {
        inEveryOrder(world -> {
            world.attach(world.session());
            world.session();
        }, world -> world.attach(1), World::revoke, world -> {
            assertEquals(List.of(), world.serving());
            world.sessions.forEach(session -> assertEquals(session.id(), ErrorCode.REVOKED, session.reason()));
        });
    }

    @Test
    public void whoeverWaitsWhileASessionAttachesGetsIt() throws Exception {
        List<CompletionStage<Optional<PeerSession>>> waits = new ArrayList<>();
        inEveryOrder(World::session, world -> world.attach(0), world -> waits.add(world.peers.await("a")), world -> {
            CompletionStage<Optional<PeerSession>> wait = waits.remove(waits.size() - 1);
            assertEquals(Optional.of(world.told.get(0)), wait.toCompletableFuture().getNow(Optional.empty()));
        });
    }

    @Test
    public void whoeverWaitsWhileOneSessionIsLostAndTheNextAttachesIsNotForgotten() throws Exception {
        List<CompletionStage<Optional<PeerSession>>> waits = new ArrayList<>();
        inEveryOrder(world -> {
            world.attach(world.session());
            world.session();
        }, world -> {
            world.close(0);
            world.meeting.met();
            world.attach(1);
        }, world -> waits.add(world.peers.await("a")), world -> {
            CompletionStage<Optional<PeerSession>> wait = waits.remove(waits.size() - 1);
            assertTrue(wait.toCompletableFuture().getNow(Optional.empty()).isPresent());
            assertEquals(List.of(world.told.get(1)), world.serving());
        });
    }

    @Test
    public void ofTwoThatAttachTheLastServesAndTheOtherDrains() throws Exception {
        inEveryOrder(world -> {
            world.session();
            world.session();
        }, world -> world.attach(0), world -> world.attach(1), world -> {
            PeerSession winner = world.peers.find("a").orElseThrow();
            assertEquals(List.of(winner), world.serving());
            for (int i = 0; i < 2; i++) {
                assertEquals(world.told.get(i) == winner ? ErrorCode.NONE : ErrorCode.REPLACED, world.sessions.get(i).drained);
            }
            world.peers.evict("a", ErrorCode.REVOKED);
            world.sessions.forEach(session -> assertEquals("all of the name were known", ErrorCode.REVOKED, session.reason()));
        });
    }

    /** The acceptor does so, when a session registers while the registry is updated. */
    @Test
    public void aSessionThatIsToldOfTwiceServesOnce() throws Exception {
        inEveryOrder(World::session, world -> world.attach(0), world -> world.attach(0), world -> {
            assertEquals(List.of(world.told.get(0)), world.serving());
            assertEquals(ErrorCode.NONE, world.sessions.get(0).drained);
        });
    }

    @Test
    public void theEndOfOneSessionTakesTheNextNotAlong() throws Exception {
        inEveryOrder(world -> {
            world.attach(world.session());
            world.session();
        }, world -> world.close(0), world -> world.attach(1), world -> assertEquals(List.of(world.told.get(1)), world.serving()));
    }

    @Test
    public void aSessionThatEndsWhileItAttachesDoesNotServe() throws Exception {
        inEveryOrder(World::session, world -> world.attach(0), world -> {
            world.close(0);
            world.meeting.met();
        }, world -> assertEquals(List.of(), world.serving()));
    }

    @Test
    public void whoAttachesWhileAllAreSentAwayIsSentAwayToo() throws Exception {
        inEveryOrder(World::session, world -> world.attach(0), world -> world.peers.drainAll(Duration.ofMinutes(1)), world -> {
            FakeSession session = world.sessions.get(0);
            assertTrue(session + " " + world.serving(), session.drained == ErrorCode.SHUTDOWN || session.reason() == ErrorCode.SHUTDOWN);
        });
    }

    @Test
    public void nobodyWaitsForANameThatIsRevokedAtThatMoment() throws Exception {
        List<CompletionStage<Optional<PeerSession>>> waits = new ArrayList<>();
        inEveryOrder(world -> { }, World::revoke, world -> waits.add(world.peers.await("a")), world -> {
            CompletionStage<Optional<PeerSession>> wait = waits.remove(waits.size() - 1);
            assertTrue("answered", wait.toCompletableFuture().isDone());
            assertEquals(Map.of(), world.peers.connected());
        });
    }
}
