package io.adit.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;

import org.h2.Driver;

/**
 * The embedded database: one H2 file that only its owner can read, in this process. Its threads live as long as a connection is open.
 * Thread-safety: thread-safe.
 */
public final class EmbeddedDatabase implements Database {

    /**
     * WRITE_DELAY=0: a commit is in the file when it returns (the default lets half a second pass). REUSE_SPACE: what is written goes to
     * the end of the file, where H2 looks for it after a crash (the file grows, and is made small when it is opened); what it puts in a gap, as it else does with the first write 45 s after
     * others, it does not find again (2.5.252). DB_CLOSE_ON_EXIT: no shutdown hook, which would hold the bundle's class loader. FS: the
     * operating system's lock, without a watchdog thread.
     */
    private static final String SETTINGS = ";WRITE_DELAY=0;REUSE_SPACE=FALSE;DB_CLOSE_ON_EXIT=FALSE;FILE_LOCK=FS;TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0";
    private static final String SUFFIX = ".mv.db";
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_FILE = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final String settings;
    private final long compactFrom;
    /** Bytes of the file after it was made small. */
    private volatile long small;

    /**
     * @param path of the file, without the suffix .mv.db and without a semicolon; folders that are missing are made
     * @param compactFrom bytes of the file from which it is made small again when it is opened, where it is twice as large as the last time
     */
    public EmbeddedDatabase(Path path, long compactFrom) {
        this(path, compactFrom, "");
    }

    /** @param more settings of H2, each after a semicolon */
    public EmbeddedDatabase(Path path, long compactFrom, String more) {
        this.path = path.toAbsolutePath().normalize();
        this.compactFrom = compactFrom;
        this.settings = SETTINGS + more;
        if (this.path.toString().indexOf(';') >= 0) {
            throw new IllegalArgumentException("a semicolon in " + path);
        }
    }

    @Override
    public Connection open() throws SQLException {
        try {
            prepare();
            Connection connection = connect();
            if (!isGrown()) {
                return connection;
            }
            // writes a new file beside and puts it in the old one's place: a crash leaves the one or the other
            try (connection; Statement statement = connection.createStatement()) {
                statement.execute("SHUTDOWN COMPACT");
            }
            prepare();
            small = Files.size(file());
            return connect();
        } catch (IOException e) {
            throw new SQLException("the file cannot be made: " + e, e);
        }
    }

    private Connection connect() throws SQLException {
        // by name and not by DriverManager, which sees only the drivers of the caller's class loader
        Properties owner = new Properties();
        owner.setProperty("user", "adit");
        owner.setProperty("password", "");
        return new Driver().connect("jdbc:h2:file:" + path + settings, owner);
    }

    @Override
    public void sync(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        }
    }

    @Override
    public boolean isGrown() throws IOException {
        return Files.size(file()) >= Math.max(compactFrom, 2 * small);
    }

    /** {@inheritDoc} No other process has the file open. */
    @Override
    public void lock(Connection connection) {
        // nobody else is there
    }

    @Override
    public void unlock(Connection connection) {
        // nobody else is there
    }

    @Override
    public String toString() {
        return file().toString();
    }

    /** Where it is. */
    public Path file() {
        return path.resolveSibling(path.getFileName() + SUFFIX);
    }

    /** H2 would make the file with the process's default mode, so it finds an empty one of ours. */
    private void prepare() throws IOException {
        Path file = file();
        boolean posix = Files.getFileStore(existing(file)).supportsFileAttributeView("posix");
        FileAttribute<?>[] folderMode = posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_FOLDER)} : new FileAttribute<?>[0];
        FileAttribute<?>[] fileMode = posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_FILE)} : new FileAttribute<?>[0];
        if (!Files.isDirectory(file.getParent())) {
            Files.createDirectories(file.getParent(), folderMode);
        }
        if (!Files.exists(file)) {
            Files.createFile(file, fileMode);
        } else if (posix) {
            Files.setPosixFilePermissions(file, OWNER_FILE);
        }
    }

    private static Path existing(Path file) {
        Path found = file;
        while (!Files.exists(found)) {
            found = found.getParent();
        }
        return found;
    }
}
