package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.adit.api.Quota;
import org.junit.Test;

/** By a clock that the test moves. */
public class QuotasTest {

    private static final int BUSY = 7;
    private static final int KIB = 1024;

    private long now = -5; // nanoTime may be negative, and pass zero

    /** Runs what is due when the test says so. */
    private final class Clock extends ScheduledThreadPoolExecutor {
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private long due;

        Clock() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            assertTrue("one timer for all", tasks.isEmpty());
            tasks.add(task);
            due = now + unit.toNanos(delay);
            return null;
        }

        boolean pass() {
            if (tasks.isEmpty()) {
                return false;
            }
            now = due;
            tasks.remove().run();
            return true;
        }
    }

    private final Clock clock = new Clock();
    private final Quotas quotas = new Quotas(clock, () -> now);

    private Quotas.Answer enter(Quota quota) {
        return quotas.enter("demo", quota, BUSY);
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    public void aNameWithoutAQuotaIsNotEvenRemembered() {
        assertSame(Quotas.Lease.FREE, enter(Quota.UNLIMITED).lease());
        assertSame(enter(Quota.UNLIMITED), enter(Quota.DEFAULTS));
        assertEquals(0, quotas.size());
        assertTrue(Quotas.Lease.FREE.down().ready(null));
        Quotas.Lease.FREE.down().used(1_000_000);
        assertTrue(Quotas.Lease.FREE.down().ready(null));
    }

    @Test
    public void streamsAtATimeAreCountedByName() {
        Quota two = new Quota(2, 0, 0);
        Quotas.Lease first = enter(two).lease();
        assertNotNull(enter(two).lease());
        Quotas.Answer third = enter(two);
        assertNull(third.lease());
        assertEquals(BUSY, third.waitSeconds());
        assertNotNull("another name", quotas.enter("other", two, BUSY).lease());
        first.end();
        first.end();
        assertNotNull(enter(two).lease());
        assertNull("an end counts once", enter(two).lease());
    }

    @Test
    public void theRateAllowsABurstOfOneSecond() {
        Quota rate = new Quota(0, 3, 0);
        for (int i = 0; i < 3; i++) {
            enter(rate).lease().end();
        }
        assertEquals(1, enter(rate).waitSeconds());
        assertNull("what is refused costs nothing", enter(rate).lease());
        pass(334);
        assertNotNull(enter(rate).lease());
        assertNull(enter(rate).lease());
        pass(60_000);
        for (int i = 0; i < 3; i++) {
            assertNotNull(enter(rate).lease());
        }
        assertNull("no more than one second's are kept", enter(rate).lease());
    }

    @Test
    public void aNewQuotaCountsFromTheNextRequestOn() {
        Quota slow = new Quota(1, 1, 0);
        assertNotNull(enter(slow).lease());
        assertNull(enter(slow).lease());
        assertNotNull("more streams and a higher rate", enter(new Quota(2, 100, 0)).lease());
        assertNotNull("no limit any more", enter(Quota.UNLIMITED).lease());
        assertNull("those of before still count", enter(new Quota(2, 100, 0)).lease());
    }

    @Test
    public void namesThatUseNothingAreForgotten() {
        Quotas.Lease lease = enter(new Quota(5, 10, 16 * KIB)).lease();
        quotas.sweep();
        assertEquals(1, quotas.size());
        lease.down().used(16 * KIB);
        lease.end();
        quotas.sweep();
        assertEquals("it has not got its second back", 1, quotas.size());
        pass(1000);
        quotas.sweep();
        assertEquals(0, quotas.size());
    }

    /** As Download does. */
    private final class Reader {
        private final Pacer pacer;
        private final String id;
        private final List<String> log;
        private int left;

        Reader(Pacer pacer, String id, int chunks, List<String> log) {
            this.pacer = pacer;
            this.id = id;
            this.left = chunks;
            this.log = log;
        }

        void next() {
            if (left > 0 && pacer.ready(this::read)) {
                read();
            }
        }

        private void read() {
            pacer.used(16 * KIB);
            left--;
            log.add(id);
            next();
        }
    }

    @Test
    public void bytesPassAtTheBandwidthInTurn() {
        Quotas.Lease lease = enter(new Quota(0, 0, 64 * KIB)).lease();
        List<String> log = new ArrayList<>();
        long begun = now;
        new Reader(lease.down(), "a", 6, log).next();
        assertEquals("a response starts at once", List.of("a"), log);
        new Reader(lease.down(), "b", 6, log).next();
        new Reader(lease.up(), "up", 1, log).next();
        assertEquals("the other way has its own", List.of("a", "up"), log);
        while (clock.pass()) {
            // until all are through
        }
        assertEquals("in turn", "a up a b a b a b a b a b b", String.join(" ", log));
        long bytes = 12L * 16 * KIB;
        long millis = TimeUnit.NANOSECONDS.toMillis(now - begun);
        // the first burst is free, and what was read last is not waited for
        assertEquals((bytes - 2 * 16 * KIB) * 1000.0 / (64 * KIB), millis, 100);
    }

    @Test
    public void whoHasEndedKeepsNobodyUp() {
        Quotas.Lease lease = enter(new Quota(0, 0, 16 * KIB)).lease();
        lease.down().used(16 * KIB);
        List<String> log = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            assertFalse(lease.down().ready(() -> log.add("ended")));
        }
        new Reader(lease.down(), "a", 1, log).next();
        assertTrue(log.isEmpty());
        assertTrue(clock.pass());
        assertEquals(101, log.size());
        assertEquals("a", log.get(100));
        assertFalse(clock.pass());
    }

    @Test
    public void whatWaitsGoesOnWhenTheLimitIsLifted() {
        Quotas.Lease lease = enter(new Quota(0, 0, 16 * KIB)).lease();
        lease.down().used(1 << 20);
        List<String> log = new ArrayList<>();
        new Reader(lease.down(), "a", 50, log).next();
        enter(new Quota(10, 0, 0));
        assertTrue(lease.down().ready(() -> log.add("never")));
        assertTrue(clock.pass());
        assertEquals(50, log.size());
    }

    @Test
    public void anotherLimitIsSeenWithinASecondHoweverLargeTheDebt() {
        Quotas.Lease lease = enter(new Quota(0, 0, 16 * KIB)).lease();
        lease.down().used(1 << 20);
        assertFalse(lease.down().isFree());
        List<String> log = new ArrayList<>();
        new Reader(lease.down(), "a", 1, log).next();
        long begun = now;
        assertTrue(clock.pass());
        assertTrue("too early", log.isEmpty());
        enter(new Quota(10, 0, 0));
        assertTrue(clock.pass());
        assertEquals(1, log.size());
        assertTrue(TimeUnit.NANOSECONDS.toMillis(now - begun) + " ms", now - begun <= TimeUnit.SECONDS.toNanos(2));
        assertTrue(lease.down().isFree());
    }
}
