package io.adit.store;

import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.apache.ibatis.migration.Change;
import org.apache.ibatis.migration.MigrationException;
import org.apache.ibatis.migration.MigrationLoader;
import org.apache.ibatis.migration.operations.ChangelogOperation;
import org.apache.ibatis.migration.operations.UpOperation;
import org.apache.ibatis.migration.options.DatabaseOperationOption;

/**
 * The tables of a {@link Store}, as the changes that made them what they are. Which of them a database has is in a table of its own, kept by MyBatis
 * Migrations; the number of a change is its place in the list. Immutable.
 */
final class Schema {

    private static final String CHANGES = "schema_change";
    /** Where earlier versions kept the numbers of the changes. */
    private static final String BEFORE = "schema_version";

    private final List<Migration> migrations;
    private final DatabaseOperationOption options = new DatabaseOperationOption();

    Schema(List<Migration> migrations) {
        this.migrations = List.copyOf(migrations);
        options.setChangelogTable(CHANGES);
        options.setThrowWarning(false); // what there is already is one
    }

    /**
     * Brings the database up to date. A crash at any moment leaves what the next call completes.
     *
     * @param connection which is not in a transaction; afterwards it is in none, and does not commit by itself
     * @throws SQLException with one line, when it cannot be brought up to date or is of a newer version; the connection is of no use then
     */
    void bring(Database database, Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        int version = version(connection);
        if (version < migrations.size()) {
            database.lock(connection);
            prepare(connection);
            up(connection);
            database.sync(connection);
            database.unlock(connection);
            version = version(connection); // another process may have been faster, and be newer
        }
        connection.commit();
        if (version > migrations.size()) {
            throw new SQLException("its schema has version " + version + ", of a newer Adit; this one knows up to " + migrations.size());
        }
    }

    /** The last change that the database has had; 0 for none. */
    private int version(Connection connection) throws SQLException {
        if (!exists(connection, CHANGES)) {
            return 0;
        }
        List<Change> changes = new ChangelogOperation(connection, options).selectAll();
        return changes.isEmpty() ? 0 : changes.get(changes.size() - 1).getId().intValueExact();
    }

    private void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS " + CHANGES
                    + " (id NUMERIC(20) PRIMARY KEY, applied_at VARCHAR(25) NOT NULL, description VARCHAR(255) NOT NULL)");
            if (version(connection) == 0 && exists(connection, BEFORE)) {
                statement.executeUpdate("INSERT INTO " + CHANGES + " SELECT version, '', 'an earlier version' FROM " + BEFORE);
                connection.commit();
                statement.execute("DROP TABLE " + BEFORE);
            }
        }
        connection.commit();
    }

    private void up(Connection connection) throws SQLException {
        try {
            new UpOperation().operate(() -> keptOpen(connection), new Loader(), options, null);
        } catch (MigrationException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql) {
                    throw sql;
                }
            }
            throw new SQLException("its schema cannot be changed: " + e.getMessage(), e);
        }
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT 1 FROM information_schema.tables WHERE table_schema = CURRENT_SCHEMA AND LOWER(table_name) = ?")) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** The operation closes what it is given, but the lock is the connection's, and so is H2's database while there is no other. */
    private static Connection keptOpen(Connection connection) {
        return (Connection) Proxy.newProxyInstance(Schema.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
            try {
                return method.getName().equals("close") ? null : method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private final class Loader implements MigrationLoader {

        @Override
        public List<Change> getMigrations() {
            List<Change> changes = new ArrayList<>(); // it is sorted in place
            for (int i = 0; i < migrations.size(); i++) {
                changes.add(new Change(BigDecimal.valueOf(i + 1), null, migrations.get(i).description()));
            }
            return changes;
        }

        @Override
        public Reader getScriptReader(Change change, boolean undo) {
            return new StringReader(migrations.get(change.getId().intValueExact() - 1).script());
        }

        @Override
        public Reader getBootstrapReader() {
            return null;
        }

        @Override
        public Reader getOnAbortReader() {
            return null;
        }
    }
}
