package io.adit.store;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.AfterClass;
import org.junit.Assume;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class PostgresDatabaseTest {

    private static final PostgresDatabase.Deadlines DEADLINES = new PostgresDatabase.Deadlines(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(20));
    private static final PostgresDatabase.Deadlines SHORT = new PostgresDatabase.Deadlines(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(200));
    private static final List<Migration> THINGS = List.of(new Migration("first", "CREATE TABLE IF NOT EXISTS thing (name VARCHAR(63) PRIMARY KEY);\n"),
            new Migration("second", "ALTER TABLE thing ADD COLUMN IF NOT EXISTS size INTEGER DEFAULT 7 NOT NULL;\nALTER TABLE thing ADD COLUMN IF NOT EXISTS color VARCHAR(8);\n"));

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private static PostgresServer server;
    private static Path password;

    @BeforeClass
    public static void begin() throws Exception {
        PostgresServer.missing().ifPresent(why -> {
            System.out.println("PostgresDatabaseTest is skipped: " + why);
            Assume.assumeTrue(why, false);
        });
        server = PostgresServer.start();
        password = Files.writeString(FOLDER.getRoot().toPath().resolve("password"), PostgresServer.PASSWORD + "\n");
    }

    @AfterClass
    public static void end() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private static PostgresDatabase database(String url, PostgresDatabase.Deadlines deadlines) {
        return new PostgresDatabase(url, password, deadlines, org.postgresql.Driver::new);
    }

    /** In a schema of its own. */
    private static PostgresDatabase fresh() throws SQLException {
        String schema = "s" + SCHEMAS.incrementAndGet();
        try (Connection connection = database(server.url(), DEADLINES).open(); Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        }
        return database(server.url() + "&currentSchema=" + schema, DEADLINES);
    }

    private static int count(Database database, String sql) throws SQLException {
        try (Store store = new Store(database, THINGS)) {
            return store.run(transaction -> transaction.first(sql, row -> row.getInt(1)).orElseThrow());
        }
    }

    @Test
    public void severalThatStartAtOnceChangeTheSchemaOnce() throws Exception {
        for (int round = 0; round < 3; round++) {
            Database database = fresh();
            CountDownLatch start = new CountDownLatch(1);
            ExecutorService threads = Executors.newFixedThreadPool(6);
            try {
                List<Future<Void>> all = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    String name = "n" + i;
                    Callable<Void> one = () -> {
                        start.await();
                        try (Store store = new Store(database, THINGS)) {
                            store.run(transaction -> transaction.update("INSERT INTO thing (name) VALUES (?)", name));
                        }
                        return null;
                    };
                    all.add(threads.submit(one));
                }
                start.countDown();
                for (Future<Void> one : all) {
                    one.get(60, TimeUnit.SECONDS);
                }
            } finally {
                threads.shutdownNow();
            }
            assertEquals(2, count(database, "SELECT COUNT(*) FROM schema_change"));
            assertEquals(6, count(database, "SELECT COUNT(*) FROM thing WHERE size = 7"));
        }
    }

    @Test
    public void aSchemaOfANewerVersionIsRefused() throws Exception {
        Database database = fresh();
        new Store(database, THINGS).close();
        SQLException e = assertThrows(SQLException.class, () -> new Store(database, THINGS.subList(0, 1)));
        assertEquals("its schema has version 2, of a newer Adit; this one knows up to 1", e.getMessage());
    }

    @Test
    public void aCommitIsOnTheDiskWhateverTheServersDefault() throws Exception {
        Database lax = database(server.url() + "&options=-c%20synchronous_commit=off", DEADLINES);
        try (Connection connection = lax.open(); Statement statement = connection.createStatement(); var row = statement.executeQuery("SHOW synchronous_commit")) {
            assertTrue(row.next());
            assertEquals("on", row.getString(1));
        }
    }

    @Test
    public void everyWaitHasADeadline() throws Exception {
        try (Store store = new Store(database(server.url(), SHORT), List.of())) {
            long began = System.nanoTime();
            SQLException e = assertThrows(SQLException.class, () -> store.run(transaction -> transaction.first("SELECT pg_sleep(60)", row -> 1)));
            assertTrue(e.getMessage(), e.getMessage().contains("statement timeout"));
            assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(30));
            assertEquals("the next one has a connection of its own", 1, (int) store.run(transaction -> transaction.first("SELECT 1", row -> row.getInt(1)).orElseThrow()));
        }
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            long began = System.nanoTime();
            SQLException e = assertThrows(SQLException.class,
                    () -> database("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/x?user=adit", SHORT).open().close());
            assertTrue(e.toString(), System.nanoTime() - began < TimeUnit.SECONDS.toNanos(30));
        }
    }

    @Test
    public void aServerThatWasRestartedIsNoticedByNobody() throws Exception {
        try (Store store = new Store(fresh(), THINGS)) {
            store.run(transaction -> transaction.update("INSERT INTO thing (name) VALUES ('a')"));
            server.stop();
            server.open();
            store.run(transaction -> transaction.update("INSERT INTO thing (name) VALUES ('b')"));
            server.kill();
            SQLException away = assertThrows(SQLException.class, () -> store.run(transaction -> transaction.update("INSERT INTO thing (name) VALUES ('c')")));
            SQLException promptly = assertThrows(SQLException.class, () -> store.runPromptly(transaction -> transaction.all("SELECT 1 FROM thing", row -> 1)));
            assertEquals("nobody tried", away.getMessage(), promptly.getMessage());
            server.open();
            store.run(transaction -> transaction.update("INSERT INTO thing (name) VALUES ('c')"));
            assertEquals(List.of("a", "b", "c"), store.runPromptly(transaction -> transaction.all("SELECT name FROM thing ORDER BY name", row -> row.getString(1))));
        }
    }

    @Test
    public void noLineTellsThePassword() throws Exception {
        Path wrong = Files.writeString(FOLDER.getRoot().toPath().resolve("wrong"), "geheim\n");
        PostgresDatabase refused = new PostgresDatabase(server.url() + "&sslpassword=geheim", wrong, DEADLINES, org.postgresql.Driver::new);
        assertEquals("jdbc:postgresql://" + server.address() + "/postgres", refused.toString());
        SQLException e = assertThrows(SQLException.class, refused::open);
        assertTrue(e.getMessage(), e.getMessage().contains("password authentication failed for user \"adit\""));
        for (Throwable each = e; each != null; each = each.getCause()) {
            assertFalse(each.toString(), each.toString().contains("geheim"));
        }
        SQLException none = assertThrows(SQLException.class,
                () -> new PostgresDatabase(server.url(), wrong.resolveSibling("none"), DEADLINES, org.postgresql.Driver::new).open());
        assertTrue(none.getMessage(), none.getMessage().startsWith("the file of the password cannot be read: "));
    }
}
