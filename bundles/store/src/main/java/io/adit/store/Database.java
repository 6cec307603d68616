package io.adit.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** Where a {@link Store} has its tables: all that differs from one database product to another. Thread-safe. */
public interface Database {

    /** A new connection, in whatever mode; the caller closes it. */
    Connection open() throws SQLException;

    /** Returns when everything that was committed survives the loss of power. */
    void sync(Connection connection) throws SQLException;

    /** Returns when no other process changes the schema, and none will until {@link #unlock}, or the end of the connection. */
    void lock(Connection connection) throws SQLException;

    /** The end of what {@link #lock} began. */
    void unlock(Connection connection) throws SQLException;

    /** Whether others, in other processes, have it open too. */
    default boolean isShared() {
        return false;
    }

    /** Whether it has grown so much that {@link #open} would make it small again, once nobody else has a connection. */
    default boolean isGrown() throws IOException {
        return false;
    }

    /** Which one it is, for messages; holds no password. */
    @Override
    String toString();
}
