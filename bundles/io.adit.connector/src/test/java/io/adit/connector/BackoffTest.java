package io.adit.connector;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class BackoffTest {

    @Test
    public void shortPausesAsLongAsARestartTakesThenDoublingOnesUpToTheMaximum() {
        Backoff backoff = new Backoff(1000, 3000, 20_000, () -> 1.0);
        for (long expected : new long[] {1000, 1000, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000}) {
            assertEquals(expected, backoff.next());
        }
        backoff.reset();
        assertEquals("after a session it starts anew", 1000, backoff.next());
    }

    @Test
    public void jitterSpreadsFromAQuarterToTheWholePause() {
        assertEquals(250, new Backoff(1000, 3000, 20_000, () -> 0.0).next());
        assertEquals(1000, new Backoff(1000, 3000, 20_000, () -> 1.0).next());
    }

    @Test
    public void aNoIsAnsweredByTheLongestPause() {
        Backoff backoff = new Backoff(1000, 3000, 20_000, () -> 1.0);
        assertEquals(20_000, backoff.slow());
        assertEquals(20_000, backoff.next());
    }

    @Test
    public void pausesNeverEndTheRetries() {
        Backoff backoff = new Backoff(1000, 30_000, 20_000, Math::random);
        for (int i = 0; i < 10_000; i++) {
            long pause = backoff.next();
            assertTrue(String.valueOf(pause), pause >= 250 && pause <= 20_000);
        }
    }
}
