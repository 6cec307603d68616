package io.adit.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/**
 * A PostgreSQL database, which may be another machine's and have other registration servers. Every wait for it has a deadline. What is committed is on its disk,
 * also where the database or the user is configured otherwise. Thread-safe.
 */
public final class PostgresDatabase implements Database {

    /** What its URLs begin with. */
    public static final String URL = "jdbc:postgresql:";
    /** What no other program locks: "adit" and a version. */
    private static final long LOCK = 0x61646974_00000001L;

    /** Where the driver comes from, each time that a connection is made: it may come and go. */
    public interface Drivers {
        /** @throws SQLException when there is none, with one line */
        Driver driver() throws SQLException;
    }

    /**
     * How long is waited, each rounded up to seconds but the last.
     *
     * @param connect for a connection
     * @param socket for any word of the server
     * @param statement for the end of a statement, which the server then gives up, before {@code socket} gives up the connection
     */
    public record Deadlines(Duration connect, Duration socket, Duration statement) {
    }

    private final String url;
    private final Path passwordFile;
    private final Deadlines deadlines;
    private final Drivers drivers;

    /**
     * @param url with the user and whatever else the driver takes, but for the password
     * @param passwordFile whose first line is the password, read for each connection; null for none
     */
    public PostgresDatabase(String url, Path passwordFile, Deadlines deadlines, Drivers drivers) {
        this.url = url;
        this.passwordFile = passwordFile;
        this.deadlines = deadlines;
        this.drivers = drivers;
    }

    @Override
    public Connection open() throws SQLException {
        Properties properties = new Properties();
        // what is in the URL counts before these
        properties.setProperty("connectTimeout", seconds(deadlines.connect()));
        properties.setProperty("socketTimeout", seconds(deadlines.socket()));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "adit");
        if (passwordFile != null) {
            properties.setProperty("password", password());
        }
        Connection connection = drivers.driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("the driver does not take this URL");
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT set_config('statement_timeout', ?, false), "
                + "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)")) {
            statement.setString(1, Long.toString(deadlines.statement().toMillis()));
            statement.execute();
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private String password() throws SQLException {
        try {
            return Files.readString(passwordFile).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new SQLException("the file of the password cannot be read: " + e, e);
        }
    }

    private static String seconds(Duration time) {
        return Long.toString((time.toMillis() + 999) / 1000);
    }

    /** {@inheritDoc} A commit does not return before. */
    @Override
    public void sync(Connection connection) {
        // see open()
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void lock(Connection connection) throws SQLException {
        execute(connection, "SELECT pg_advisory_lock(" + LOCK + ")");
    }

    @Override
    public void unlock(Connection connection) throws SQLException {
        execute(connection, "SELECT pg_advisory_unlock(" + LOCK + ")");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** {@inheritDoc} Whatever follows the name of the database is left out, since the driver takes secrets there. */
    @Override
    public String toString() {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }
}
