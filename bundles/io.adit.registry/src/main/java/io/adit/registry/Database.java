package io.adit.registry;

import java.sql.Connection;
import java.sql.SQLException;

/** Where the {@link NameStore} keeps its tables: all that differs from one database product to another. */
interface Database {

    /** A new connection; the caller closes it. */
    Connection open() throws SQLException;

    /** Returns when everything that was committed survives the loss of power. */
    void sync(Connection connection) throws SQLException;

    /** Which one it is, for messages; holds no password. */
    @Override
    String toString();
}
