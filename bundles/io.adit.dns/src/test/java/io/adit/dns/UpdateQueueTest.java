package io.adit.dns;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.Test;
import org.xbill.DNS.Name;

public class UpdateQueueTest {

    private static final long MILLI = 1_000_000;
    private static final Name A = Fixtures.name("a.tunnel.example");
    private static final Name B = Fixtures.name("b.tunnel.example");
    private static final Name C = Fixtures.name("c.tunnel.example");
    private static final List<InetAddress> ONE = Fixtures.addresses("192.0.2.1");
    private static final List<InetAddress> TWO = Fixtures.addresses("192.0.2.2");

    private final UpdateQueue queue = new UpdateQueue(new UpdateQueue.Limits(2, Duration.ofMillis(100), Duration.ofMillis(1000)), () -> 0);

    @Test
    public void ofEachNameOnlyTheLastWordIsKept() {
        assertTrue(queue.put(A, ONE, 0));
        assertTrue(queue.put(B, ONE, 0));
        assertTrue(queue.put(A, List.of(), 0));
        assertTrue(queue.put(A, TWO, 0));
        assertEquals(2, queue.size());
        assertEquals(TWO, queue.take(0).orElseThrow().addresses());
        assertEquals(B, queue.take(0).orElseThrow().host());
        assertEquals(Optional.empty(), queue.take(0));
        assertEquals(Optional.empty(), queue.delay(0));
    }

    @Test
    public void theQueueIsBounded() {
        queue.put(A, ONE, 0);
        queue.put(B, ONE, 0);
        assertFalse(queue.put(C, ONE, 0));
        assertTrue("a new word on a name that waits", queue.put(A, TWO, 0));
        assertEquals(2, queue.size());
    }

    @Test
    public void whatIsRefusedWaitsLongerEachTimeAndHoldsUpNobody() {
        queue.put(A, ONE, 0);
        long now = 0;
        for (long pause : new long[] {100, 200, 400, 800, 1000, 1000}) {
            UpdateQueue.Wish wish = queue.take(now).orElseThrow();
            queue.refused(wish, now);
            assertEquals(Optional.of(pause * MILLI), queue.delay(now));
            assertEquals(Optional.empty(), queue.take(now + pause * MILLI - 1));
            now += pause * MILLI;
        }
        queue.put(B, ONE, now);
        queue.refused(queue.take(now).orElseThrow(), now);
        assertEquals(B, queue.take(now).orElseThrow().host());
    }

    @Test
    public void aNewerWordGoesBeforeAFailedOne() {
        queue.put(A, ONE, 0);
        UpdateQueue.Wish wish = queue.take(0).orElseThrow();
        queue.put(A, TWO, 1);
        queue.refused(wish, 2);
        assertEquals(TWO, queue.take(2).orElseThrow().addresses());
        assertEquals(0, queue.size());
    }

    @Test
    public void whileTheServerIsAwayNothingIsTriedAndAfterwardsAllAtOnce() {
        queue.put(A, ONE, 0);
        queue.put(B, ONE, 0);
        queue.unreachable(queue.take(0).orElseThrow(), 0);
        assertEquals(Optional.empty(), queue.take(99 * MILLI));
        assertEquals(Optional.of(100 * MILLI), queue.delay(0));
        queue.unreachable(queue.take(100 * MILLI).orElseThrow(), 100 * MILLI);
        assertEquals(Optional.of(200 * MILLI), queue.delay(100 * MILLI));
        assertTrue(queue.put(A, TWO, 200 * MILLI));
        assertEquals("a new word does not shorten the pause", Optional.empty(), queue.take(200 * MILLI));
        assertTrue(queue.take(300 * MILLI).isPresent());
        queue.reached();
        assertTrue(queue.take(300 * MILLI).isPresent());
        assertEquals(0, queue.size());
    }
}
