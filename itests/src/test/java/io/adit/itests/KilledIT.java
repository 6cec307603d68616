package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http2.ErrorCode;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.FixMethodOrder;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.MethodSorters;

/**
 * What kill -9 does to all kinds of exchanges that are under way, of a peer, and then of the proxy; and what it leaves behind: nothing that keeps the other side,
 * or the next start, from working. The killed peer's name is waited for so long that another peer starts within that time, also on a slow machine. Each side is
 * a process until it is killed, and hosted after that.
 */
@RunWith(WithJettyClient.class)
@FixMethodOrder(MethodSorters.NAME_ASCENDING)
public class KilledIT {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\n" + WireTest.DATE + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    private static final String CHUNKED_BEGIN = CHUNKED.substring(0, CHUNKED.length() - 2);
    private static final String CUT = "HTTP/1.1 200 OK\r\n" + WireTest.DATE + "Content-Length: 9\r\n\r\nhello";
    private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n";
    private static final HttpFields HANDSHAKE = HttpFields.build().add("sec-websocket-version", "13").add("sec-websocket-protocol", "echo").asImmutable();
    private static final List<String> UNSAFE = List.of("/post", "/empty-post", "/put");

    private static ScriptedOrigin origin;
    private static Site site;
    private static URI secure;
    private static String late;

    @BeforeClass
    public static void start() throws Exception {
        origin = ScriptedOrigin.start();
        origin.answer("/probe", WireTest.PROBE);
        origin.answer("/hello", "HTTP/1.1 200 OK\r\nContent-Length: " + Origin.HELLO.length() + "\r\n\r\n" + Origin.HELLO);
        Path certificates = Adit.folder("KilledITTls");
        TlsFiles.write(certificates, "demo", "demo.localhost");
        site = Site.start("KilledIT", Adit.QUICK, List.of("--set", "io.adit.port:https.port=0", "--set", "io.adit.port:certificate.directory=" + certificates,
            "--set", "io.adit.registry:grace.millis=120000", "--set", "io.adit.proxy:response.timeout.millis=600000"), origin.url(), List.of());
        secure = URI.create(site.proxyAddress("https"));
        late = site.invite("late");
        site.invite("other");
    }

    @AfterClass
    public static void stop() throws Exception {
        try (Site closed = site; ScriptedOrigin silent = origin) {
            if (closed != null) {
                closed.peer().stop();
            }
        }
    }

    private static WireBrowser browser() throws Exception {
        return new WireBrowser(site.web());
    }

    private static ScriptedOrigin.Visit take(String path) throws Exception {
        return origin.take(path);
    }

    private static void probe(WireBrowser on) throws Exception {
        on.ask("GET /probe");
        on.expect(WireTest.PROBE);
    }

    @Test
    public void aPeersDeathBreaksWhatWasBegunAndWhatIsSafeIsSentAgain() throws Exception {
        for (String path : List.of("/chunked", "/length", "/old", "/raw", "/socket", "/get", "/post", "/empty-post", "/put")) {
            origin.hold(path);
        }
        try (WireBrowser chunked = browser().ask("GET /chunked"); WireBrowser length = browser().ask("GET /length");
                WireBrowser old = browser().ask10("GET /old"); WireBrowser upgraded = browser().ask("GET /raw", "Connection: Upgrade", "Upgrade: raw");
                Http2Visitor visitor = new Http2Visitor(secure); WireBrowser get = browser().ask("GET /get");
                WireBrowser post = browser().ask("POST /post", "Content-Length: 5").send("hello");
                WireBrowser empty = browser().ask("POST /empty-post", "Content-Length: 0");
                WireBrowser put = browser().ask("PUT /put", "Content-Length: 5").send("hello")) {
            Http2Visitor.Exchange socket = visitor.connect("websocket", secureHost(), "/socket", HANDSHAKE);
            List<ScriptedOrigin.Visit> begun = List.of(take("/chunked").send(CHUNKED), take("/length").send(CUT), take("/old").send(CHUNKED),
                take("/raw").send(SWITCH), take("/socket"));
            chunked.expect(CHUNKED_BEGIN);
            length.expect(CUT);
            old.head();
            old.expect("hello");
            talk(upgraded, begun.get(3));
            accept(socket, begun.get(4));
            ScriptedOrigin.Visit unanswered = take("/get");
            for (String path : UNSAFE) {
                take(path).body();
            }

            site.peer().kill();

            assertEquals("no last chunk", "", chunked.rest().strip());
            assertEquals("", length.rest());
            assertThrows("a plain end would be a complete response", SocketException.class, old::rest);
            assertThrows("a plain end would be one of the origin", SocketException.class, upgraded::rest);
            assertEquals(ErrorCode.CANCEL_STREAM_ERROR.code, socket.awaitReset());
            for (ScriptedOrigin.Visit visit : begun) {
                visit.awaitEnd();
            }
            for (WireBrowser unsafe : new WireBrowser[] {post, empty, put}) {
                assertEquals("502", unsafe.page());
            }
            unanswered.awaitEnd();

            // No invitation and no origin on the command line: its home has both.
            site.startPeerWith(Adit.HOSTED);
            assertEquals(List.of(), site.peer().err());
            assertTrue("it has its name back at once", states().contains("demo online"));
            take("/get").send(WireTest.PROBE).over();
            get.expect(WireTest.PROBE);
            probe(get);
            probe(post);
            Http2Visitor.Exchange other = visitor.get(secureHost(), "/probe");
            assertEquals("the connection serves on", 200, other.status());
            assertEquals("probe", new String(other.read(5), StandardCharsets.US_ASCII));
            for (String path : List.of("/get", "/post", "/empty-post", "/put")) {
                assertEquals(path, 0, origin.waiting(path));
            }
        }
    }

    private static String secureHost() {
        return "demo.localhost:" + secure.getPort();
    }

    private static void talk(WireBrowser browser, ScriptedOrigin.Visit visit) throws Exception {
        assertEquals("HTTP/1.1 101", browser.head().substring(0, 12));
        browser.send("ping");
        assertEquals("ping", visit.read(4));
        visit.send("pong");
        browser.expect("pong");
    }

    private static void accept(Http2Visitor.Exchange socket, ScriptedOrigin.Visit visit) throws Exception {
        String key = visit.head().replaceAll("(?is).*\r\nsec-websocket-key: *(\\S+)\r\n.*", "$1");
        visit.send(WebSocketEcho.accept(key, "echo"));
        assertEquals(200, socket.status());
    }

    @Test
    public void theProxysDeathEndsTheRequestAtTheOrigin() throws Exception {
        origin.hold("/case");
        try (WireBrowser wire = browser().ask("GET /case"); WireBrowser streaming = browser()) {
            ScriptedOrigin.Visit waiting = take("/case");
            streaming.ask("GET /case");
            ScriptedOrigin.Visit underWay = take("/case").send(CHUNKED);
            streaming.expect(CHUNKED_BEGIN);
            site.proxy().kill();
            waiting.awaitEnd();
            underWay.awaitEnd();
            assertFalse(seen(streaming).contains("0\r\n"));
        }
    }

    /** The last one: the proxy is another one after it. */
    @Test
    public void theirPeersAreBackAfterTheProxyWasKilledAndNamesSurvive() throws Exception {
        site.proxy().kill(); // if it was not yet
        try (Adit waiting = Adit.start("peer", "--home", site.folder().resolve("late").toString(), "--invite", late, "--origin", origin.url(),
                "--start-timeout", "1")) {
            Await.until("a peer that is started meanwhile says that it waits: " + waiting, () -> {
                assertTrue("it gave up: " + waiting, waiting.isAlive());
                return waiting.err().stream().anyMatch(each -> each.contains("trying on"));
            });
            site.startProxyWith(Adit.HOSTED);
            waiting.awaitReady();
            site.awaitServing();
            assertTrue("the other is still the same one", site.peer().isAlive());
            List<String> states = states();
            assertTrue(states.toString(), states.containsAll(List.of("demo online", "late online", "other offline")));
            waiting.stop();
        }
    }

    @Test
    public void aPeerThatIsStartedAgainWhileItsOldSessionHangsTakesOver() throws Exception {
        // The old connection stays open at the proxy, as after a crash of the machine or a NAT that forgot: its relay is left
        // standing, whichever way the peer ends.
        try (Relay relay = Relay.start(site.proxyAddress("tunnel"))) {
            String invitation = relay.through(site.invite("nomad"));
            String home = site.folder().resolve("nomad").toString();
            try (Adit first = Adit.start("peer", "--home", home, "--invite", invitation, "--origin", origin.url())) {
                first.awaitReady();
                relay.freeze();
            }
            try (Adit second = Adit.start("peer", "--home", home)) {
                second.awaitReady();
                assertEquals(200, site.web("nomad").status("/hello"));
                second.stop();
            }
        }
    }

    private static List<String> states() throws Exception {
        return site.names().stream().map(each -> each.split("\t")).map(each -> each[0] + " " + each[1]).toList();
    }

    /** What still comes, until the connection ends in whatever way. */
    private static String seen(WireBrowser wire) {
        try {
            return wire.rest();
        } catch (IOException reset) {
            return "";
        }
    }
}
