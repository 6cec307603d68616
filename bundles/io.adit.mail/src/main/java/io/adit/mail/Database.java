package io.adit.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.Set;

import org.h2.Driver;

/**
 * What must survive a restart, in one H2 file that only its owner can read. What {@link #run} did is on the disk when it returns, as a whole or, when it
 * failed, not at all.
 *
 * <p>Thread-safety: thread-safe; one transaction at a time, and each waits for the disk.
 */
final class Database implements AutoCloseable {

    /** The same as the registry's, for the same reasons: a commit is in the file at once, at its end; no shutdown hook, no watchdog thread. */
    private static final String SETTINGS = ";WRITE_DELAY=0;REUSE_SPACE=FALSE;DB_CLOSE_ON_EXIT=FALSE;FILE_LOCK=FS;TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0";
    private static final String SUFFIX = ".mv.db";
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

    /**
     * What each version of the schema adds to the one before. Never change a line that was released: append. Each statement must be repeatable, since
     * a crash can come between it and the row that says that it was done (H2 commits after every DDL statement). Times are milliseconds since 1970.
     */
    private static final List<List<String>> MIGRATIONS = List.of(List.of(
            // who has a peer of a name, and whether it is here
            "CREATE TABLE IF NOT EXISTS peer (name VARCHAR(63) PRIMARY KEY, url VARCHAR NOT NULL, language VARCHAR(8) NOT NULL, owner VARCHAR(254) NOT NULL, "
                    + "online BOOLEAN NOT NULL, changed BIGINT NOT NULL)",
            // who was told of what
            "CREATE TABLE IF NOT EXISTS told (name VARCHAR(63) NOT NULL, who CHAR(32) NOT NULL, content CHAR(32) NOT NULL, seen BIGINT NOT NULL, "
                    + "PRIMARY KEY (name, who, content))",
            "CREATE TABLE IF NOT EXISTS event (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name VARCHAR(63) NOT NULL, who CHAR(32) NOT NULL, "
                    + "address VARCHAR(254) NOT NULL, kind VARCHAR(8) NOT NULL, title VARCHAR NOT NULL, url VARCHAR NOT NULL, language VARCHAR(8) NOT NULL, "
                    + "happened BIGINT NOT NULL, due BIGINT NOT NULL)",
            "CREATE INDEX IF NOT EXISTS event_due ON event (due)", "CREATE INDEX IF NOT EXISTS event_pair ON event (name, who)",
            "CREATE TABLE IF NOT EXISTS letter (id VARCHAR(400) PRIMARY KEY, name VARCHAR(63) NOT NULL, who CHAR(32) NOT NULL, address VARCHAR(254) NOT NULL, "
                    + "content VARBINARY(1048576) NOT NULL, created BIGINT NOT NULL, due BIGINT NOT NULL, failures INTEGER NOT NULL)",
            "CREATE INDEX IF NOT EXISTS letter_due ON letter (due)", "CREATE INDEX IF NOT EXISTS letter_name ON letter (name)",
            // when mails were made, of the last day: what the limits count
            "CREATE TABLE IF NOT EXISTS made (name VARCHAR(63) NOT NULL, who CHAR(32) NOT NULL, at BIGINT NOT NULL)",
            "CREATE INDEX IF NOT EXISTS made_at ON made (at)", "CREATE INDEX IF NOT EXISTS made_name ON made (name, at)",
            // who wants no more of it; an empty name is for all
            "CREATE TABLE IF NOT EXISTS unsubscribed (name VARCHAR(63) NOT NULL, who CHAR(32) NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (name, who))"));

    interface Work<T> {
        T with(Tables tables) throws SQLException;
    }

    private final Path path;
    private final long compactFrom;
    private Connection connection;
    private long size;
    private boolean closed;

    /**
     * @param path without the suffix .mv.db; folders that are missing are made
     * @param compactFrom bytes of the file from which it is made small again
     * @throws SQLException when the database cannot be opened, or is of a newer version of this bundle
     */
    Database(Path path, long compactFrom) throws SQLException {
        this.path = path.toAbsolutePath().normalize();
        this.compactFrom = compactFrom;
        connection();
    }

    /** One transaction. Work that fails may be repeated, on a new connection. */
    synchronized <T> T run(Work<T> work) throws SQLException {
        Connection open = connection();
        try {
            Tables tables = new Tables(open);
            T result = work.with(tables);
            open.commit();
            if (tables.isChanged()) {
                sync(open);
            }
            return result;
        } catch (SQLException | RuntimeException e) {
            abandon(open, e);
            throw e;
        }
    }

    /** Where the file has grown: what is written goes to its end always, see the settings. */
    synchronized void compact() throws SQLException {
        try {
            if (Files.size(file()) < Math.max(compactFrom, 2 * size)) {
                return;
            }
            // writes a new file beside and puts it in the old one's place: a crash leaves the one or the other
            Connection open = connection();
            connection = null;
            try (open; Statement statement = open.createStatement()) {
                statement.execute("SHUTDOWN COMPACT");
            }
            connection(); // and with the right mode again
            size = Files.size(file());
        } catch (IOException e) {
            throw new SQLException("the size of " + file() + " cannot be found out: " + e, e);
        }
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

    Path file() {
        return path.resolveSibling(path.getFileName() + SUFFIX);
    }

    private Connection connection() throws SQLException {
        if (closed) {
            throw new SQLException("the store is closed");
        }
        if (connection == null) {
            Connection open = open();
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

    private Connection open() throws SQLException {
        try {
            prepare();
        } catch (IOException e) {
            throw new SQLException("the file cannot be made: " + e, e);
        }
        // by name and not by DriverManager, which sees only the drivers of the caller's class loader
        Properties owner = new Properties();
        owner.setProperty("user", "adit");
        owner.setProperty("password", "");
        return new Driver().connect("jdbc:h2:file:" + path + SETTINGS, owner);
    }

    private static void migrate(Connection open) throws SQLException {
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
        sync(open);
    }

    /** What is committed survives the loss of power. */
    private static void sync(Connection open) throws SQLException {
        try (Statement statement = open.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        }
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

    /** H2 would make the file with the process's default mode, so it finds an empty one of ours. */
    private void prepare() throws IOException {
        Path file = file();
        Path folder = file.getParent();
        if (!Files.isDirectory(folder)) {
            Path existing = folder;
            while (!Files.exists(existing)) {
                existing = existing.getParent();
            }
            Files.createDirectories(folder, mode(existing, OWNER_FOLDER));
        }
        if (!Files.exists(file)) {
            Files.createFile(file, mode(folder, OWNER_FILE));
        } else if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, OWNER_FILE);
        }
    }

    private static FileAttribute<?>[] mode(Path existing, Set<PosixFilePermission> permissions) throws IOException {
        return Files.getFileStore(existing).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)} : new FileAttribute<?>[0];
    }
}
