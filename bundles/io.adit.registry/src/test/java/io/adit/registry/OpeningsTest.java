package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.Test;

/** What cannot be opened is tried once for all who ask in a row. */
public class OpeningsTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);
    private final AtomicInteger attempts = new AtomicInteger();
    private final Openings openings = new Openings(now::get);

    private String fail() {
        throw new IllegalStateException("attempt " + attempts.incrementAndGet());
    }

    private String failure(String what) {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> openings.open(what, this::fail));
        assertEquals("a line in the log, no trace", 0, e.getStackTrace().length);
        return e.getMessage();
    }

    @Test
    public void whoAsksRightAfterAFailureIsToldOfThat() {
        assertEquals("attempt 1", failure("a"));
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
        assertEquals("attempt 1", failure("a"));
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        assertEquals("attempt 2", failure("a"));
        assertEquals("something else", "attempt 3", failure("b"));
        assertEquals("opened", openings.open("c", () -> "opened"));
        assertEquals(3, attempts.get());
    }
}
