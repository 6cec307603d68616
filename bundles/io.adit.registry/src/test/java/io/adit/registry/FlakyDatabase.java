package io.adit.registry;

import java.sql.Connection;
import java.sql.SQLException;

import io.adit.store.Database;

/** A disk that fails when it is told to. */
final class FlakyDatabase extends ForwardingDatabase {
    boolean failing;
    int syncs;

    FlakyDatabase(Database real) {
        super(real);
    }

    @Override
    public void sync(Connection connection) throws SQLException {
        if (failing) {
            throw new SQLException("no space left on the device");
        }
        syncs++;
        super.sync(connection);
    }
}
