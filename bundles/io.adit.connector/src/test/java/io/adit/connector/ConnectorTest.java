package io.adit.connector;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.MessageStream;
import io.adit.api.PeerNode;
import io.adit.api.PeerSession;
import io.adit.api.Proof;
import io.adit.api.SessionInfo;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.Registered;
import io.adit.tunnel.Transport;
import io.adit.tunnel.TransportListener;
import io.adit.tunnel.Tunnel;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;

/** The connector between sockets that accept and say nothing, and an engine that says what the test says. */
public class ConnectorTest {

    @Rule
    public final TemporaryFolder home = new TemporaryFolder();

    private static final byte[] TICKET = {1, 2, 3};
    private static final Map<String, Object> NAMED = Map.of("service.pid", "io.adit.connector~demo");

    private final BlockingQueue<Dialled> dials = new LinkedBlockingQueue<>();
    /** The properties of each service that is there. */
    private final List<Map<String, Object>> services = new CopyOnWriteArrayList<>();
    private final List<ServerSocket> servers = new ArrayList<>();
    private final CompletableFuture<Function<Duration, CompletionStage<Void>>> drain = new CompletableFuture<>();
    private final CompletableFuture<PeerNode> node = new CompletableFuture<>();
    private int registrar;
    private int p1;
    private Connector connector;

    /** A connection that the connector made. */
    private record Dialled(int port, Tunnel.PeerSide side, Session session) {

        void opened(Registered answer) {
            side.opened(answer, session);
        }

        void closed(ErrorCode code) {
            session.closed.complete(code);
            side.closed(code, true, "");
        }
    }

    /** A session that is closed when told to. */
    private static final class Session implements PeerSession {
        private final CompletableFuture<ErrorCode> closed = new CompletableFuture<>();
        private volatile ErrorCode drained;

        @Override
        public String id() {
            return "s";
        }

        @Override
        public MessageStream open(RequestHead head, ByteBuffer data, boolean last) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> drain(Duration deadline, ErrorCode code) {
            drained = code;
            closed.complete(code);
            return closed.thenAccept(reason -> { });
        }

        @Override
        public void close(ErrorCode code, String reason) {
            closed.complete(code);
        }

        @Override
        public CompletionStage<ErrorCode> closed() {
            return closed;
        }

        @Override
        public Fields details() {
            return Fields.EMPTY;
        }

        @Override
        public int load() {
            return 0;
        }

        @Override
        public SessionInfo info() {
            return new SessionInfo("s", "", Instant.EPOCH, 2, 0, 0, 0, 0, 0, "open");
        }
    }

    private final class Engine implements Tunnel {
        @Override
        public TransportListener accept(Transport transport, byte[] fingerprint, ProxySide side) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TransportListener connect(Transport transport, byte[] fingerprint, PeerSide side) {
            dials.add(new Dialled(Integer.parseInt(transport.remote().replaceAll(".*:", "")), side, new Session()));
            return new TransportListener() {
                @Override
                public void received(ByteBuffer data) {
                    // nobody sends
                }

                @Override
                public void closed(Throwable cause) {
                    // the test says when
                }
            };
        }
    }

    private int listen() throws Exception {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        servers.add(server);
        return server.getLocalPort();
    }

    @SuppressWarnings("unchecked")
    private static <T> T proxy(Class<T> type, java.lang.reflect.InvocationHandler handler) {
        return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    @SuppressWarnings("unchecked")
    private BundleContext context() {
        return proxy(BundleContext.class, (self, method, args) -> switch (method.getName()) {
            case "getBundle" -> proxy(Bundle.class, (bundle, asked, none) -> Version.parseVersion("1.2.3"));
            case "registerService" -> {
                if (args[1] instanceof PeerNode shown) {
                    node.complete(shown);
                }
                if (args[0] == Function.class) {
                    drain.complete((Function<Duration, CompletionStage<Void>>) args[1]);
                }
                Map<String, Object> properties = map((Dictionary<?, ?>) args[2]);
                services.add(properties);
                yield proxy(ServiceRegistration.class, (registration, asked, given) -> {
                    if (asked.getName().equals("unregister")) {
                        services.removeIf(each -> each == properties);
                    } else {
                        properties.putAll(map((Dictionary<?, ?>) given[0]));
                    }
                    return null;
                });
            }
            case "getProperty" -> home.getRoot().toString();
            default -> null;
        });
    }

    private static Map<String, Object> map(Dictionary<?, ?> dictionary) {
        Map<String, Object> map = new java.util.concurrent.ConcurrentHashMap<>();
        dictionary.keys().asIterator().forEachRemaining(key -> map.put((String) key, dictionary.get(key)));
        return map;
    }

    @Before
    public void listening() throws Exception {
        registrar = listen();
        p1 = listen();
    }

    @After
    public void stop() throws Exception {
        connector.deactivate();
        for (ServerSocket server : servers) {
            server.close();
        }
    }

    private void start(Object... more) {
        Map<String, Object> configuration = new HashMap<>(Map.of("retry.millis", 20, "drain.timeout.millis", 100,
                "invitation", new Invitation("127.0.0.1", registrar, "demo", new byte[32], new byte[0]).text()));
        for (int i = 0; i < more.length; i += 2) {
            configuration.put((String) more[i], more[i + 1]);
        }
        connector = new Connector(context(), Config.of(configuration), new Engine(), NAMED);
        connector.addCodec(null);
    }

    private Dialled next(int port) throws InterruptedException {
        Dialled dialled = dials.poll(60, TimeUnit.SECONDS);
        assertTrue("a dial of " + port, dialled != null && dialled.port() == port);
        return dialled;
    }

    private static Registered here(String url) {
        return new Registered("demo", "main", "127.0.0.1", 1, url, new byte[32], new byte[0], Fields.EMPTY);
    }

    private Registered assigned(int port) {
        return new Registered("demo", "p1", "127.0.0.1", port, "http://p1/", new byte[32], TICKET, Fields.of("cert", "off"));
    }

    private Object property(String key) {
        return services.stream().map(each -> each.get(key)).filter(each -> each != null).findFirst().orElse(null);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(what, System.nanoTime() < end);
            TimeUnit.MILLISECONDS.sleep(5); // between looks
        }
    }

    /** Serves at p1, by way of the registration server. */
    private Dialled served() throws InterruptedException {
        Dialled asked = next(registrar);
        asked.opened(assigned(p1));
        Dialled at = next(p1);
        asked.closed(ErrorCode.MOVED);
        at.opened(here("http://p1/"));
        await("it serves", () -> "http://p1/".equals(property("url")));
        return at;
    }

    @Test
    public void A6_aRenamedPeerRegistersWithItsNewNameWhereItIsAssignedTo() throws Exception {
        start();
        next(registrar).opened(new Registered("shop", "p1", "127.0.0.1", p1, "http://shop/", new byte[32], TICKET, Fields.of("cert", "off")));
        assertEquals("shop", next(p1).side().name());
    }

    @Test
    public void anExpiredInvitationIsNotTriedAgain() throws Exception {
        start();
        next(registrar).closed(ErrorCode.EXPIRED);
        await("it gives up", () -> property("message") != null);
        assertEquals("the invitation for 'demo' has expired", property("message"));
        assertEquals(PeerNode.Trouble.INVITATION, node.get(60, TimeUnit.SECONDS).trouble());
        assertEquals("stopped", node.get(60, TimeUnit.SECONDS).status().state());
        assertTrue(dials.isEmpty());
    }

    @Test
    public void aTunnelThatGaveUpEndsNoContainerInWhichAnotherGoesOn() throws Exception {
        start();
        Map<String, Object> mine = services.stream().filter(each -> "demo".equals(each.get("name"))).findFirst().orElseThrow();
        next(registrar).closed(ErrorCode.NO_CODEC);
        next(registrar).closed(ErrorCode.REVOKED);
        await("it gives up", () -> property("message") != null);
        Filter unless = FrameworkUtil.createFilter((String) property("unless"));
        assertFalse("not for itself", unless.matches(asNode((String) mine.get("state"))));
        assertTrue(unless.matches(asNode("connecting")));
        assertTrue(unless.matches(asNode("connected")));
        assertEquals("what was in the way before is not any more", null, property("io.adit.trouble"));
    }

    private static Map<String, Object> asNode(String state) {
        return Map.of("objectClass", new String[] {PeerNode.class.getName(), "more"}, "state", state);
    }

    @Test
    public void whatKeepsItFromBeingConnectedIsTold() throws Exception {
        start();
        PeerNode shown = node.get(60, TimeUnit.SECONDS);
        next(registrar).closed(ErrorCode.NO_CODEC);
        await("codec", () -> shown.trouble() == PeerNode.Trouble.CODEC);
        Dialled lost = next(registrar);
        lost.closed(ErrorCode.KEEP_ALIVE);
        await("network", () -> shown.trouble() == PeerNode.Trouble.NETWORK);
        assertTrue("it tries again", shown.nextAttempt().isPresent());
        next(registrar).opened(here("http://main/"));
        await("it serves", () -> "http://main/".equals(property("url")));
        await("no trouble", () -> shown.trouble() == PeerNode.Trouble.NONE && shown.nextAttempt().isEmpty());
        assertEquals("127.0.0.1", shown.way().orElseThrow().invitation().host());
    }

    @Test
    public void R4_itGoesOnToTheAssignedProxyWithTheTicket() throws Exception {
        start();
        Dialled asked = next(registrar);
        assertEquals(0, asked.side().ticket().length);
        assertEquals("nothing but what tells it from other peers of its name", 1, asked.side().details().size());
        asked.opened(assigned(p1));
        Dialled at = next(p1);
        assertArrayEquals(TICKET, at.side().ticket());
        assertEquals("demo", at.side().name());
        assertEquals("the session that serves nothing ends", ErrorCode.MOVED, asked.session().closed.get(60, TimeUnit.SECONDS));
        assertEquals("not before it serves", null, property("url"));
        at.opened(here("http://p1/"));
        await("it serves", () -> "http://p1/".equals(property("url")));
    }

    @Test
    public void aProxyThatIsNotThereIsAvoided() throws Exception {
        start();
        servers.get(1).close();
        next(registrar).opened(assigned(p1));
        Dialled again = next(registrar);
        assertEquals("p1", again.side().details().first("avoid"));
        again.opened(here("http://main/"));
        await("it serves", () -> "http://main/".equals(property("url")));
    }

    @Test
    public void whatIsConfiguredGoesToBothWithOrWithoutAProxyToAvoid() throws Exception {
        start("title", "Photos", "owner", "me@example.org");
        Dialled asked = next(registrar);
        Fields configured = asked.side().details();
        assertEquals(Fields.of("owner", "me@example.org", "title", "Photos", "instance", configured.first("instance")), configured);
        int p2 = listen();
        asked.opened(assigned(p2));
        Dialled at = next(p2);
        assertEquals(configured, at.side().details());
        at.closed(ErrorCode.SESSION_LOST);
        assertEquals(Fields.builder().addAll(configured).add("avoid", "p1").build(), next(registrar).side().details());
    }

    @Test
    public void O1_whoHasNoInvitationSaysWhatItsSecretIsCheckedByToTheRegistrationServerOnly() throws Exception {
        start("register", true, "invitation", new Invitation("127.0.0.1", registrar, "demo", new byte[32], new byte[32]).text());
        Dialled asked = next(registrar);
        Proof.Verifier verifier = Proof.verifier(new byte[32]);
        assertEquals(Proof.hex(verifier.storedKey()) + Proof.hex(verifier.serverKey()), asked.side().details().first("verifier"));
        asked.opened(assigned(p1));
        assertEquals(null, next(p1).side().details().first("verifier"));
    }

    @Test
    public void whatIsRefusedIsNamedByThePidOfItsConfiguration() {
        start();
        assertEquals("io.adit.connector~demo: invitation.file: " + home.getRoot().toPath().resolve("nowhere") + ": there is no such file",
                refused(Map.of("invitation.file", "nowhere")));
        assertEquals("io.adit.connector~demo: invitation or invitation.file must be set", refused(Map.of()));
        String invitation = new Invitation("127.0.0.1", registrar, "demo", new byte[32], new byte[0]).text();
        assertEquals("io.adit.connector~demo: register must be false, for a proxy and without TLS, not 'true'", refused(Map.of("register", true, "invitation", invitation)));
        Map<String, Object> others = Map.of("title", "two\nlines", "owner", "nobody", "retry.millis", 9, "retry.fast.for.millis", -1, "retry.max.millis", 99,
                "handler.timeout.millis", -1, "handler.waiting", -1, "drain.timeout.millis", -1, "connect.timeout.millis", 99, "dial.via", "nowhere");
        others.forEach((key, value) -> {
            String message = refused(Map.of("invitation", invitation, key, value));
            assertTrue(message, message.startsWith("io.adit.connector~demo: " + key));
        });
        assertEquals("io.adit.connector~demo: role must be peer or proxy, not 'both'", refused(Map.of("invitation", invitation, "role", "both")));
    }

    private String refused(Map<String, Object> configuration) {
        return assertThrows(IllegalArgumentException.class, () -> new Connector(context(), Config.of(configuration), new Engine(), NAMED)).getMessage();
    }

    @Test
    public void whatAnAssignedProxyAnswersWhileTheConnectorStopsIsDrained() throws Exception {
        start("drain.timeout.millis", 60_000);
        next(registrar).opened(assigned(p1));
        Dialled at = next(p1);
        CompletableFuture<Void> drained = drain.get(60, TimeUnit.SECONDS).apply(Duration.ofSeconds(60)).toCompletableFuture();
        assertFalse(drained.isDone());
        at.opened(here("http://p1/"));
        drained.get(60, TimeUnit.SECONDS);
        assertEquals(ErrorCode.SHUTDOWN, at.session().drained);
    }

    @Test
    public void aLostSessionLeadsToTheRegistrationServerAndThenToTheProxyWhileTheTicketIsGood() throws Exception {
        start();
        served().closed(ErrorCode.SESSION_LOST);
        next(registrar).closed(ErrorCode.SESSION_LOST);
        assertEquals(null, property("url"));
        Dialled direct = next(p1);
        assertArrayEquals(TICKET, direct.side().ticket());
        direct.closed(ErrorCode.TICKET);
        next(registrar).closed(ErrorCode.SESSION_LOST);
        Dialled last = next(registrar);
        assertFalse("it answers", last.side().details().contains("avoid"));
    }

    @Test
    public void whoHasOnlyATicketDoesNotEndIt() throws Exception {
        start();
        next(registrar).opened(assigned(p1));
        next(p1).closed(ErrorCode.UNAUTHORIZED);
        next(registrar).closed(ErrorCode.UNAUTHORIZED);
        await("the registration server does", () -> property("message") != null);
        assertEquals(ErrorCode.UNAUTHORIZED.text(), property("message"));
        assertEquals(null, dials.poll(200, TimeUnit.MILLISECONDS));
    }

    @Test
    public void D6_aMoveHasNoGap() throws Exception {
        start();
        Dialled old = served();
        old.side().goingAway(ErrorCode.MOVED);
        Dialled asked = next(registrar);
        assertEquals("nothing but what tells it from other peers of its name", 1, asked.side().details().size());
        assertEquals("the old one serves on", "http://p1/", property("url"));
        assertFalse(old.session().closed.isDone());
        int p2 = listen();
        asked.opened(assigned(p2));
        next(p2).opened(here("http://p2/"));
        await("the new one serves", () -> "http://p2/".equals(property("url")));
        old.closed(ErrorCode.REPLACED);
        assertEquals("its end is none of the new one's", null, dials.poll(200, TimeUnit.MILLISECONDS));
        assertEquals("http://p2/", property("url"));
        assertEquals(null, property("message"));
    }

    @Test
    public void aProxyThatStopsIsLeftAtOnce() throws Exception {
        start();
        served().side().goingAway(ErrorCode.SHUTDOWN);
        assertEquals("p1", next(registrar).side().details().first("avoid"));
    }

    @Test
    public void aProxyThatIsStartedAgainHasItsPeersBackByTheirTicketsWhileTheRegistrationServerIsAway() throws Exception {
        start();
        Dialled old = served();
        servers.get(0).close();
        old.side().goingAway(ErrorCode.SHUTDOWN);
        old.closed(ErrorCode.SHUTDOWN);
        Dialled stops = next(p1);
        assertArrayEquals(TICKET, stops.side().ticket());
        stops.closed(ErrorCode.SHUTDOWN);
        Dialled again = next(p1);
        assertArrayEquals(TICKET, again.side().ticket());
        again.opened(here("http://p1/"));
        await("it serves", () -> "http://p1/".equals(property("url")));
    }

    @Test
    public void whoTookTheNameOverHasIt() throws Exception {
        start();
        Dialled at = served();
        at.side().goingAway(ErrorCode.REPLACED);
        at.closed(ErrorCode.REPLACED);
        await("it gives up", () -> property("message") != null);
        assertEquals("another peer with the same invitation took over 'demo'", property("message"));
        assertEquals(PeerNode.Trouble.TAKEN_OVER, node.get(60, TimeUnit.SECONDS).trouble());
        assertEquals(null, dials.poll(200, TimeUnit.MILLISECONDS));
    }

    @Test
    public void aDrainIsOfAllSessions() throws Exception {
        start();
        Dialled old = served();
        old.side().goingAway(ErrorCode.MOVED);
        Dialled asked = next(registrar);
        asked.opened(here("http://main/"));
        await("it serves", () -> "http://main/".equals(property("url")));
        connector.deactivate();
        assertEquals(ErrorCode.SHUTDOWN, old.session().drained);
        assertEquals(ErrorCode.SHUTDOWN, asked.session().drained);
        start();
    }

    @Test
    public void R1_aProxyLinksOnlyWithAnInvitationOfAProxy() throws Exception {
        start("role", "proxy");
        assertFalse("the link is needed until the proxy has drained", services.stream().anyMatch(each -> each.containsKey("io.adit.drain")));
        Dialled asked = next(registrar);
        assertEquals("proxy", asked.side().details().first("role"));
        asked.opened(here("http://demo/"));
        await("it gives up", () -> property("message") != null);
        assertEquals("the invitation for 'demo' is not one for a proxy", property("message"));
        assertEquals("without its link a proxy ends", null, property("unless"));
        await("the session ends", () -> asked.session().closed.isDone());
    }
}
