package io.adit.acceptor;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

import io.adit.api.Network;

public class TurnsTest {

    private static final long NEVER = 600_000;
    private static final Network HERE = network("192.0.2.1");
    private static final Network THERE = network("198.51.100.1");

    @Rule
    public Timeout deadline = Timeout.seconds(30);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<String> begun = new ArrayList<>();

    @After
    public void stop() {
        timer.shutdownNow();
    }

    /** One that speaks at once. */
    private Turns.Turn enter(Turns turns, String name) {
        Turns.Turn turn = silent(turns, name, HERE);
        if (turn != null) {
            turn.speaks();
        }
        return turn;
    }

    private Turns.Turn silent(Turns turns, String name, Network network) {
        return turns.enter(network, () -> begun.add(name), () -> begun.add("not " + name));
    }

    private static Network network(String address) {
        try {
            return Network.of(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
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
    public void theirNumbersAreTold() {
        Turns turns = new Turns(3, 1, NEVER, timer);
        enter(turns, "a");
        enter(turns, "b");
        enter(turns, "c");
        assertNull(enter(turns, "d"));
        assertEquals(Map.of("silent", 0.0, "waiting", 2.0, "on", 1.0, "late", 0.0, "turned away", 1.0), turns.metrics().stream()
            .collect(Collectors.toMap(each -> each.labels().getOrDefault("state", "turned away"), each -> each.value())));
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
    public void whoSaysNothingTakesNobodysTurn() {
        Turns turns = new Turns(10, 1, NEVER, timer);
        Turns.Turn silent = silent(turns, "silent", HERE);
        Turns.Turn a = enter(turns, "a");
        assertEquals(List.of("a"), begun);
        silent.speaks();
        silent.speaks();
        a.end();
        assertEquals(List.of("a", "silent"), begun);
    }

    @Test
    public void theNetworkWithTheFewestTurnsIsNext() {
        Turns turns = new Turns(10, 2, NEVER, timer);
        Turns.Turn a = enter(turns, "a");
        enter(turns, "b");
        enter(turns, "c");
        enter(turns, "d");
        silent(turns, "other", THERE).speaks();
        a.end();
        assertEquals(List.of("a", "b", "other"), begun);
    }

    @Test
    public void theLongestSilentOneGoesFirstWhenThereIsNoRoom() {
        Turns turns = new Turns(3, 0, NEVER, timer);
        silent(turns, "first", HERE);
        silent(turns, "second", HERE);
        silent(turns, "third", THERE);
        assertNotNull(silent(turns, "newcomer", THERE));
        assertEquals(List.of("not first"), begun);
    }

    @Test
    public void whoFloodsLosesAPlaceToAnotherNetworkAndNotToItsOwn() {
        Turns turns = new Turns(3, 0, NEVER, timer);
        enter(turns, "a");
        enter(turns, "b");
        enter(turns, "c");
        assertNull(silent(turns, "one more", HERE));
        assertNotNull(silent(turns, "other", THERE));
        assertEquals("the last that came", List.of("not c"), begun);
    }

    @Test
    public void whoSaysNothingIsRefusedInTime() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        Turns turns = new Turns(1, 1, 50, timer);
        turns.enter(HERE, () -> { throw new AssertionError("it said nothing"); }, refused::countDown);
        assertTrue(refused.await(20, TimeUnit.SECONDS));
        assertNotNull("its place is free", silent(turns, "next", HERE));
    }

    @Test
    public void whoWaitsTooLongIsRefusedAndOneThatIsLateKeepsNobodyWaiting() throws Exception {
        Turns turns = new Turns(10, 1, 50, timer);
        CountDownLatch refused = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        // the timer is held until both wait, so that the first is late and the third waited too long
        CountDownLatch hold = new CountDownLatch(1);
        timer.execute(() -> await(hold));
        Turns.Turn first = turns.enter(HERE, () -> { }, () -> { });
        first.speaks();
        turns.enter(HERE, second::countDown, () -> { }).speaks();
        hold.countDown();
        assertTrue("a late one keeps others waiting", second.await(20, TimeUnit.SECONDS));
        first.end();
        Turns full = new Turns(10, 0, 50, timer);
        full.enter(HERE, () -> { throw new AssertionError("there was no turn"); }, refused::countDown).speaks();
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
