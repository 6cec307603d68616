package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.FixMethodOrder;
import org.junit.Test;
import org.junit.runners.MethodSorters;

/**
 * Two peers under one name, each with a home and an origin of its own, and a proxy. Who is killed is a process until then, all others are hosted. In order of
 * their names, by which each starts as seldom as may be.
 */
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public class BalanceIT {

    private static final String NAME = "demo";
    private static final int VISITORS = 4;
    private static final long PAUSE_NANOS = 25_000_000;

    private static final Map<String, Side> SIDES = new TreeMap<>();

    private static Path homes;
    /** Where domains are looked up; null where there is none on this machine. */
    private static Bind bind;
    private static Adit proxy;
    /** Of the proxy and the peers, in order. */
    private static int starts;
    private static int proxyStarted;
    private static String invitation;
    private static Map<String, String> ready;
    private static Web web;

    /** One peer and its origin, which says whose it is. */
    private static final class Side {
        private final String name;
        private final Origin origin;
        private final AtomicInteger held = new AtomicInteger();
        private volatile CountDownLatch release = new CountDownLatch(1);
        /** What a peer's JVM is told: a process, or {@link Adit#HOSTED}. */
        private String options;
        private int started;
        private Adit peer;

        Side(String name, String options) throws IOException {
            this.name = name;
            this.options = options;
            this.origin = Origin.start();
            origin.on("/who", exchange -> Origin.answer(exchange, 200, name.getBytes(StandardCharsets.US_ASCII)));
            origin.on("/held", exchange -> {
                CountDownLatch until = release;
                held.incrementAndGet();
                try {
                    until.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                Origin.answer(exchange, 200, name.getBytes(StandardCharsets.US_ASCII));
            });
        }

        void start() throws Exception {
            started = ++starts;
            peer = Adit.start(options, List.of("peer", "--home", homes.resolve(name).toString(), "--invite", invitation,
                "--origin", origin.url(), "--drain-timeout", Long.toString(Await.DEADLINE.toSeconds())));
            peer.awaitReady();
        }

        /** Nobody kills the next one. */
        void kill() throws InterruptedException {
            peer.kill();
            peer.close();
            peer = null;
            options = Adit.HOSTED;
        }

        void close() {
            release.countDown();
            if (peer != null) {
                peer.close();
            }
            origin.close();
        }
    }

    @BeforeClass
    public static void begin() throws Exception {
        homes = Adit.folder("BalanceIT");
        bind = Program.find("named").isPresent() && Program.find("dig").isPresent() ? Bind.start(homes.resolve("bind"), "") : null;
        List<String> arguments = new ArrayList<>(List.of("proxy", "--home", homes.resolve("proxy").toString(), "--http-port", "0", "--tunnel-port", "0",
            "--admin-port", "0", "--set", "io.adit.registry:open.registration=true"));
        if (bind != null) {
            arguments.addAll(List.of("--set", "io.adit.registry:domain.resolver=" + bind.address()));
        }
        proxy = Adit.process(arguments.toArray(String[]::new));
        ready = proxy.awaitReady();
        web = new Web(ready.get("http"), NAME);
        invitation = Adit.run("invite", "--home", homes.resolve("proxy").toString(), "--peers", "2", NAME).get(0);
        SIDES.put("a", new Side("a", Adit.QUICK));
        SIDES.put("b", new Side("b", Adit.HOSTED));
    }

    @AfterClass
    public static void end() {
        SIDES.values().forEach(Side::close);
        SIDES.clear();
        if (proxy != null) {
            proxy.close();
        }
        if (bind != null) {
            bind.close();
        }
    }

    /** Whatever a test before it took away is there again. */
    @Before
    public void whole() throws Exception {
        for (Side side : SIDES.values()) {
            side.held.set(0);
            side.release = new CountDownLatch(1);
            if (side.peer == null) {
                side.start();
            }
        }
        Await.until("both serve", () -> peers() == 2);
    }

    /** How many serve the name, as the proxy knows. */
    private static int peers() throws Exception {
        return new Control(homes.resolve("proxy")).connected(NAME);
    }

    private static CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return web.client().sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int held() {
        return SIDES.values().stream().mapToInt(side -> side.held.get()).sum();
    }

    /** Each is at an origin before the next is sent. */
    private static List<CompletableFuture<HttpResponse<String>>> hold(int count, boolean post) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        int before = held();
        for (int i = 1; i <= count; i++) {
            answers.add(send(post ? web.request("/held").POST(HttpRequest.BodyPublishers.ofString("once")) : web.request("/held")));
            int all = before + i;
            Await.until("request " + i + " is held", () -> held() == all);
        }
        return answers;
    }

    private static String answer(CompletableFuture<HttpResponse<String>> answer) throws Exception {
        HttpResponse<String> response = answer.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        return response.statusCode() == 200 ? response.body() : Integer.toString(response.statusCode());
    }

    /** Visitors who ask, with short pauses, what may be asked twice. An answer that had begun may break off; nothing else may happen. */
    private static final class Load implements AutoCloseable {
        private final AtomicLong asked = new AtomicLong();
        private final AtomicLong broken = new AtomicLong();
        private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final CountDownLatch ended = new CountDownLatch(VISITORS);
        private volatile boolean over;

        Load() {
            IntStream.range(0, VISITORS).forEach(i -> SwapOrigin.daemon("visitor", this::visit));
        }

        private void visit() {
            while (!over) {
                try {
                    HttpResponse<InputStream> response = web.stream("/who");
                    try (InputStream body = response.body()) {
                        String text = new String(body.readAllBytes(), StandardCharsets.US_ASCII);
                        if (response.statusCode() != 200 || !SIDES.containsKey(text)) {
                            failures.add(response.statusCode() + " " + text);
                        }
                    } catch (IOException e) {
                        broken.incrementAndGet();
                    }
                } catch (Exception e) {
                    failures.add(e.toString());
                }
                asked.incrementAndGet();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            ended.countDown();
        }

        void awaitMore(int count) throws Exception {
            long enough = asked.get() + count;
            Await.until("more requests", () -> asked.get() >= enough);
        }

        @Override
        public void close() throws InterruptedException {
            over = true;
            assertTrue("visitors without an answer", ended.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    @Test
    public void loadGoesToTheOneWithTheFewestRequestsUnderWay() throws Exception {
        String line = Adit.run("names", "--home", homes.resolve("proxy").toString()).stream().filter(each -> each.startsWith(NAME + "\t")).findFirst().orElseThrow();
        assertTrue("the last column is how many there are: " + line, line.endsWith("\t2"));
        List<CompletableFuture<HttpResponse<String>>> answers = hold(10, false);
        assertEquals(5, SIDES.get("a").held.get());
        assertEquals(5, SIDES.get("b").held.get());
        SIDES.get("a").release.countDown();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            Await.until("those at a are answered", () -> answers.stream().filter(CompletableFuture::isDone).count() == 5);
            if (answer.isDone()) {
                assertEquals("a", answer(answer));
            }
        }
        for (int i = 0; i < 5; i++) {
            assertEquals("b has five under way", "a", answer(send(web.request("/who"))));
        }
        SIDES.get("b").release.countDown();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            answer(answer);
        }
        Map<String, Integer> shares = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            shares.merge(answer(send(web.request("/who"))), 1, Integer::sum);
        }
        assertEquals("each gets some where both have nothing to do: " + shares, SIDES.keySet(), shares.keySet());
    }

    @Test
    public void oneThatIsKilledLeavesTheOtherAndItsRequestsAreSentAgainWhereTheyMayBe() throws Exception {
        Side killed = SIDES.get("a");
        try (Load load = new Load()) {
            load.awaitMore(50);
            List<CompletableFuture<HttpResponse<String>>> repeatable = hold(8, false);
            List<CompletableFuture<HttpResponse<String>>> once = hold(8, true);
            int lost = killed.held.get();
            int there = SIDES.get("b").held.get();
            assertTrue("some of each at each: " + lost + " and " + there, lost >= 3 && there >= 3);
            killed.kill();
            Await.until("its posts are failed", () -> once.stream().anyMatch(CompletableFuture::isDone));
            load.awaitMore(200);
            assertEquals(1, peers());
            SIDES.get("b").release.countDown();
            for (CompletableFuture<HttpResponse<String>> answer : repeatable) {
                assertEquals("what may be asked twice was", "b", answer(answer));
            }
            int failed = 0;
            for (CompletableFuture<HttpResponse<String>> answer : once) {
                String text = answer(answer);
                assertTrue(text, text.equals("b") || text.equals("502"));
                failed += text.equals("502") ? 1 : 0;
            }
            assertTrue("and what may have been done was not: " + failed, failed > 0);
            killed.start();
            Await.until("it is back", () -> peers() == 2);
            load.awaitMore(50);
            load.close();
            System.out.println("BalanceIT kill -9 of one of two: " + load.asked + " asked, " + load.failures.size() + " failed, " + load.broken
                + " answers broke off; of held requests 8 GET sent again or served, " + failed + " of 8 POST refused with 502");
            assertEquals(List.of(), List.copyOf(load.failures));
        }
    }

    @Test
    public void oneThatIsStoppedFinishesWhatItHasAndNothingFails() throws Exception {
        Side stopped = SIDES.get("b");
        try (Load load = new Load()) {
            load.awaitMore(50);
            List<CompletableFuture<HttpResponse<String>>> answers = hold(10, true);
            int there = stopped.held.get();
            assertTrue("some at the one that is stopped: " + there, there >= 3);
            stopped.peer.terminate();
            load.awaitMore(200);
            Await.until("it gets nothing new", () -> {
                for (int i = 0; i < 20; i++) {
                    if (!answer(send(web.request("/who"))).equals("a")) {
                        return false;
                    }
                }
                return true;
            });
            SIDES.values().forEach(side -> side.release.countDown());
            Map<String, Integer> by = new TreeMap<>();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                by.merge(answer(answer), 1, Integer::sum);
            }
            assertEquals("each was finished where it was", Map.of("a", 10 - there, "b", there), by);
            stopped.peer.awaitExit(0);
            stopped.peer = null;
            load.awaitMore(50);
            load.close();
            System.out.println("BalanceIT SIGTERM of one of two: " + load.asked + " asked, " + load.failures.size() + " failed, " + load.broken + " answers broke off");
            assertEquals(List.of(), List.copyOf(load.failures));
            assertEquals(0, load.broken.get());
        }
    }

    @Test
    public void theOldestOfOneTooManyEndsAndSaysWhy() throws Exception {
        // by when they registered
        Side oldest = SIDES.values().stream().min(Comparator.comparingInt(side -> side.started)).orElseThrow();
        Side newest = SIDES.values().stream().filter(side -> side != oldest).findFirst().orElseThrow();
        if (newest.started < proxyStarted) { // which both registered with again, in whatever order
            newest.peer.stop();
            newest.start();
        }
        Side third = new Side("c", Adit.HOSTED);
        SIDES.put("c", third);
        try {
            third.start();
            assertEquals("adit: another peer with the same invitation took over '" + NAME + "'", oldest.peer.awaitRefusal(1));
            oldest.peer = null;
            Await.until("the other two serve", () -> peers() == 2);
            Map<String, Integer> shares = new TreeMap<>();
            for (int i = 0; i < 40; i++) {
                shares.merge(answer(send(web.request("/who"))), 1, Integer::sum);
            }
            assertEquals(List.of(newest.name, "c"), List.copyOf(shares.keySet()));
        } finally {
            SIDES.remove("c");
            third.close();
        }
    }

    private static Adit register(String home, String name, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("peer", "--home", homes.resolve(home).toString(), "--register", ready.get("tunnel"), "--name", name,
            "--origin", SIDES.get("a").origin.url()));
        arguments.addAll(List.of(more));
        return Adit.start(Adit.HOSTED, arguments);
    }

    @Test
    public void aNameOrADomainIsOnesOwnAlsoAfterTheProxyWasKilled() throws Exception {
        String certificate = new Control(homes.resolve("proxy")).invite("other").replaceFirst(".*cert=", "");
        aNameWithoutAnInvitationIsWhoseWhoComesFirst(certificate);
        String host = bind == null ? null : aDomainOfOnesOwnLeadsToTheNameAfterProofInDns();
        proxy.kill();
        proxyStarted = ++starts;
        proxy = Adit.start("proxy", "--home", homes.resolve("proxy").toString());
        assertEquals("the ports are the same", ready, proxy.awaitReady());
        aNameIsStillWhoseWhoCameFirst(certificate);
        Program.assumeInstalled(BalanceIT.class, "named", "dig");
        aDomainIsStillWhoseItWas(host);
    }

    private static void aNameWithoutAnInvitationIsWhoseWhoComesFirst(String certificate) throws Exception {
        try (Adit first = register("first", "Free")) {
            assertTrue(first.awaitReady().get("url").startsWith("http://free.localhost:"));
            assertEquals(List.of("the certificate of " + ready.get("tunnel") + ", which is trusted from now on: " + certificate),
                first.out().stream().filter(line -> line.startsWith("the certificate")).toList());
            assertEquals(200, new Web(ready.get("http"), "free").status("/who"));
            try (Adit reserved = register("reserved", "admin")) {
                assertEquals("adit: 'admin' is a reserved name", reserved.awaitRefusal(1));
            }
            first.stop();
        }
    }

    /** Another process, the same home: as with any invitation, also with the words of the first start; and another proxy. */
    private static void aNameIsStillWhoseWhoCameFirst(String certificate) throws Exception {
        try (Adit second = register("second", "free", "--cert", "SHA256:" + certificate)) {
            assertEquals("adit: the name 'free' is taken", second.awaitRefusal(1));
        }
        try (Adit again = register("first", "free")) {
            again.awaitReady();
            assertEquals(200, new Web(ready.get("http"), "free").status("/who"));
            again.stop();
        }
        try (Adit other = register("first", "another")) {
            String told = other.awaitRefusal(2);
            assertTrue(told, told.endsWith("this home has an invitation already, adit://free@" + ready.get("tunnel") + "; another name needs another --home"));
        }
        try (Adit wrong = register("wrong", "wrong", "--cert", "00".repeat(32))) {
            String told = wrong.awaitRefusal(1);
            assertTrue(told, told.contains("shows another certificate than the one that the invitation names"));
        }
    }

    /** @return the domain */
    private static String aDomainOfOnesOwnLeadsToTheNameAfterProofInDns() throws Exception {
        String home = homes.resolve("proxy").toString();
        Path zoneFile = homes.resolve("bind/zone.db");
        String host = "www." + Bind.ZONE;
        String record = Adit.run("domain", "--home", home, "add", NAME, host).get(0);
        assertTrue(record, record.matches("_adit\\.www\\.tunnel\\.example\\. TXT \"adit-domain=[0-9a-f]{40}\""));
        assertEquals("not yet", 404, status(host));
        try (Adit check = Adit.start("domain", "check", "--home", home, host)) {
            check.awaitExit(1);
            assertTrue(check.out().toString(), check.out().get(0).endsWith("\tthere is no _adit." + host));
        }

        String zone = Files.readString(zoneFile);
        bind.close();
        Files.writeString(zoneFile, zone + record + "\n_adit." + host + ". TXT \"v=spf1 -all\" \"another\"\n");
        bind.open();
        assertEquals(List.of(host, NAME, "active"), List.of(Adit.run("domain", "--home", home, "check", host).get(0).split("\t")).subList(0, 3));
        assertEquals(200, status(host));
        assertEquals(200, status(host.toUpperCase(Locale.ROOT) + ".:80"));
        assertEquals("not below it", 404, status("x." + host));
        return host;
    }

    private static void aDomainIsStillWhoseItWas(String host) throws Exception {
        String home = homes.resolve("proxy").toString();
        Await.until("it is kept", () -> status(host) == 200);
        Adit.run("domain", "--home", home, "remove", host, NAME);
        assertEquals(404, status(host));
        assertEquals(List.of(), Adit.run("domain", "list", "--home", home));
        try (Adit bad = Adit.start("domain", "--home", home, "add", NAME, "x.localhost")) {
            assertEquals("adit: 'x.localhost' is in the domain of the names", bad.awaitRefusal(1));
        }
    }

    private static int status(String host) throws Exception {
        HttpRequest.Builder request = web.request("/who").setHeader("Host", host);
        return web.client().send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
