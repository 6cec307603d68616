package io.adit.gate;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.Test;

public class GateTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<String> calls = new CopyOnWriteArrayList<>();

    private void pass(Gate<String> gate, String call) {
        gate.pass(service -> calls.add(call + " to " + service), () -> calls.add(call + " refused"));
    }

    @Test
    public void callsWaitForTheServiceAndKeepTheirOrder() {
        Gate<String> gate = new Gate<>(LONG, 10);
        pass(gate, "1");
        pass(gate, "2");
        assertEquals(List.of(), calls);
        gate.open("a");
        pass(gate, "3");
        gate.shut("a");
        pass(gate, "4");
        gate.open("b");
        assertEquals(List.of("1 to a", "2 to a", "3 to a", "4 to b"), calls);
    }

    @Test
    public void oneThatThrowsHoldsUpNobody() {
        Gate<String> gate = new Gate<>(LONG, 10);
        pass(gate, "1");
        gate.pass(service -> {
            throw new LinkageError("broken");
        }, () -> calls.add("never"));
        pass(gate, "3");
        assertEquals("broken", assertThrows(LinkageError.class, () -> gate.open("a")).getMessage());
        gate.shut("a");
        gate.pass(service -> calls.add("never"), () -> {
            throw new IllegalStateException("broken");
        });
        pass(gate, "5");
        assertThrows(IllegalStateException.class, gate::close);
        assertEquals(List.of("1 to a", "3 to a", "5 refused"), calls);
    }

    @Test
    public void aSecondServiceTakesOverWithoutAGap() {
        Gate<String> gate = new Gate<>(LONG, 10);
        gate.open("a");
        gate.open("b");
        gate.shut("a");
        pass(gate, "1");
        gate.shut("unknown");
        pass(gate, "2");
        assertEquals(List.of("1 to b", "2 to b"), calls);
    }

    @Test
    public void whoIsTooManyIsRefused() {
        Gate<String> gate = new Gate<>(LONG, 1);
        pass(gate, "1");
        pass(gate, "2");
        gate.close();
        pass(gate, "3");
        assertEquals(List.of("2 refused", "1 refused", "3 refused"), calls);
    }

    @Test
    public void theWaitIsBoundedFromTheMomentAtWhichTheServiceWent() throws Exception {
        Gate<String> gate = new Gate<>(Duration.ofMillis(50), 10);
        CountDownLatch refused = new CountDownLatch(1);
        gate.pass(service -> calls.add(service), refused::countDown);
        assertTrue(refused.await(60, TimeUnit.SECONDS));
        pass(gate, "late");
        gate.open("a");
        pass(gate, "1");
        assertEquals(List.of("late refused", "1 to a"), calls);
    }

    @Test
    public void shutReturnsWhenNobodyIsInside() throws Exception {
        Gate<String> gate = new Gate<>(LONG, 10);
        gate.open("a");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicBoolean left = new AtomicBoolean();
        AtomicBoolean leftFirst = new AtomicBoolean();
        Thread caller = new Thread(() -> gate.pass(service -> {
            entered.countDown();
            try {
                leave.await(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            left.set(true);
        }, () -> { }));
        caller.start();
        assertTrue(entered.await(60, TimeUnit.SECONDS));
        Thread shutting = new Thread(() -> {
            gate.shut("a");
            leftFirst.set(left.get());
        });
        shutting.start();
        assertFalse(leftFirst.get());
        leave.countDown();
        shutting.join();
        caller.join();
        assertTrue(leftFirst.get());
    }
}
