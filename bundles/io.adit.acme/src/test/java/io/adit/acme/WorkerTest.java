package io.adit.acme;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class WorkerTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<Thread> thread = new AtomicReference<>();

    @Test
    public void itAsksOnlyWhileThePublicPortServesAndStopsInTheMiddle() throws Exception {
        Worker worker = worker();
        assertEquals(0, asked.get());
        worker.serving(true);
        assertTrue(begun.await(60, TimeUnit.SECONDS));
        assertTrue(thread.get().isDaemon());
        assertEquals("adit-acme", thread.get().getName());
        worker.close();
        assertTrue("interrupted", ended.await(60, TimeUnit.SECONDS));
        thread.get().join(60_000);
        assertFalse(thread.get().isAlive());
        assertEquals(1, asked.get());
    }

    @Test
    public void itStopsBeforeItEverWorkedAndStaysSo() {
        Worker worker = worker();
        worker.close();
        worker.serving(true);
        assertEquals(0, asked.get());
    }

    private Worker worker() {
        Options options = Config.options(temporary.getRoot().toPath(), Map.of());
        Clock clock = Clock.systemUTC();
        return new Worker(new Keeper(options, new CertificateFolder(options.certificates(), options.renewBefore(), clock), domain -> {
            asked.incrementAndGet();
            thread.set(Thread.currentThread());
            begun.countDown();
            try {
                new CountDownLatch(1).await(60, TimeUnit.SECONDS);
                throw new AssertionError("was not interrupted");
            } finally {
                ended.countDown();
            }
        }, clock, () -> 0, Optional::empty), clock);
    }
}
