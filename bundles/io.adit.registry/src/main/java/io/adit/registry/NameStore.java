package io.adit.registry;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.adit.api.Proof.Verifier;

/**
 * The names and the verifiers of their secrets in a relational database, in SQL that H2 and PostgreSQL both understand. A write is
 * committed and on the disk when its method returns. A write that fails may have happened or not (the disk can fail between the commit
 * and its answer): to repeat it puts that right, on a new connection. No secret ever gets here.
 *
 * <p>Thread-safety: thread-safe; one statement at a time, and every method waits for the disk.
 */
final class NameStore implements AutoCloseable {

    /**
     * What each version of the schema adds to the one before. Never change a line that was released: append. Each statement must be
     * repeatable, since a crash can come between it and the row that says that it was done (H2 commits after every DDL statement).
     */
    private static final List<List<String>> MIGRATIONS = List.of(
            List.of("CREATE TABLE IF NOT EXISTS peer_name (name VARCHAR(63) PRIMARY KEY, stored_key CHAR(64) NOT NULL, "
                    + "server_key CHAR(64) NOT NULL, invited TIMESTAMP WITH TIME ZONE NOT NULL)"),
            // whom the invitation is for, and the proxy that the name was assigned to: null for none, empty for the registration server itself
            List.of("ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS kind VARCHAR(8) DEFAULT 'peer' NOT NULL",
                    "ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS proxy VARCHAR(63)"));

    private final Database database;
    private Connection connection;
    private boolean closed;

    /** @throws SQLException when the database cannot be opened, or is of a newer version of this bundle; the message is one line */
    NameStore(Database database) throws SQLException {
        this.database = database;
        connection();
    }

    /** All names. */
    synchronized Map<String, Credential> load() throws SQLException {
        Map<String, Credential> all = new TreeMap<>();
        try (Statement statement = connection().createStatement();
                ResultSet rows = statement.executeQuery("SELECT name, stored_key, server_key, invited, kind, proxy FROM peer_name")) {
            while (rows.next()) {
                Verifier verifier = new Verifier(HexFormat.of().parseHex(rows.getString(2)), HexFormat.of().parseHex(rows.getString(3)));
                all.put(rows.getString(1), new Credential(Kind.of(rows.getString(5)), verifier,
                        rows.getObject(4, OffsetDateTime.class).toInstant(), true, rows.getString(6)));
            }
        }
        connection.commit();
        return all;
    }

    /** Adds the name, or replaces what it had. */
    synchronized void put(String name, Credential credential) throws SQLException {
        write(open -> {
            if (write(open, "UPDATE peer_name SET stored_key = ?, server_key = ?, invited = ?, kind = ?, proxy = ? WHERE name = ?", name, credential) == 0) {
                write(open, "INSERT INTO peer_name (stored_key, server_key, invited, kind, proxy, name) VALUES (?, ?, ?, ?, ?, ?)", name, credential);
            }
        });
    }

    /** Which proxy the name was assigned to; it need not survive the loss of power, since the next registration is assigned anew then. */
    synchronized void assign(String name, String proxy) throws SQLException {
        Connection open = connection();
        try (PreparedStatement statement = open.prepareStatement("UPDATE peer_name SET proxy = ? WHERE name = ?")) {
            statement.setString(1, proxy);
            statement.setString(2, name);
            statement.executeUpdate();
            open.commit();
        } catch (SQLException e) {
            abandon(open, e);
            throw e;
        }
    }

    /** Nothing happens when there is no such name. */
    synchronized void remove(String name) throws SQLException {
        write(open -> {
            try (PreparedStatement statement = open.prepareStatement("DELETE FROM peer_name WHERE name = ?")) {
                statement.setString(1, name);
                statement.executeUpdate();
            }
        });
    }

    @Override
    public synchronized void close() throws SQLException {
        closed = true;
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    private void write(Work work) throws SQLException {
        Connection open = connection();
        try {
            work.on(open);
            open.commit();
            database.sync(open);
        } catch (SQLException e) {
            abandon(open, e);
            throw e;
        }
    }

    private static int write(Connection open, String sql, String name, Credential credential) throws SQLException {
        try (PreparedStatement statement = open.prepareStatement(sql)) {
            statement.setString(1, HexFormat.of().formatHex(credential.verifier().storedKey()));
            statement.setString(2, HexFormat.of().formatHex(credential.verifier().serverKey()));
            statement.setObject(3, OffsetDateTime.ofInstant(credential.invited(), ZoneOffset.UTC));
            statement.setString(4, credential.kind().text());
            statement.setString(5, credential.proxy());
            statement.setString(6, name);
            return statement.executeUpdate();
        }
    }

    private Connection connection() throws SQLException {
        if (closed) {
            throw new SQLException("the store is closed");
        }
        if (connection == null) {
            Connection open = database.open();
            try {
                migrate(open);
                connection = open;
            } catch (SQLException e) {
                abandon(open, e);
                throw e;
            }
        }
        return connection;
    }

    private void migrate(Connection open) throws SQLException {
        open.setAutoCommit(false);
        try (Statement statement = open.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)");
            int version;
            try (ResultSet row = statement.executeQuery("SELECT COALESCE(MAX(version), 0) FROM schema_version")) {
                row.next();
                version = row.getInt(1);
            }
            if (version > MIGRATIONS.size()) {
                throw new SQLException("its schema has version " + version + ", of a newer Adit; this one knows up to " + MIGRATIONS.size());
            }
            for (; version < MIGRATIONS.size(); version++) {
                for (String sql : MIGRATIONS.get(version)) {
                    statement.execute(sql);
                }
                statement.executeUpdate("INSERT INTO schema_version (version) VALUES (" + (version + 1) + ")");
                open.commit();
            }
        }
        open.commit();
        database.sync(open);
    }

    /** After a failure nobody knows what state the connection is in: closing it rolls back. */
    private void abandon(Connection open, SQLException cause) {
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
