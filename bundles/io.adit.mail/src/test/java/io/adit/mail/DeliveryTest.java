package io.adit.mail;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.adit.mail.Sender.Outcome;
import io.adit.mail.Sender.Result;
import io.adit.store.EmbeddedDatabase;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The queue: attempts, pauses, its end, and that a restart loses and doubles nothing. */
public class DeliveryTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final Fixtures.HandClock clock = new Fixtures.HandClock();
    private final Fixtures.FakeSender sender = new Fixtures.FakeSender();
    private final Options options = Fixtures.options(Map.of());
    private MailStore database;
    private Delivery delivery;

    @Before
    public void open() throws SQLException {
        Path folder = temporary.getRoot().toPath();
        database = Fixtures.database(folder);
        delivery = new Delivery(database, sender, options, clock, () -> 0);
    }

    @After
    public void close() throws SQLException {
        database.close();
    }

    private Letter queue(String address) throws Exception {
        Event event = Fixtures.event(Event.Kind.SHOWN, "x", "en");
        Letter letter = Fixtures.composer(options).compose(List.of(new Event(1, "alice", Recipient.of(address), event.kind(), "x", event.url(), "en", event.at(),
                event.due())), clock.instant());
        database.run(tables -> {
            tables.add(letter);
            return null;
        });
        return letter;
    }

    private Optional<Instant> send() throws SQLException {
        return delivery.send(() -> true);
    }

    @Test
    public void whatIsQueuedGoesOutOnceAndAsItWasMade() throws Exception {
        Letter letter = queue("a@example.org");
        close();
        open();
        assertEquals(Optional.empty(), send());
        assertEquals(1, sender.sent.size());
        assertEquals(letter.id(), sender.sent.get(0).id());
        assertEquals(Fixtures.raw(letter), Fixtures.raw(sender.sent.get(0)));
        clock.pass(Duration.ofDays(1));
        send();
        assertEquals(1, sender.sent.size());
    }

    @Test
    public void aFailureThatMayPassIsTriedAgainWithLongerAndLongerPauses() throws Exception {
        queue("a@example.org");
        sender.next = new Outcome(Result.LATER, "450 greylisted");
        long[] minutes = {1, 2, 4, 8, 16, 32, 60, 60};
        for (long each : minutes) {
            assertEquals(clock.instant().plus(Duration.ofMinutes(each)), send().orElseThrow());
            clock.pass(Duration.ofMinutes(each).minusMillis(1));
            int attempts = sender.attempts;
            send();
            assertEquals("not before", attempts, sender.attempts);
            clock.pass(Duration.ofMillis(1));
        }
        sender.next = new Outcome(Result.SENT, "");
        send();
        assertEquals(1, sender.sent.size());
    }

    @Test
    public void atTheDeadlineItIsGivenUp() throws Exception {
        queue("a@example.org");
        sender.next = new Outcome(Result.LATER, "450 greylisted");
        for (int hour = 0; hour < 48; hour++) {
            send();
            clock.pass(Duration.ofHours(1));
        }
        int attempts = sender.attempts;
        assertTrue("tried until the end: " + attempts, attempts > 40);
        assertEquals(Optional.empty(), send());
        assertEquals(attempts, sender.attempts);
    }

    @Test
    public void aFailureForGoodIsTriedNoMoreAndHoldsNobodyUp() throws Exception {
        queue("a@example.org");
        sender.next = new Outcome(Result.NEVER, "550 no such user");
        assertEquals(Optional.empty(), send());
        queue("b@example.org");
        sender.next = new Outcome(Result.SENT, "");
        send();
        assertEquals(List.of("b@example.org"), sender.sent.stream().map(each -> each.recipient().address()).toList());
        assertEquals(2, sender.attempts);
    }

    @Test
    public void withoutAServerAllWaitAndNoLetterCountsIt() throws Exception {
        for (int i = 0; i < 10; i++) {
            queue(i + "@example.org");
        }
        sender.next = new Outcome(Result.NO_SERVER, "connection refused");
        for (long minutes : new long[] {1, 2, 4, 8}) {
            int attempts = sender.attempts;
            assertEquals(clock.instant().plus(Duration.ofMinutes(minutes)), send().orElseThrow());
            assertEquals("one attempt for all of them", attempts + 1, sender.attempts);
            send();
            assertEquals(attempts + 1, sender.attempts);
            clock.pass(Duration.ofMinutes(minutes));
        }
        assertTrue(delivery.trouble(), delivery.trouble().startsWith("no mail goes out by ") && delivery.trouble().endsWith(" since 4 attempts: connection refused"));
        sender.next = new Outcome(Result.SENT, "");
        send();
        assertEquals("", delivery.trouble());
        assertEquals(10, sender.sent.size());
        assertTrue(sender.sent.stream().allMatch(each -> each.failures() == 0));
    }

    @Test
    public void anAttemptThatNobodySawTheEndOfIsMadeAgainButNotAtOnce() throws Exception {
        Letter letter = queue("a@example.org");
        Sender dying = new Sender() {
            @Override
            public Outcome send(Letter one) {
                throw new IllegalStateException("expected by the test: the process ends here");
            }

            @Override
            public void rest() {
                // nothing is open
            }
        };
        try {
            new Delivery(database, dying, options, clock, () -> 0).send(() -> true);
        } catch (IllegalStateException e) {
            close();
        }
        open();
        assertEquals("another may be on its way still", clock.instant().plus(Duration.ofMinutes(10)), send().orElseThrow());
        assertEquals(0, sender.attempts);
        clock.pass(Duration.ofMinutes(10));
        send();
        assertEquals("with the same Message-ID", letter.id(), sender.sent.get(0).id());
    }

    @Test
    public void itStopsBetweenTwoLetters() throws Exception {
        queue("a@example.org");
        queue("b@example.org");
        delivery.send(() -> sender.attempts == 0);
        assertEquals(1, sender.sent.size());
    }

    @Test
    public void theFileIsMadeSmallAgainAndOnlyItsOwnerReadsIt() throws Exception {
        EmbeddedDatabase file = new EmbeddedDatabase(temporary.getRoot().toPath().resolve("small"), 200_000);
        MailStore small = new MailStore(file);
        try {
            Delivery all = new Delivery(small, sender, options, clock, () -> 0);
            Letter letter = queue("a@example.org");
            long largest = 0;
            for (int i = 0; i < 60; i++) {
                Letter copy = new Letter(i + "@example.org", "alice", letter.recipient(), letter.content(), clock.instant(), clock.instant(), 0);
                small.run(tables -> {
                    tables.add(copy);
                    return null;
                });
                all.send(() -> true);
                largest = Math.max(largest, java.nio.file.Files.size(file.file()));
                small.compact();
            }
            assertTrue("it has grown: " + largest, largest > 200_000);
            assertTrue("and was made small: " + java.nio.file.Files.size(file.file()), java.nio.file.Files.size(file.file()) < largest);
            assertEquals(60L, (long) small.run(tables -> tables.made(Instant.EPOCH)));
            assertEquals("rw-------", java.nio.file.attribute.PosixFilePermissions.toString(java.nio.file.Files.getPosixFilePermissions(file.file())));
        } finally {
            small.close();
        }
    }
}
