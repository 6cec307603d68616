package io.adit.registry;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Opens what a configuration names. Where that fails, Declarative Services asks again for each of the component's clients, a dozen or two in a row: these are told
 * what the first was told, without another attempt, which may take as long as a database that does not answer. Thread-safe.
 */
final class Openings {

    /** More than the clients need to ask, and less than somebody who mends something. */
    private static final long SAME_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier clock;
    private volatile Failure last;

    /** @param at when the attempt ended, by the clock */
    private record Failure(String what, String message, long at) {
    }

    /** Without a trace of its own: Declarative Services writes it to the log for each client. */
    private static final class UnopenedException extends IllegalStateException {

        private static final long serialVersionUID = 1L;

        UnopenedException(String message) {
            super(message);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /** @param clock of nanoseconds */
    Openings(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * @param what is opened
     * @throws IllegalStateException what the opening threw, or the one before a moment ago, without its trace
     */
    <T> T open(String what, Supplier<T> opening) {
        Failure before = last;
        if (before != null && before.what().equals(what) && clock.getAsLong() - before.at() < SAME_NANOS) {
            throw new UnopenedException(before.message());
        }
        try {
            return opening.get();
        } catch (IllegalStateException e) {
            last = new Failure(what, e.getMessage(), clock.getAsLong());
            throw new UnopenedException(e.getMessage());
        }
    }
}
