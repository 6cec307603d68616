package io.adit.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** Several threads that have transactions in one store. */
public class StoreTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();
    @Rule
    public final Timeout deadline = Timeout.seconds(120);

    private Store store(Duration prompt) throws SQLException {
        return new Store(new EmbeddedDatabase(folder.getRoot().toPath().resolve("things"), 1 << 20), List.of(), prompt);
    }

    private static int one(Transaction transaction) throws SQLException {
        return transaction.first("SELECT 1", row -> row.getInt(1)).orElseThrow();
    }

    private static CompletableFuture<Integer> inAThread(Callable<Integer> work) {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        new Thread(() -> {
            try {
                result.complete(work.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        }).start();
        return result;
    }

    /** The second transaction of the other thread does not end before this one is over, so who waits for both waits in vain. */
    @Test
    public void whoWaitsComesBeforeAnotherTransactionOfTheOneThatWasBefore() throws Exception {
        try (Store store = store(Duration.ofSeconds(20))) {
            for (int round = 0; round < 50; round++) { // without turns, one that wakes up quickly enough would still get through
                List<CompletableFuture<Integer>> prompt = new ArrayList<>();
                store.run(transaction -> {
                    CompletableFuture<Thread> waiting = new CompletableFuture<>();
                    prompt.add(inAThread(() -> {
                        waiting.complete(Thread.currentThread());
                        return store.runPromptly(StoreTest::one);
                    }));
                    while (waiting.join().getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait();
                    }
                    return one(transaction);
                });
                store.run(transaction -> {
                    prompt.get(0).handle((result, failure) -> null).join();
                    return one(transaction);
                });
                assertEquals(1, (int) prompt.get(0).get());
            }
        }
    }

    @Test
    public void whoCannotWaitIsToldThatItIsSlow() throws Exception {
        try (Store store = store(Duration.ofMillis(20))) {
            CompletableFuture<Void> begun = new CompletableFuture<>();
            CompletableFuture<Void> over = new CompletableFuture<>();
            CompletableFuture<Integer> slow = inAThread(() -> store.run(transaction -> {
                begun.complete(null);
                over.join();
                return one(transaction);
            }));
            begun.get();
            try {
                assertEquals("it is slow", assertThrows(SQLException.class, () -> store.runPromptly(StoreTest::one)).getMessage());
            } finally {
                over.complete(null);
            }
            assertEquals(1, (int) slow.get());
            assertEquals("that was no failure of the database", Optional.empty(), store.failure());
        }
    }
}
