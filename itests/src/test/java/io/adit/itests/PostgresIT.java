package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.adit.store.PostgresServer;
import org.junit.AfterClass;
import org.junit.Assume;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.FixMethodOrder;
import org.junit.Test;
import org.junit.runners.MethodSorters;

/**
 * Two registration servers with one PostgreSQL database, over TLS: A, a process of its own, whose invitations tell peers to dial B, which is a proxy and shows A's
 * certificate, as if both were behind one address.
 */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public class PostgresIT {

    private static Path homes;
    private static PostgresServer postgres;
    private static String store;
    private static Origin origin;
    private static int tunnel;
    private static int http;
    private static Adit a;
    private static Adit b;
    private static Adit peer;

    @BeforeClass
    public static void begin() throws Exception {
        PostgresServer.missing().ifPresent(why -> {
            System.out.println("PostgresIT is skipped: " + why);
            Assume.assumeTrue(why, false);
        });
        homes = Adit.folder("PostgresIT");
        TlsFiles.writeRsa(homes, "postgres", "127.0.0.1");
        postgres = PostgresServer.start(homes.resolve("postgres.crt"), homes.resolve("postgres.key"));
        store = postgres.url() + "&sslmode=verify-ca&sslrootcert=" + homes.resolve("postgres.crt");
        origin = Origin.start();
        tunnel = Ports.free();
        http = Ports.free();
        a = start(Adit.HOSTED, "a", "registry", "--tunnel-port", "0", "--advertise", "127.0.0.1:" + tunnel);
        a.awaitReady();
        Files.createDirectories(homes.resolve("b/data"));
        for (String file : List.of("tunnel.crt", "tunnel.key")) {
            Files.copy(homes.resolve("a/data").resolve(file), homes.resolve("b/data").resolve(file));
        }
        b = startB(Adit.QUICK);
        b.awaitReady();
        peer = Adit.start("peer", "--home", homes.resolve("peer-demo").toString(), "--invite", invite("a", "demo"), "--origin", origin.url());
        peer.awaitReady();
    }

    @AfterClass
    public static void end() throws Exception {
        Stream.of(peer, b, a).filter(each -> each != null).forEach(Adit::close);
        if (origin != null) {
            origin.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    @Before
    public void whole() throws Exception {
        Await.until("demo serves", () -> get("demo") == 200);
    }

    private static Adit start(String javaOptions, String name, String command, String... more) throws Exception {
        Path home = Files.createDirectories(homes.resolve(name));
        Files.writeString(home.resolve("db.password"), PostgresServer.PASSWORD + "\n");
        List<String> arguments = new ArrayList<>(List.of(command, "--home", home.toString(), "--admin-port", "0", "--set", "io.adit.registry:store=" + store,
            "--set", "io.adit.registry:store.password.file=db.password"));
        arguments.addAll(List.of(more));
        return Adit.start(javaOptions, arguments);
    }

    private static Adit startB(String javaOptions) throws Exception {
        return start(javaOptions, "b", "proxy", "--http-port", Integer.toString(http), "--tunnel-port", Integer.toString(tunnel));
    }

    private static String invite(String at, String name) throws Exception {
        return new Control(homes.resolve(at)).invite(name);
    }

    private static List<String> names(String at) throws Exception {
        return new Control(homes.resolve(at)).names().stream().map(each -> each.split("\t")[0]).toList();
    }

    /** The status that a visitor gets from B; 0 while it is away. */
    private static int get(String name) throws Exception {
        try {
            return new Web("http://127.0.0.1:" + http, name).get("/hello").statusCode();
        } catch (ConnectException e) {
            return 0;
        }
    }

    private static long sessions() throws Exception {
        try (Stream<String> lines = Files.lines(homes.resolve("peer-demo/log/adit.log"))) {
            return lines.filter(each -> each.contains(" connected name=demo ")).count();
        }
    }

    @Test
    public void aWhileTheDatabaseIsAwayTunnelsAndKnownNamesGoOn() throws Exception {
        postgres.stop();
        try {
            assertEquals(200, get("demo"));
            try (Adit refused = Adit.start("invite", "--home", homes.resolve("b").toString(), "more");
                Adit fails = start(Adit.HOSTED, "c", "registry", "--tunnel-port", "0")) {
                assertEquals("adit: the invitation was not made: the store failed: Connection to " + postgres.address() + " refused. Check that the hostname and port are "
                    + "correct and that the postmaster is accepting TCP/IP connections.", refused.awaitRefusal(1));
                // a peer that comes back
                long sessions = sessions();
                Connectors.change(homes.resolve("peer-demo"), "main", "retry.millis=I\"500\"");
                Await.until("another session of demo", () -> sessions() > sessions);
                Await.until("demo serves", () -> get("demo") == 200);
                String why = fails.awaitRefusal(1);
                assertTrue(why, why.contains("io.adit.registry: store=jdbc:postgresql://" + postgres.address() + "/postgres cannot be opened: the store failed: Connection to "
                    + postgres.address() + " refused"));
            }
        } finally {
            postgres.open();
        }
        invite("b", "more");
        Await.until("known at A, without a restart", () -> names("a").contains("more"));
        noPasswordIsTold();
    }

    private static void noPasswordIsTold() throws Exception {
        for (String home : List.of("a", "b", "c")) {
            List<Path> found = FileSearch.containing(homes.resolve(home), PostgresServer.PASSWORD);
            assertEquals(List.of(), found.stream().filter(each -> !each.endsWith("db.password")).toList());
        }
    }

    @Test
    public void bWhatWasAcknowledgedSurvivesKillsOfBoth() throws Exception {
        invite("b", "late");
        b.kill();
        postgres.kill();
        postgres.open();
        b = startB(Adit.HOSTED);
        b.awaitReady();
        assertTrue(names("b").contains("late"));
        Await.until("demo is back", () -> get("demo") == 200);
        Await.until("known at A, which lost its connection", () -> names("a").contains("late"));
    }

    @Test
    public void cWhatIsDoneAtOneHoldsAtTheOther() throws Exception {
        Connectors.add(homes.resolve("peer-demo"), "guest", invite("a", "guest"));
        Await.until("guest serves", () -> get("guest") == 200);
        assertTrue(names("b").contains("guest"));
        long began = System.nanoTime();
        new Control(homes.resolve("a")).revoke("guest");
        Await.until("unknown at B", () -> get("guest") == 404);
        System.out.println("PostgresIT: from the revocation at one to 404 at the other, with the command: "
            + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + " ms");
        Connectors.awaitRevoked(homes.resolve("peer-demo"), "guest");
        assertEquals("the other goes on", 200, get("demo"));
    }
}
