package io.adit.console;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class LatenciesTest {

    @Test
    public void quantilesOfWhatCameBetween() {
        Latencies latencies = new Latencies();
        latencies.add(3_600_000_000_000L);
        long[] before = latencies.snapshot();
        for (int i = 0; i < 98; i++) {
            latencies.add(5_000_000);
        }
        latencies.add(900_000_000);
        latencies.add(0);
        long[] after = latencies.snapshot();
        assertEquals(5, Latencies.quantile(before, after, 0.5), 0.5);
        assertEquals(5, Latencies.quantile(before, after, 0.99), 0.5);
        assertEquals(900, Latencies.quantile(before, after, 1), 90);
        assertEquals("of nothing", 0, Latencies.quantile(after, after, 0.5), 0);
    }
}
