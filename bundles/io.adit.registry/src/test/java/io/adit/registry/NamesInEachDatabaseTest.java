package io.adit.registry;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.adit.api.Proof;
import io.adit.store.Database;
import io.adit.store.PostgresServer;
import org.junit.Assume;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

/** What a store of names is, whatever it is kept in. */
@RunWith(Parameterized.class)
public class NamesInEachDatabaseTest {

    private static final Instant INVITED = Instant.parse("2026-03-04T05:06:07.123456Z");

    private static PostgresServer server;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Parameter
    public String product;
    private String where;

    @Parameters(name = "{0}")
    public static List<String> products() {
        return List.of("H2", "PostgreSQL");
    }

    @BeforeClass
    public static void begin() throws Exception {
        server = Fixtures.postgres(NamesInEachDatabaseTest.class);
    }

    @Before
    public void open() throws Exception {
        Assume.assumeTrue(product.equals("H2") || server != null);
        where = fresh();
    }

    private String fresh() throws SQLException {
        return product.equals("H2") ? folder.getRoot().toPath().resolve("n" + System.nanoTime()).toString() : Fixtures.schema(server);
    }

    private Database database() {
        return Fixtures.database(where);
    }

    private static Credential credential(int secret) {
        return new Credential(Proof.verifier(new byte[] {(byte) secret}), INVITED, false);
    }

    @Test
    public void whatWasWrittenIsThereAfterReopening() throws SQLException {
        try (NameStore store = new NameStore(database())) {
            store.put("a", credential(1));
            store.put("b", credential(2));
            store.put("c", credential(3));
            store.put("b", credential(4));
            store.remove("c");
            store.remove("never-there");
        }
        try (NameStore store = new NameStore(database())) {
            Map<String, Credential> all = store.load();
            assertEquals(Set.of("a", "b"), all.keySet());
            assertArrayEquals(Proof.verifier(new byte[] {4}).storedKey(), all.get("b").verifier().storedKey());
            assertArrayEquals(Proof.verifier(new byte[] {4}).serverKey(), all.get("b").verifier().serverKey());
            assertEquals(INVITED, all.get("a").invited());
            assertTrue("a session of before may still be one of it", all.get("a").isUsed());
        }
    }

    @Test
    public void kindAndProxyAreKept() throws SQLException {
        try (NameStore store = new NameStore(database())) {
            store.put("p1", new Credential(Kind.PROXY, Proof.verifier(new byte[] {1}), INVITED, false, null));
            store.put("a", credential(2));
            store.put("b", credential(3));
            store.put("c", credential(4));
            store.assign("a", "p1");
            store.assign("b", Credential.HERE);
            store.assign("c", "p1");
            store.put("c", credential(5)); // invited anew: assigned anew
            store.assign("never-there", "p1");
        }
        try (NameStore store = new NameStore(database())) {
            Map<String, Credential> all = store.load();
            assertEquals(Set.of("p1", "a", "b", "c"), all.keySet());
            assertEquals(Kind.PROXY, all.get("p1").kind());
            assertEquals(Kind.PEER, all.get("a").kind());
            assertEquals("p1", all.get("a").proxy());
            assertEquals(Credential.HERE, all.get("b").proxy());
            assertEquals(null, all.get("c").proxy());
        }
    }

    /** H2 commits after each statement that defines something, so a crash can come after each. */
    @Test
    public void aCrashBetweenAnyTwoStatementsOfTheSchemaDoesNoHarm() throws SQLException {
        List<String> statements = NameStore.MIGRATIONS.stream().flatMap(each -> Stream.of(each.script().split("(?<=;)\n"))).toList();
        for (int crash = 0; crash <= statements.size(); crash++) {
            where = fresh();
            Database database = database();
            try (Connection connection = database.open(); Statement statement = connection.createStatement()) {
                for (String done : statements.subList(0, crash)) {
                    statement.execute(done);
                }
            }
            try (NameStore store = new NameStore(database)) {
                store.put("a", credential(1));
                assertEquals(Set.of("a"), store.load().keySet());
            }
        }
    }

    @Test
    public void aStoreOfANewerVersionIsRefusedAndLeftAlone() throws SQLException {
        Database database = database();
        new NameStore(database).close();
        try (Connection connection = database.open(); Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO schema_change VALUES (99, '', 'of a newer one')");
        }
        SQLException e = assertThrows(SQLException.class, () -> new NameStore(database));
        assertTrue(e.getMessage(), e.getMessage().contains("version 99, of a newer Adit"));
    }

    @Test
    public void afterAFailureTheNextWriteStartsAfresh() throws SQLException {
        FlakyDatabase database = new FlakyDatabase(database());
        try (NameStore store = new NameStore(database)) {
            store.put("a", credential(1));
            database.failing = true;
            assertThrows(SQLException.class, () -> store.put("b", credential(2)));
            assertThrows(SQLException.class, () -> store.remove("a"));
            database.failing = false;
            store.put("b", credential(3));
            assertArrayEquals(Proof.verifier(new byte[] {3}).storedKey(), store.load().get("b").verifier().storedKey());
        }
    }
}
