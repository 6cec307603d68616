package io.adit.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Tables in a {@link Database}, over one connection, which is made anew after a failure. What {@link #run} did is committed and on the disk when it returns. A
 * transaction that fails did nothing, or, when the failure came between the commit and its answer, all: to repeat it puts that right.
 *
 * <p>Thread-safety: thread-safe; one transaction at a time, and each waits for the database.
 */
public final class Store implements AutoCloseable {

    /** What is done in one transaction. */
    public interface Work<T> {
        T with(Transaction transaction) throws SQLException;
    }

    private final Database database;
    private final Schema schema;
    private Connection connection;
    private boolean closed;

    /**
     * @param migrations what each version of the schema adds to the one before; to add one is to append one
     * @throws SQLException when the database cannot be opened, or is of a newer version; the message is one line
     */
    public Store(Database database, List<Migration> migrations) throws SQLException {
        this.database = database;
        this.schema = new Schema(migrations);
        connection();
    }

    /** One transaction; what it wrote survives the loss of power when this returns. */
    public synchronized <T> T run(Work<T> work) throws SQLException {
        return run(work, true);
    }

    /** One transaction; what it wrote survives the end of this process, but need not survive the loss of power. */
    public synchronized <T> T runUnsynced(Work<T> work) throws SQLException {
        return run(work, false);
    }

    private <T> T run(Work<T> work, boolean sync) throws SQLException {
        Connection open = connection();
        try {
            Transaction transaction = new Transaction(open);
            T result = work.with(transaction);
            open.commit();
            if (sync && transaction.isChanged()) {
                database.sync(open);
            }
            return result;
        } catch (SQLException | RuntimeException e) {
            abandon(open, e);
            throw e;
        }
    }

    /** Makes the database small again where it has grown. */
    public synchronized void compact() throws SQLException {
        try {
            if (closed || !database.isGrown()) {
                return;
            }
        } catch (IOException e) {
            throw new SQLException("the size of " + database + " cannot be found out: " + e, e);
        }
        disconnect();
        connection();
    }

    @Override
    public synchronized void close() throws SQLException {
        closed = true;
        disconnect();
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
