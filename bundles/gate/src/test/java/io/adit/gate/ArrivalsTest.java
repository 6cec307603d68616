package io.adit.gate;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.Test;

public class ArrivalsTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Arrivals arrivals = new Arrivals();

    @Test
    public void withoutAnEntranceNobodyIsWaitedFor() {
        assertTrue(arrivals.await(LONG));
    }

    @Test
    public void allEntrancesAreWaitedFor() {
        CompletableFuture<Void> second = new CompletableFuture<>();
        arrivals.add(() -> CompletableFuture.completedFuture(null));
        arrivals.add(() -> second);
        assertFalse(arrivals.await(Duration.ofMillis(1)));
        second.complete(null);
        assertTrue(arrivals.await(LONG));
    }

    @Test
    public void anInterruptEndsTheWaitAndIsKept() {
        arrivals.add(CompletableFuture::new);
        Thread.currentThread().interrupt();
        assertFalse(arrivals.await(LONG));
        assertTrue(Thread.interrupted());
    }
}
