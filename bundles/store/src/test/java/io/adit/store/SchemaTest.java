package io.adit.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SchemaTest {

    private static final Migration FIRST = new Migration("first", """
        -- what there is; a comment may hold a semicolon
        CREATE TABLE IF NOT EXISTS thing (
            name VARCHAR(63) PRIMARY KEY);
        """);
    private static final Migration SECOND = new Migration("second", """
        ALTER TABLE thing ADD COLUMN IF NOT EXISTS size INTEGER DEFAULT 7 NOT NULL;
        ALTER TABLE thing ADD COLUMN IF NOT EXISTS color VARCHAR(8);
        """);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Database database() {
        return new EmbeddedDatabase(folder.getRoot().toPath().resolve("data").resolve("things"), 1 << 20);
    }

    private static void execute(Database database, String... statements) throws SQLException {
        try (Connection connection = database.open(); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> changes(Store store) throws SQLException {
        return store.run(transaction -> transaction.all("SELECT id, description FROM schema_change ORDER BY id", row -> row.getInt(1) + " " + row.getString(2)));
    }

    @Test
    public void eachChangeIsMadeOnceAndInOrder() throws SQLException {
        try (Store store = new Store(database(), List.of(FIRST))) {
            store.run(transaction -> transaction.update("INSERT INTO thing (name) VALUES ('old')"));
            assertEquals(List.of("1 first"), changes(store));
        }
        for (int opened = 0; opened < 2; opened++) {
            try (Store store = new Store(database(), List.of(FIRST, SECOND))) {
                assertEquals(List.of("1 first", "2 second"), changes(store));
                assertEquals(List.of("old 7 null"), store.run(transaction -> transaction.all("SELECT name, size, color FROM thing",
                        row -> row.getString(1) + " " + row.getInt(2) + " " + row.getString(3))));
            }
        }
    }

    @Test
    public void aDatabaseOfANewerVersionIsRefusedAndLeftAlone() throws SQLException {
        new Store(database(), List.of(FIRST, SECOND)).close();
        SQLException e = assertThrows(SQLException.class, () -> new Store(database(), List.of(FIRST)));
        assertEquals("its schema has version 2, of a newer Adit; this one knows up to 1", e.getMessage());
        try (Store store = new Store(database(), List.of(FIRST, SECOND))) {
            assertEquals(List.of("1 first", "2 second"), changes(store));
        }
    }

    @Test
    public void whatWasBrokenOffIsCompleted() throws SQLException {
        execute(database(), FIRST.script().substring(FIRST.script().indexOf("CREATE")), "INSERT INTO thing (name) VALUES ('kept')");
        SQLException e = assertThrows(SQLException.class,
                () -> new Store(database(), List.of(FIRST, SECOND, new Migration("third", "ALTER TABLE thing ADD COLUMN height INTEGER;\nNONSENSE;\n"))));
        assertTrue(e.getMessage(), e.getMessage().contains("NONSENSE"));
        try (Store store = new Store(database(), List.of(FIRST, SECOND))) {
            assertEquals("what was done stays done", List.of("1 first", "2 second"), changes(store));
            assertEquals(List.of("kept"), store.run(transaction -> transaction.all("SELECT name FROM thing", row -> row.getString(1))));
        }
    }

    @Test
    public void theNumbersOfEarlierVersionsAreCarriedOver() throws SQLException {
        execute(database(), "CREATE TABLE schema_version (version INTEGER PRIMARY KEY)", "INSERT INTO schema_version VALUES (1)",
                "CREATE TABLE thing (name VARCHAR(63) PRIMARY KEY)", "INSERT INTO thing (name) VALUES ('kept')");
        try (Store store = new Store(database(), List.of(FIRST, SECOND))) {
            assertEquals(List.of("1 an earlier version", "2 second"), changes(store));
            assertEquals(List.of("kept"), store.run(transaction -> transaction.all("SELECT name FROM thing", row -> row.getString(1))));
            assertThrows(SQLException.class, () -> store.run(transaction -> transaction.all("SELECT * FROM schema_version", row -> 1)));
        }
        // a crash before the old table was dropped
        execute(database(), "CREATE TABLE schema_version (version INTEGER PRIMARY KEY)", "INSERT INTO schema_version VALUES (1)");
        try (Store store = new Store(database(), List.of(FIRST, SECOND))) {
            assertEquals(List.of("1 an earlier version", "2 second"), changes(store));
        }
    }

    @Test
    public void theSchemaIsChangedUnderTheLockAndOnlyThen() throws SQLException {
        List<String> calls = new ArrayList<>();
        Database watched = new Database() {
            private final Database real = database();

            @Override
            public Connection open() throws SQLException {
                return real.open();
            }

            @Override
            public void sync(Connection connection) throws SQLException {
                calls.add("sync");
                real.sync(connection);
            }

            @Override
            public void lock(Connection connection) throws SQLException {
                assertFalse(connection.isClosed());
                calls.add("lock");
            }

            @Override
            public void unlock(Connection connection) throws SQLException {
                assertFalse("the lock is the connection's", connection.isClosed());
                calls.add("unlock");
            }
        };
        new Store(watched, List.of(FIRST, SECOND)).close();
        assertEquals(List.of("lock", "sync", "unlock"), calls);
        new Store(watched, List.of(FIRST, SECOND)).close();
        assertEquals("nothing to do", List.of("lock", "sync", "unlock"), calls);
    }
}
