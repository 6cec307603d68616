package io.adit.webhook;

import static org.junit.Assert.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.junit.Test;

/** By a clock of its own, in nanoseconds; the pauses are 100, 200, 400 and then 500 ns. */
public class BacklogTest {

    private final Backlog backlog = new Backlog(3, Duration.ofNanos(100), Duration.ofNanos(500), () -> 0);

    private static Event event(String name) {
        return Event.of(Event.Kind.ONLINE, name, "", Instant.EPOCH);
    }

    @Test
    public void theOldestComesFirstAndANewerOneOfItsNameTakesItsPlace() {
        Event first = event("a");
        Event newer = event("a");
        Event other = event("b");
        backlog.put(first, 0);
        backlog.put(other, 0);
        backlog.put(newer, 0);
        assertEquals(Optional.of(other), backlog.due(0));
        backlog.done(other);
        assertEquals(Optional.of(newer), backlog.due(0));
        backlog.done(first);
        assertEquals("not the one that waits", Optional.of(newer), backlog.due(0));
        backlog.done(newer);
        assertEquals(Optional.empty(), backlog.delay(0));
    }

    @Test
    public void theOldestGivesWay() {
        Event oldest = event("a");
        assertEquals(Optional.empty(), backlog.put(oldest, 0));
        backlog.put(event("b"), 0);
        backlog.put(event("c"), 0);
        assertEquals(Optional.of(oldest), backlog.put(event("d"), 0));
    }

    @Test
    public void oneThatFailsWaitsByItselfAndTheOthersForTheFirstPauseOnly() {
        Event poison = event("poison");
        Event good = event("good");
        backlog.put(poison, 0);
        assertEquals(1, backlog.failed(poison, 0));
        assertEquals(Optional.of(100L), backlog.delay(0));
        assertEquals(2, backlog.failed(poison, 100));
        assertEquals(3, backlog.failed(poison, 300));
        assertEquals(4, backlog.failed(poison, 700));
        assertEquals("as long as a pause may be", Optional.of(500L), backlog.delay(700));
        backlog.put(good, 710);
        assertEquals(Optional.of(good), backlog.due(710));
        backlog.done(good);
        assertEquals(Optional.empty(), backlog.due(1199));
        assertEquals(Optional.of(poison), backlog.due(1200));
    }

    @Test
    public void aServerThatIsAwayIsAskedLessAndLess() {
        Event a = event("a");
        Event b = event("b");
        Event c = event("c");
        backlog.put(a, 0);
        backlog.put(b, 0);
        backlog.put(c, 0);
        backlog.failed(a, 0);
        assertEquals(Optional.empty(), backlog.due(99));
        assertEquals(Optional.of(b), backlog.due(100));
        backlog.failed(b, 100);
        assertEquals(Optional.empty(), backlog.due(299));
        assertEquals(Optional.of(c), backlog.due(300));
        backlog.failed(c, 300);
        assertEquals("all of them", Optional.of(400L), backlog.delay(300));
        assertEquals(Optional.of(a), backlog.due(700));
        backlog.done(a);
        assertEquals("and it is back", Optional.of(b), backlog.due(700));
    }

    @Test
    public void aFailureOfWhatIsNotTheNewestChangesNothing() {
        Event old = event("a");
        Event newer = event("a");
        backlog.put(old, 0);
        backlog.put(newer, 0);
        assertEquals(0, backlog.failed(old, 0));
        assertEquals(Optional.of(newer), backlog.due(100));
        backlog.remove(old);
        assertEquals(Optional.of(newer), backlog.due(100));
        backlog.remove(newer);
        assertEquals(Optional.empty(), backlog.due(100));
    }
}
