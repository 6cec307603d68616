package io.adit.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tables in a {@link Database}, over one connection, which is made anew after a failure. What {@link #run} did is committed and on the disk when it returns. A
 * transaction that fails did nothing, or, when the failure came between the commit and its answer, all: to repeat it puts that right.
 *
 * <p>Thread-safety: thread-safe; one transaction at a time, in the order in which they came, and each waits for the database.
 */
public final class Store implements AutoCloseable {

    /** What is done in one transaction. It may be done again, in another one, when the connection was lost meanwhile. */
    public interface Work<T> {
        T with(Transaction transaction) throws SQLException;
    }

    /** How long {@link #runPromptly} waits for the transaction before it. */
    private static final Duration PROMPT = Duration.ofMillis(250);

    private final Database database;
    private final Schema schema;
    private final Duration prompt;
    /** In turn: whoever makes one transaction after the other would have it again before one that waits, and has a deadline, has woken up. */
    private final ReentrantLock lock = new ReentrantLock(true);
    // guarded by lock
    private Connection connection;
    private boolean closed;
    /** Why the last transaction failed; null when it did not. */
    private volatile SQLException failure;

    /**
     * @param migrations what each version of the schema adds to the one before; to add one is to append one
     * @throws SQLException when the database cannot be opened, or is of a newer version; the message is one line
     */
    public Store(Database database, List<Migration> migrations) throws SQLException {
        this(database, migrations, PROMPT);
    }

    /** @param prompt how long {@link #runPromptly} waits for its turn */
    Store(Database database, List<Migration> migrations, Duration prompt) throws SQLException {
        this.database = database;
        this.schema = new Schema(migrations);
        this.prompt = prompt;
        connection();
    }

    /** One transaction; what it wrote survives the loss of power when this returns. */
    public <T> T run(Work<T> work) throws SQLException {
        lock.lock();
        try {
            return run(work, true);
        } finally {
            lock.unlock();
        }
    }

    /** One transaction; what it wrote survives the end of this process, but need not survive the loss of power. */
    public <T> T runUnsynced(Work<T> work) throws SQLException {
        lock.lock();
        try {
            return run(work, false);
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@link #runUnsynced} for threads that others wait for: it fails at once while the database is away, which is until a transaction of the others succeeds,
     * and soon when the one before takes long. Others that come later do not go before it.
     */
    public <T> T runPromptly(Work<T> work) throws SQLException {
        SQLException before = failure;
        if (before != null) {
            throw new SQLException(before.getMessage(), before.getSQLState(), before);
        }
        try {
            if (!lock.tryLock(prompt.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SQLException("it is slow");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
        try {
            return run(work, false);
        } finally {
            lock.unlock();
        }
    }

    private <T> T run(Work<T> work, boolean sync) throws SQLException {
        boolean kept = connection != null;
        try {
            return attempt(work, sync);
        } catch (SQLException e) {
            if (!kept || closed || !isConnectionLost(e)) {
                throw e;
            }
            return attempt(work, sync); // the server was restarted, or gave up an idle connection
        }
    }

    private static boolean isConnectionLost(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") || state.startsWith("57P");
    }

    private <T> T attempt(Work<T> work, boolean sync) throws SQLException {
        Connection open = null;
        try {
            open = connection();
            Transaction transaction = new Transaction(open);
            T result = work.with(transaction);
            open.commit();
            if (sync && transaction.isChanged()) {
                database.sync(open);
            }
            failure = null;
            return result;
        } catch (SQLException | RuntimeException e) {
            if (open != null) {
                abandon(open, e);
            }
            failure = e instanceof SQLException sql ? sql : failure;
            throw e;
        }
    }

    /** Why the last transaction failed, one line; empty when it did not. */
    public Optional<String> failure() {
        SQLException last = failure;
        return last == null ? Optional.empty() : Optional.of(String.valueOf(last.getMessage()).replaceAll("\\s+", " "));
    }

    /** Makes the database small again where it has grown. */
    public void compact() throws SQLException {
        lock.lock();
        try {
            if (!closed && database.isGrown()) {
                disconnect();
                connection();
            }
        } catch (IOException e) {
            throw new SQLException("the size of " + database + " cannot be found out: " + e, e);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the transaction that is under way. */
    @Override
    public void close() throws SQLException {
        lock.lock();
        try {
            closed = true;
            disconnect();
        } finally {
            lock.unlock();
        }
    }

    private void disconnect() throws SQLException {
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    private Connection connection() throws SQLException {
        if (closed) {
            throw new SQLException("the store is closed");
        }
        if (connection == null) {
            Connection open = database.open();
            try {
                schema.bring(database, open);
                connection = open;
            } catch (SQLException | RuntimeException e) {
                abandon(open, e);
                throw e;
            }
        }
        return connection;
    }

    /** After a failure nobody knows what state the connection is in: closing it rolls back. */
    private void abandon(Connection open, Exception cause) {
        connection = null;
        try {
            open.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
        try {
            open.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }
}
