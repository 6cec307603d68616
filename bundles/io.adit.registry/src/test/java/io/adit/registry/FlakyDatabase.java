package io.adit.registry;

import java.sql.Connection;
import java.sql.SQLException;

import io.adit.store.Database;

/** A disk that fails when it is told to. */
final class FlakyDatabase implements Database {
    private final Database real;
    boolean failing;
    int syncs;

    FlakyDatabase(Database real) {
        this.real = real;
    }

    @Override
    public Connection open() throws SQLException {
        return real.open();
    }

    @Override
    public void sync(Connection connection) throws SQLException {
        if (failing) {
            throw new SQLException("no space left on the device");
        }
        syncs++;
        real.sync(connection);
    }

    @Override
    public void lock(Connection connection) throws SQLException {
        real.lock(connection);
    }

    @Override
    public void unlock(Connection connection) throws SQLException {
        real.unlock(connection);
    }
}
