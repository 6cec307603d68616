package io.adit.registry;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import io.adit.api.Proof;
import io.adit.store.Database;
import io.adit.store.EmbeddedDatabase;
import org.junit.Assume;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class NameStoreTest {

    private static final Instant INVITED = Instant.parse("2026-03-04T05:06:07.123456Z");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path() {
        return folder.getRoot().toPath().resolve("data").resolve("registry");
    }

    private static Credential credential(int secret) {
        return new Credential(Proof.verifier(new byte[] {(byte) secret}), INVITED, false);
    }

    @Test
    public void aStoreOfBeforeThereWereKindsHasPeers() throws SQLException {
        EmbeddedDatabase database = Fixtures.embedded(path());
        try (Connection connection = database.open(); Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY)");
            statement.execute("INSERT INTO schema_version (version) VALUES (1)");
            statement.execute("CREATE TABLE peer_name (name VARCHAR(63) PRIMARY KEY, stored_key CHAR(64) NOT NULL, server_key CHAR(64) NOT NULL, "
                    + "invited TIMESTAMP WITH TIME ZONE NOT NULL)");
            statement.execute("INSERT INTO peer_name VALUES ('old', '" + "ab".repeat(32) + "', '" + "cd".repeat(32) + "', CURRENT_TIMESTAMP)");
        }
        for (int opened = 0; opened < 2; opened++) {
            try (NameStore store = new NameStore(database)) {
                assertEquals(Kind.PEER, store.load().get("old").kind());
                assertEquals("ab".repeat(32), Proof.hex(store.load().get("old").verifier().storedKey()));
                assertEquals(null, store.load().get("old").proxy());
            }
        }
    }

    /** It was made when the versions of the schema were kept in a table of our own. */
    @Test
    public void anEarlierStoreIsCarriedOver() throws Exception {
        Files.createDirectories(path().getParent());
        try (var packed = new GZIPInputStream(NameStoreTest.class.getResourceAsStream("earlier-registry.mv.db.gz"))) {
            Files.copy(packed, path().resolveSibling("registry.mv.db"));
        }
        for (int opened = 0; opened < 2; opened++) {
            try (NameStore store = new NameStore(Fixtures.embedded(path()))) {
                Map<String, Credential> all = store.load();
                assertEquals(Set.of("alice", "bob", "carol", "p1"), all.keySet());
                assertEquals(Kind.PROXY, all.get("p1").kind());
                assertEquals("p1", all.get("alice").proxy());
                assertEquals(Credential.HERE, all.get("bob").proxy());
                assertEquals(null, all.get("carol").proxy());
                assertEquals(INVITED, all.get("carol").invited());
                assertArrayEquals(Proof.verifier(new byte[] {4}).storedKey(), all.get("carol").verifier().storedKey());
            }
        }
    }

    /** A new one is made at once, one of the first version column by column. */
    @Test
    public void aNewStoreHasTheTablesOfOneThatWasCarriedOver() throws SQLException {
        EmbeddedDatabase first = Fixtures.embedded(path().resolveSibling("first"));
        try (Connection connection = first.open(); Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE peer_name (name VARCHAR(63) PRIMARY KEY, stored_key CHAR(64) NOT NULL, server_key CHAR(64) NOT NULL, "
                    + "invited TIMESTAMP WITH TIME ZONE NOT NULL)");
            statement.execute("CREATE TABLE store_revision (id INTEGER PRIMARY KEY, revision BIGINT NOT NULL, removed BIGINT NOT NULL)");
        }
        assertEquals(columns(first), columns(Fixtures.embedded(path())));
    }

    private static List<String> columns(EmbeddedDatabase database) throws SQLException {
        new NameStore(database).close();
        List<String> columns = new ArrayList<>();
        try (Connection connection = database.open(); Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(
                "SELECT * FROM information_schema.columns WHERE table_schema = 'PUBLIC' ORDER BY table_name, column_name")) {
            while (row.next()) {
                columns.add(String.join(" ", row.getString("table_name"), row.getString("column_name"), row.getString("data_type"),
                    row.getString("character_maximum_length"), row.getString("column_default"), row.getString("is_nullable")));
            }
        }
        return columns;
    }

    /** H2 keeps the place of what is outdated for 45 s, here not at all, and then writes there. */
    @Test
    public void aWriteSurvivesAKillAlsoLongAfterTheOnesBefore() throws SQLException, IOException {
        String soon = ";RETENTION_TIME=0";
        try (NameStore store = new NameStore(new EmbeddedDatabase(path(), NameStore.COMPACT_FROM, soon))) {
            store.put("first", credential(0));
        }
        try (NameStore store = new NameStore(new EmbeddedDatabase(path(), NameStore.COMPACT_FROM, soon))) {
            for (int i = 1; i < 20; i++) {
                store.put("n" + i, credential(i));
                Path killed = path().resolveSibling("killed-" + i);
                Files.copy(path().resolveSibling("registry.mv.db"), killed.resolveSibling("killed-" + i + ".mv.db"));
                try (NameStore after = new NameStore(Fixtures.embedded(killed))) {
                    assertEquals(store.load().keySet(), after.load().keySet());
                }
            }
        }
    }

    @Test
    public void aFileThatGrewIsMadeSmallWhenItIsOpened() throws SQLException, IOException {
        Path file = path().resolveSibling("registry.mv.db");
        try (NameStore store = new NameStore(Fixtures.embedded(path()))) {
            for (int i = 0; i < 60; i++) {
                store.put("n" + i % 7, credential(i));
            }
        }
        long grown = Files.size(file);
        try (NameStore store = new NameStore(new EmbeddedDatabase(path(), grown / 2))) {
            assertTrue(grown + " -> " + Files.size(file), Files.size(file) < grown / 2);
            assertEquals(7, store.load().size());
            assertArrayEquals(Proof.verifier(new byte[] {59}).storedKey(), store.load().get("n" + 59 % 7).verifier().storedKey());
            if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
            store.put("more", credential(1));
        }
        try (NameStore store = new NameStore(Fixtures.embedded(path()))) {
            assertEquals(8, store.load().size());
        }
    }

    @Test
    public void onlyTheOwnerCanReadTheFiles() throws SQLException, IOException {
        Assume.assumeTrue(Files.getFileStore(folder.getRoot().toPath()).supportsFileAttributeView("posix"));
        try (NameStore store = new NameStore(Fixtures.embedded(path()))) {
            store.put("a", credential(1));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path().getParent())));
            try (var files = Files.list(path().getParent())) {
                for (Path file : files.toList()) {
                    assertEquals(file.toString(), "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                }
            }
        }
        Path file = path().resolveSibling("registry.mv.db");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        new NameStore(Fixtures.embedded(path())).close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    public void noThreadAndNoLockIsLeftAfterClose() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        NameStore store = new NameStore(Fixtures.embedded(path()));
        store.put("a", credential(1));
        store.close();
        store.close();
        assertEquals(Set.of(), newThreads(before));
        ChildProcess.openInAnother(path());
        assertThrows(SQLException.class, () -> store.put("b", credential(1)));
        ChildProcess.openInAnother(path());
    }

    private static Set<String> newThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.isAlive() && !before.contains(thread))
                // the JDK's own, started once for the whole process
                .filter(thread -> !thread.getName().equals("Common-Cleaner") && !thread.getName().startsWith("process reaper"))
                .map(Thread::getName).collect(Collectors.toSet());
    }

    @Test
    public void aStoreThatAnotherHasOpenIsRefused() throws SQLException {
        try (NameStore store = new NameStore(Fixtures.embedded(path()))) {
            store.put("a", credential(1));
            // in the same process the database lets a second connection in; the file's lock is what another process meets
            SQLException e = assertThrows(SQLException.class, () -> ChildProcess.openInAnother(path()));
            assertTrue(e.getMessage(), e.getMessage().contains("in use"));
        }
    }

    @Test
    public void aFileThatIsNoDatabaseIsRefusedInOneLine() throws IOException {
        Files.createDirectories(path().getParent());
        Files.write(path().resolveSibling("registry.mv.db"), "not a database".repeat(2000).getBytes(StandardCharsets.US_ASCII));
        SQLException e = assertThrows(SQLException.class, () -> new NameStore(Fixtures.embedded(path())));
        assertFalse(Registrations.line(e).contains("\n"));
        assertEquals("it is left as it is", "not a database".repeat(2000), Files.readString(path().resolveSibling("registry.mv.db")));
    }

    @Test
    public void everyWriteIsSyncedBeforeItReturns() throws SQLException {
        FlakyDatabase database = new FlakyDatabase(Fixtures.embedded(path()));
        try (NameStore store = new NameStore(database)) {
            int before = database.syncs;
            store.put("a", credential(1));
            store.remove("a");
            assertEquals(before + 2, database.syncs);
            assertEquals(Optional.empty(), store.failure());
            database.failing = true;
            assertThrows(SQLException.class, () -> store.put("b", credential(1)));
            assertEquals(Optional.of("no space left on the device"), store.failure());
            database.failing = false;
            store.put("b", credential(1));
            assertEquals(Optional.empty(), store.failure());
        }
    }

    @Test
    public void noSecretIsInTheFile() throws Exception {
        byte[] secret = "a-secret-of-thirty-two-bytes-yes".getBytes(StandardCharsets.US_ASCII);
        try (NameStore store = new NameStore(Fixtures.embedded(path()))) {
            store.put("a", new Credential(Proof.verifier(secret), INVITED, false));
        }
        String file = Files.readString(path().resolveSibling("registry.mv.db"), StandardCharsets.ISO_8859_1);
        assertTrue("the test looks at the right place", file.contains(Proof.hex(Proof.verifier(secret).storedKey())));
        assertFalse(file.contains("a-secret-of-thirty-two-bytes-yes"));
        assertFalse(file.contains(Proof.hex(secret)));
    }
}
