package io.adit.acceptor;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

public class TurnsTest {

    private static final long NEVER = 600_000;

    @Rule
    public Timeout deadline = Timeout.seconds(30);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<String> begun = new ArrayList<>();

    @After
    public void stop() {
        timer.shutdownNow();
    }

    private Turns.Turn enter(Turns turns, String name) {
        return turns.enter(() -> begun.add(name), () -> begun.add("not " + name));
    }

    @Test
    public void aFewAtATimeInTheirOrder() {
        Turns turns = new Turns(10, 2, NEVER, timer);
        Turns.Turn a = enter(turns, "a");
        enter(turns, "b");
        enter(turns, "c");
        enter(turns, "d");
        assertEquals(List.of("a", "b"), begun);
        a.end();
        a.end();
        assertEquals(List.of("a", "b", "c"), begun);
    }

    @Test
    public void whoGoesWhileItWaitsHasNoTurn() {
        Turns turns = new Turns(10, 1, NEVER, timer);
        Turns.Turn a = enter(turns, "a");
        Turns.Turn b = enter(turns, "b");
        enter(turns, "c");
        b.end();
        a.end();
        assertEquals(List.of("a", "c"), begun);
    }

    @Test
    public void oneTooManyIsNotTakenUntilAnotherHasGone() {
        Turns turns = new Turns(2, 1, NEVER, timer);
        Turns.Turn a = enter(turns, "a");
        Turns.Turn b = enter(turns, "b");
        assertNull(enter(turns, "c"));
        b.end();
        assertNotNull(enter(turns, "d"));
        a.end();
        assertEquals(List.of("a", "d"), begun);
    }

    @Test
    public void whoWaitsTooLongIsRefusedAndOneThatIsLateKeepsNobodyWaiting() throws Exception {
        Turns turns = new Turns(10, 1, 50, timer);
        CountDownLatch refused = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        // the timer is held until both wait, so that the first is late and the third waited too long
        CountDownLatch hold = new CountDownLatch(1);
        timer.execute(() -> await(hold));
        Turns.Turn first = turns.enter(() -> { }, () -> { });
        turns.enter(second::countDown, () -> { });
        hold.countDown();
        assertTrue("a late one keeps others waiting", second.await(20, TimeUnit.SECONDS));
        first.end();
        Turns full = new Turns(10, 0, 50, timer);
        full.enter(() -> { throw new AssertionError("there was no turn"); }, refused::countDown);
        assertTrue(refused.await(20, TimeUnit.SECONDS));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
