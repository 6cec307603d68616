package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * A registration server and two proxies that are linked to it, each with an address of its own, as if they were machines: the loopback network
 * has many. The proxies serve on the same port, as they would in the world, where name servers tell the address. Those that are killed are processes of their
 * own; of the proxies it is always the same one.
 */
public class NetworkIT {

    /** Proxy -> its machine. */
    private static final Map<String, String> MACHINES = Map.of("p1", "127.0.0.2", "p2", "127.0.0.3");

    private static final String MORTAL = "p1";
    /** Tests that kill {@link #MORTAL}; when it is started after that, nobody kills it any more. */
    private static final int KILLS = 2;

    private static final long PAUSE_NANOS = 5_000_000;
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();

    private static final Map<String, Adit> PROXIES = new TreeMap<>();
    private static final Map<String, String> PAGES = new HashMap<>();

    private static Path homes;
    private static Origin origin;
    private static Adit registrar;
    private static Adit peer;
    private static int http;
    private static int tunnel;
    private static boolean registrarWasKilled;
    private static int startsOfMortal;

    @BeforeClass
    public static void begin() throws Exception {
        homes = Adit.folder("NetworkIT");
        origin = Origin.start();
        http = Ports.free();
        tunnel = Ports.free();
    }

    @AfterClass
    public static void end() {
        List<Adit> all = new ArrayList<>(PROXIES.values());
        all.add(registrar);
        all.add(peer);
        all.stream().filter(each -> each != null).forEach(Adit::close);
        PROXIES.clear();
        origin.close();
    }

    /** Whatever a test before it took away is there again. */
    @Before
    public void whole() throws Exception {
        if (registrar == null) {
            startRegistrar();
        }
        for (String proxy : List.of(MORTAL, other(MORTAL))) {
            if (!PROXIES.containsKey(proxy)) {
                startProxy(proxy);
            }
            if (peer == null) { // the only proxy that there is gets it
                peer = Adit.start("peer", "--home", home("demo"), "--invite", invite("demo"), "--origin", origin.url());
                assertEquals("http://demo.localhost:" + http + "/", peer.awaitReady().get("url"));
            }
        }
        Await.until("both proxies are linked", () -> control().proxies().stream().filter(each -> each.contains("\tlinked\t")).count() == 2);
        Await.until("demo serves", () -> get(place(), "demo") == 200);
    }

    @After
    public void theSamePeer() {
        assertTrue(peer == null || peer.isAlive());
    }

    private static String home(String name) {
        return homes.resolve(name).toString();
    }

    private static void startRegistrar() throws Exception {
        // a port once chosen stays; 0 would choose another
        registrar = registrarWasKilled ? Adit.start("registry", "--home", home("registrar"))
            : Adit.process("registry", "--home", home("registrar"), "--tunnel-port", "0", "--admin-port", "0", "--dns-port", "0",
                "--set", "io.adit.registry:ticket.life.millis=600000");
        registrar.awaitReady();
    }

    private static void startProxy(String proxy) throws Exception {
        assertEquals(registrar.awaitReady().get("tunnel"), launch(proxy).awaitReady().get("registrar"));
    }

    private static Adit launch(String proxy) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("proxy", "--home", home(proxy), "--bind", MACHINES.get(proxy), "--http-port", Integer.toString(http),
            "--tunnel-port", Integer.toString(tunnel), "--admin-port", "0"));
        if (Files.notExists(homes.resolve(proxy))) {
            arguments.addAll(List.of("--registrar", control().inviteProxy(proxy)));
        }
        Adit started = Adit.start(proxy.equals(MORTAL) && ++startsOfMortal <= KILLS ? Adit.QUICK : Adit.HOSTED, arguments);
        PROXIES.put(proxy, started);
        return started;
    }

    private static String invite(String name) throws Exception {
        return control().invite(name);
    }

    private static Control control() {
        return new Control(homes.resolve("registrar"));
    }

    private static String state(String name) throws Exception {
        return control().names().stream().filter(each -> each.startsWith(name + "\t")).findFirst().orElseThrow().split("\t")[1];
    }

    /** The proxy that demo was connected to last, as its log tells. */
    private static String place() throws Exception {
        List<String> connected = log("connected name=demo ");
        return connected.get(connected.size() - 1).replaceAll(".* proxy=(\\S+) .*", "$1");
    }

    private static List<String> log(String part) throws Exception {
        try (var lines = Files.lines(homes.resolve("demo/log/adit.log"))) {
            return lines.filter(each -> each.contains(": " + part) || each.contains(" - " + part)).toList();
        }
    }

    private static long count(String home, String part) throws Exception {
        try (var lines = Files.lines(homes.resolve(home).resolve("log/adit.log"))) {
            return lines.filter(each -> each.contains(part)).count();
        }
    }

    /** Demo is served there; right after a move, by the other one still too. */
    private static String servedBy(String proxy) throws Exception {
        if (!place().equals(proxy)) {
            control().move("demo", proxy);
        }
        Await.until("demo is at " + proxy, () -> place().equals(proxy) && get(proxy, "demo") == 200);
        return proxy;
    }

    private static String servedOnlyBy(String proxy) throws Exception {
        servedBy(proxy);
        Await.until("demo is not at " + other(proxy), () -> get(other(proxy), "demo") == 404);
        return proxy;
    }

    private static String other(String proxy) {
        return proxy.equals("p1") ? "p2" : "p1";
    }

    /** What a visitor gets whose name server says that the name is at that proxy. A connection that is refused counts as 0. */
    private static int get(String proxy, String name) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + MACHINES.get(proxy) + ":" + http + "/hello"))
            .header("Host", name + ".localhost:" + http).timeout(Await.DEADLINE).build();
        try {
            HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            PAGES.put(proxy, response.body());
            return response.statusCode();
        } catch (java.io.IOException e) {
            return 0;
        }
    }

    @Test
    public void thePeerIsToldAnotherMachinesNameAndAddressAndServesThere() throws Exception {
        String proxy = place();
        List<String> assigned = log("assigned name=demo ");
        assertTrue(assigned.toString(), assigned.get(assigned.size() - 1).endsWith("proxy=" + proxy + " " + MACHINES.get(proxy) + ":" + tunnel));
        assertEquals(200, get(proxy, "demo"));
        assertEquals(Origin.HELLO, PAGES.get(proxy));
        assertEquals("online", state("demo"));
        assertEquals("the command tells both", MACHINES.keySet(),
            Adit.run("proxies", "--home", home("registrar")).stream().map(each -> each.split("\t")[0]).collect(Collectors.toSet()));
        assertEquals("the other proxy does not have it", 404, get(other(proxy), "demo"));
        assertEquals(404, get(proxy, "nobody"));
    }

    @Test
    public void theNameServerOfTheRegistrationServerFollows() throws Exception {
        Program.assumeInstalled(NetworkIT.class, "dig");
        Dig dig = Dig.at(homes, registrar.awaitReady().get("dns"));
        String proxy = place();
        dig.awaitData("registered elsewhere", "demo.localhost", "A", List.of(MACHINES.get(proxy)));
        control().move("demo", other(proxy));
        dig.awaitData("moved", "demo.localhost", "A", List.of(MACHINES.get(other(proxy))));
        assertEquals("NXDOMAIN", dig.status("nobody.localhost", "A"));
    }

    @Test
    public void aMoveFailsNoRequest() throws Exception {
        String from = place();
        String to = other(from);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger good = new AtomicInteger();
        List<String> bad = new CopyOnWriteArrayList<>();
        // one visitor has the old address, and keeps it for a while
        Thread visitor = new Thread(() -> {
            while (!done.get()) {
                try {
                    int status = get(from, "demo");
                    if (status == 200) {
                        good.incrementAndGet();
                    } else {
                        bad.add("status " + status);
                    }
                } catch (Exception e) {
                    bad.add(e.toString());
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }, "visitor");
        visitor.start();
        try {
            Adit.run("move", "--home", home("registrar"), "demo", to);
            int before = good.get();
            assertEquals("at the new address, at once", 200, get(to, "demo"));
            Await.until("the old address serves on", () -> good.get() > before + 10);
        } finally {
            done.set(true);
            visitor.join();
        }
        assertEquals(List.of(), bad);
        for (int i = 0; i < 50; i++) {
            assertEquals("at the new address", 200, get(to, "demo"));
        }
        assertEquals(to, place());
        assertEquals("online", state("demo"));
    }

    @Test
    public void theRegistryIsUpdatedOnEitherSideAndNoTunnelDrops() throws Exception {
        String proxy = place();
        int sessions = log("connected name=demo ").size();
        for (String home : List.of(proxy, "registrar")) {
            long began = count(home, ".LinkedRole - registry ") + count(home, ".RegistrarRole - registry ");
            long links = count(proxy, ".Link - linked ");
            Path jar = homes.resolve(home).resolve("load/io.adit.registry.jar");
            Path fresh = Files.copy(jar, homes.resolve(home).resolve("fresh.jar"));
            Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Await.until("the registry of " + home + " is another", () -> {
                assertEquals(200, get(proxy, "demo"));
                return count(home, ".LinkedRole - registry ") + count(home, ".RegistrarRole - registry ") > began
                    && count(proxy, ".Link - linked ") > links;
            });
            Await.until("names are right again", () -> {
                try {
                    return state("demo").equals("online");
                } catch (AssertionError e) {
                    return false; // nobody answers the command line yet
                }
            });
            assertEquals(200, get(proxy, "demo"));
        }
        assertEquals("the same session", sessions, log("connected name=demo ").size());
    }

    @Test
    public void aProxyIsKilledAndItsPeersServeThroughTheOther() throws Exception {
        String proxy = servedOnlyBy(MORTAL);
        PROXIES.remove(proxy).kill();
        long killed = System.nanoTime();
        Await.until("served through the other", () -> get(other(proxy), "demo") == 200);
        System.out.println("NetworkIT: from kill -9 of a proxy to service through another: "
            + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed) + " ms");
        Await.until("and it is known", () -> state("demo").equals("online") && control().proxies().stream().anyMatch(each -> each.startsWith(proxy + "\taway\t")));
    }

    @Test
    public void theRegistrationServerIsKilledAndNoTunnelDrops() throws Exception {
        String proxy = servedBy(MORTAL);
        int sessions = log("connected name=demo ").size();
        registrar.kill();
        registrarWasKilled = true;
        assertEquals(200, get(proxy, "demo"));
        assertEquals("the same session", sessions, log("connected name=demo ").size());
        // one that is started again meanwhile
        PROXIES.remove(proxy).kill();
        Adit again = launch(proxy);
        Await.until("the peer is back with its ticket", () -> get(proxy, "demo") == 200);
        assertEquals("nobody else was there to ask", List.of(), again.out());
        int before = log("connected name=demo ").size();
        startRegistrar();
        assertEquals(registrar.awaitReady().get("tunnel"), again.awaitReady().get("registrar"));
        Await.until("names are right again", () -> state("demo").equals("online"));
        assertEquals(200, get(proxy, "demo"));
        assertEquals("the same session", before, log("connected name=demo ").size());
    }

    @Test
    public void aProxyThatIsStoppedSendsItsPeersAway() throws Exception {
        String proxy = servedOnlyBy(other(MORTAL));
        PROXIES.remove(proxy).stop();
        assertEquals(200, get(other(proxy), "demo"));
        Await.until("it is known", () -> state("demo").equals("online"));
        assertEquals(other(proxy), place());
    }

    @Test
    public void revokedIsRevokedAtTheOtherMachine() throws Exception {
        try (Adit guest = Adit.start("peer", "--home", home("guest"), "--invite", invite("guest"), "--origin", origin.url())) {
            guest.awaitReady();
            control().revoke("guest");
            assertTrue(guest.awaitRefusal(1).contains("the invitation for 'guest' was revoked"));
        }
        for (String proxy : MACHINES.keySet()) {
            Await.until("unknown at " + proxy, () -> get(proxy, "guest") == 404);
        }
    }

    @Test
    public void aLinkedProxyHasNoNamesOfItsOwn() throws Exception {
        try (Adit refused = Adit.start("invite", "--home", home("p1"), "stray")) {
            assertTrue(refused.awaitRefusal(1).contains("this proxy has no names of its own: ask its registration server"));
        }
    }

    @Test
    public void anInvitationIsForTheOneOrTheOther() throws Exception {
        try (Adit refused = Adit.start("peer", "--home", home("wrong-peer"), "--invite", Adit.run("invite", "--home", home("registrar"), "--proxy", "p3").get(0),
            "--origin", origin.url())) {
            assertTrue(refused.awaitRefusal(1).contains("the invitation for 'p3' is one for a proxy, and not for a peer"));
        }
        try (Adit refused = Adit.start("proxy", "--home", home("wrong-proxy"), "--http-port", "0", "--tunnel-port", "0", "--admin-port", "0",
            "--registrar", invite("stranger"))) {
            assertTrue(refused.awaitRefusal(1).contains("the invitation for 'stranger' is one for a peer, and not for a proxy"));
        }
        control().revokeProxy("p3");
        control().revoke("stranger");
    }
}
