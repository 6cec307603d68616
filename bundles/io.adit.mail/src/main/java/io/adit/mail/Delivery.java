package io.adit.mail;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the letters that wait. A letter goes to the server at least once: it is removed when the server has it. While an attempt runs it is not due, for
 * longer than an attempt can take, so that an attempt that outlives this bundle, or this process, is not made twice at the same time. Where
 * a server took a letter and we do not know it, it is sent again with the same Message-ID.
 *
 * <p>Thread-safety: one thread.
 */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final int ROUND = 100;
    /** Of the time-out of one read or write: longer than an attempt is let be. */
    private static final int LEASE = 20;

    private final MailStore database;
    private final Sender sender;
    private final Options options;
    private final Clock clock;
    private final DoubleSupplier random;
    private int serverFailures;
    private volatile String trouble = "";
    private Instant serverDue = Instant.EPOCH;

    /** @param random 0 to 1 */
    Delivery(MailStore database, Sender sender, Options options, Clock clock, DoubleSupplier random) {
        this.database = database;
        this.sender = sender;
        this.options = options;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Sends what is due, for as long as that is wanted.
     *
     * @return when there will be more to do; empty for never
     */
    Optional<Instant> send(BooleanSupplier wanted) throws SQLException {
        giveUp();
        Instant farthest = clock.instant().plus(options.retry().most().multipliedBy(2));
        if (serverDue.isAfter(farthest)) {
            serverDue = farthest; // the clock was set back
        }
        try {
            for (int sent = 0; sent < ROUND && wanted.getAsBoolean() && !serverDue.isAfter(clock.instant()); sent++) {
                Optional<Letter> letter = lease();
                if (letter.isEmpty()) {
                    break;
                }
                attempt(letter.get());
            }
        } finally {
            sender.rest();
        }
        return database.run(Tables::nextLetter).map(time -> time.isBefore(serverDue) ? serverDue : time);
    }

    private Optional<Letter> lease() throws SQLException {
        return database.run(tables -> {
            Optional<Letter> letter = tables.dueLetter(clock.instant());
            if (letter.isPresent()) {
                Duration lease = options.smtp().timeout().multipliedBy(LEASE);
                tables.postpone(letter.get(), clock.instant().plus(lease), letter.get().failures());
            }
            return letter;
        });
    }

    private void attempt(Letter letter) throws SQLException {
        Sender.Outcome outcome = sender.send(letter);
        Instant now = clock.instant();
        switch (outcome.result()) {
            case SENT -> {
                remove(letter);
                LOG.info("mail sent name={} to={} id={} attempt={}", letter.name(), letter.recipient().domain(), letter.id(), letter.failures() + 1);
            }
            case NEVER -> {
                remove(letter);
                LOG.warn("mail refused name={} to={} id={} reason={}", letter.name(), letter.recipient().domain(), letter.id(), outcome.reason());
            }
            case LATER -> {
                Instant next = now.plus(options.retry().pause(letter.failures() + 1, random.getAsDouble()));
                postpone(letter, next, letter.failures() + 1);
                LOG.info("mail later name={} to={} id={} attempt={} reason={} next={}", letter.name(), letter.recipient().domain(), letter.id(),
                        letter.failures() + 1, outcome.reason(), next);
            }
            case NO_SERVER -> {
                postpone(letter, now, letter.failures());
                serverFailures++;
                serverDue = now.plus(options.retry().pause(serverFailures, random.getAsDouble()));
                trouble = "no mail goes out by " + options.smtp() + " since " + serverFailures + " attempts: " + outcome.reason();
                LOG.warn("no mail goes out server={} reason={} failures={} next={}", options.smtp(), outcome.reason(), serverFailures, serverDue);
                return;
            }
        }
        serverFailures = 0;
        trouble = "";
    }

    /** What is wrong with the mail server, one line; empty when nothing is. Asked by any thread. */
    String trouble() {
        return trouble;
    }

    private void remove(Letter letter) throws SQLException {
        database.run(tables -> {
            tables.remove(letter);
            return null;
        });
    }

    private void postpone(Letter letter, Instant due, int failures) throws SQLException {
        database.run(tables -> tables.postpone(letter, due, failures));
    }

    private void giveUp() throws SQLException {
        Instant oldest = clock.instant().minus(options.retry().giveUp());
        for (Letter letter : database.run(tables -> tables.lettersBefore(oldest))) {
            remove(letter);
            LOG.warn("mail given up name={} to={} id={} attempts={} reason=give.up.hours", letter.name(), letter.recipient().domain(), letter.id(),
                    letter.failures());
        }
    }
}
