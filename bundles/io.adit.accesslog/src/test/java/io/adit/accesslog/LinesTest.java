package io.adit.accesslog;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.adit.api.MetricSource.Metric;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

public class LinesTest {

    @Rule
    public Timeout deadline = Timeout.seconds(30);

    private static String figures(Lines lines) {
        return lines.metrics().stream().map(Metric::value).map(each -> Long.toString(each.longValue())).collect(Collectors.joining(" "));
    }

    @Test
    public void theyComeInOrderAndTheLastOnesWhenItIsClosed() {
        List<String> log = new CopyOnWriteArrayList<>();
        Lines lines = new Lines(1000, log::add);
        for (int i = 0; i < 100; i++) {
            lines.add("line " + i);
        }
        lines.close();
        assertEquals(100, log.size());
        assertEquals("line 99", log.get(99));
        assertEquals("100 0 0", figures(lines));
        lines.add("late");
        assertEquals("100 1 0", figures(lines));
    }

    @Test
    public void aLoggingSystemThatHangsHoldsNobodyUp() throws Exception {
        BlockingQueue<String> log = new LinkedBlockingQueue<>();
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch hold = new CountDownLatch(1);
        Lines lines = new Lines(100, line -> {
            stuck.countDown();
            try {
                hold.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            log.add(line);
        });
        lines.add("first");
        assertTrue(stuck.await(20, TimeUnit.SECONDS));
        for (int i = 0; i < 1000; i++) {
            lines.add("0123456789");
        }
        assertEquals("ten of them may wait", "0 990 100", figures(lines));
        hold.countDown();
        lines.close();
        assertEquals("11 990 0", figures(lines));
        assertEquals(11, log.size());
    }

    @Test
    public void oneThatFailsIsCountedAndTheOthersGoOn() {
        List<String> log = new CopyOnWriteArrayList<>();
        Lines lines = new Lines(100, line -> {
            if (line.equals("bad")) {
                throw new IllegalStateException("an appender's bug");
            }
            log.add(line);
        });
        lines.add("a");
        lines.add("bad");
        lines.add("b");
        lines.close();
        assertEquals(List.of("a", "b"), log);
        assertEquals("2 1 0", figures(lines));
    }
}
