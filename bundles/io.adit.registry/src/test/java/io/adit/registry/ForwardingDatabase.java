package io.adit.registry;

import java.sql.Connection;
import java.sql.SQLException;

import io.adit.store.Database;

/** Another one, for tests that change a part of what it does. */
abstract class ForwardingDatabase implements Database {

    private final Database real;

    ForwardingDatabase(Database real) {
        this.real = real;
    }

    @Override
    public Connection open() throws SQLException {
        return real.open();
    }

    @Override
    public void sync(Connection connection) throws SQLException {
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
