package io.adit.webhook;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpServer;
import io.adit.api.Presence;
import io.adit.api.packet.Fields;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A hook, as the HTTP server sees it that it calls. */
public class HookTest {

    private static final String PID = "io.adit.webhook~team";
    private static final String SECRET = "sixteen or more.";
    private static final Path HOME = Path.of("target");

    private record Call(String method, String path, String type, String signature, String body) {
    }

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** What is answered with 500, always. */
    private volatile String broken = "";
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private HttpServer server;
    private Hook hook;

    @Before
    public void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            calls.add(new Call(exchange.getRequestMethod(), exchange.getRequestURI().toString(), exchange.getRequestHeaders().getFirst("Content-Type"),
                    exchange.getRequestHeaders().getFirst("Adit-Signature"), body));
            try {
                assertTrue(gate.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Integer status = !broken.isEmpty() && body.contains(broken) ? Integer.valueOf(500) : statuses.poll();
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status == null ? 204 : status, -1);
            exchange.close();
        });
        server.setExecutor(threads); // one that waits holds no other up
        server.start();
    }

    @After
    public void stop() {
        gate.countDown();
        if (hook != null) {
            hook.close();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    private Hook hook(Object... settings) {
        Map<String, Object> all = new HashMap<>(Map.of("url", "http://127.0.0.1:" + server.getAddress().getPort() + "/hook?token=x", "secret", SECRET, "retry.millis", 10));
        for (int i = 0; i < settings.length; i += 2) {
            all.put((String) settings[i], settings[i + 1]);
        }
        hook = new Hook(Options.of(PID, config(all), HOME), Clock.systemUTC());
        return hook;
    }

    private static WebhookConfig config(Map<String, Object> given) {
        return (WebhookConfig) Proxy.newProxyInstance(WebhookConfig.class.getClassLoader(), new Class<?>[] {WebhookConfig.class}, (proxy, method, arguments) -> {
            String key = method.getName().replace('_', '.');
            return key.equals("annotationType") ? (Class<? extends Annotation>) WebhookConfig.class : given.getOrDefault(key, method.getDefaultValue());
        });
    }

    private static Presence presence(String name) {
        return new Presence(name, "http://" + name + ".localhost:8080/", "proxy", List.of(), Instant.EPOCH, Fields.EMPTY);
    }

    private Call next() throws Exception {
        Call call = calls.poll(60, TimeUnit.SECONDS);
        assertNotNull("a call", call);
        return call;
    }

    private static String what(Call call) {
        return call.body().replaceAll(".*\"event\":\"([a-z]+)\",\"name\":\"([a-z0-9]+)\".*", "$1 $2");
    }

    @Test
    public void aChangeIsAPostOfSmallJsonSignedOverTimeAndBody() throws Exception {
        hook().online(presence("alice"));
        Call call = next();
        assertEquals("POST", call.method());
        assertEquals("/hook?token=x", call.path());
        assertEquals("application/json", call.type());
        assertTrue(call.body(), Pattern.matches("\\{\"id\":\"[0-9a-f-]{36}\",\"event\":\"online\",\"name\":\"alice\",\"url\":\"http://alice\\.localhost:8080/\","
                + "\"time\":\"20[0-9T:.-]+Z\"\\}", call.body()));
        long seconds = Long.parseLong(call.signature().replaceAll("t=([0-9]+),.*", "$1"));
        assertTrue("now", Math.abs(seconds - Instant.now().getEpochSecond()) < 600);
        assertEquals(Signature.of(SECRET.getBytes(StandardCharsets.US_ASCII), seconds, call.body()), call.signature());
    }

    @Test
    public void theSignatureIsWhatOthersCompute() {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac 'sixteen or more.'
        assertEquals("t=1700000000,v1=7209a12df080fc60c309cd093030f3b3dea73043f691f6363225f2668db10804", Signature.of(SECRET.getBytes(StandardCharsets.US_ASCII), 1_700_000_000L, "{}"));
    }

    @Test
    public void allThreeEventsComeInOrderAndOnceEach() throws Exception {
        hook();
        hook.online(presence("alice"));
        assertEquals("online alice", what(next()));
        hook.online(presence("alice"));
        hook.offline("alice");
        Call offline = next();
        assertEquals("offline alice", what(offline));
        assertTrue("the URL is known still", offline.body().contains("\"url\":\"http://alice.localhost:8080/\""));
        hook.offline("alice");
        hook.ended("alice");
        assertEquals("ended alice", what(next()));
        hook.offline("bob");
        Call unknown = next();
        assertEquals("offline bob", what(unknown));
        assertTrue(unknown.body(), unknown.body().contains("\"url\":null"));
    }

    @Test
    public void whatMayPassIsTriedAgainWithTheSameIdAndANewSignature() throws Exception {
        statuses.addAll(List.of(500, 503, 429, 408));
        hook().online(presence("alice"));
        Call first = next();
        for (int i = 0; i < 4; i++) {
            assertEquals(first.body(), next().body());
            if (i < 3) { // what came before this call is known, and this one's answer is one more failure, or not there yet
                assertTrue(hook.conditions().toString(), hook.conditions().get(0).toString().matches("WARN webhook: \\S+: status [0-9]{3}\\. Does that server run.*"));
            }
        }
        hook.offline("alice");
        assertEquals("offline alice", what(next()));
        assertTrue("what came before that call was taken", hook.conditions().get(0).toString().startsWith("OK webhook: "));
    }

    @Test
    public void aNameThatTheServerCannotDigestHoldsNoOtherUp() throws Exception {
        broken = "poison";
        hook();
        hook.online(presence("poison"));
        assertEquals("online poison", what(next()));
        hook.online(presence("alice"));
        hook.online(presence("bob"));
        List<String> others = new ArrayList<>();
        while (others.size() < 2) {
            String what = what(next());
            if (!what.equals("online poison")) {
                others.add(what);
            }
        }
        assertEquals(List.of("online alice", "online bob"), others);
        broken = "";
        for (String last = what(next()); !last.equals("online poison"); last = what(next())) {
            continue; // it is tried still
        }
    }

    @Test
    public void whatIsRefusedOrRedirectedIsNotTriedAgain() throws Exception {
        statuses.addAll(List.of(400, 302, 410, 204));
        hook();
        for (String name : List.of("a", "b", "c", "d")) {
            hook.online(presence(name));
            Call call = next();
            assertEquals("online " + name, what(call));
            assertEquals("no redirect is followed", "/hook?token=x", call.path());
        }
    }

    @Test
    public void ofEachNameTheNewestWaitsAndTheOldestBeyondTheQueueIsDropped() throws Exception {
        gate = new CountDownLatch(1);
        hook("queue.max", 3);
        hook.online(presence("first"));
        assertEquals("online first", what(next()));
        hook.online(presence("a"));
        hook.online(presence("b"));
        hook.offline("a");
        hook.online(presence("c"));
        gate.countDown();
        assertEquals("of three, the oldest was the one under way", List.of("online b", "offline a", "online c"), List.of(what(next()), what(next()), what(next())));
    }

    @Test
    public void aServerThatSaysNothingHoldsItUpForTheTimeOutOnly() throws Exception {
        gate = new CountDownLatch(1);
        hook("timeout.seconds", 1, "give.up.seconds", 1);
        hook.online(presence("alice"));
        next();
        hook.offline("alice");
        String after = what(next());
        while (after.equals("online alice")) {
            after = what(next());
        }
        assertEquals("offline alice", after);
    }

    @Test
    public void aClosedHookLeavesNoThread() {
        hook().online(presence("alice"));
        hook.close();
        assertFalse(Thread.getAllStackTraces().keySet().stream().anyMatch(each -> each.getName().equals("adit-webhook")));
    }

    @Test
    public void whatCannotBeIsNamedAndNoSecretIsShown() {
        Map<String, Object> good = Map.of("url", "https://example.org/T0KEN", "secret", SECRET);
        for (Map.Entry<String, Object> bad : Map.<String, Object>of("url", "ftp://example.org/T0KEN", "secret", "T0KEN", "timeout.seconds", 0, "queue.max", 0, "retry.millis", 1,
                "retry.max.millis", 999, "give.up.seconds", 0).entrySet()) {
            Map<String, Object> all = new HashMap<>(good);
            all.put(bad.getKey(), bad.getValue());
            String message = assertThrows(IllegalArgumentException.class, () -> Options.of(PID, config(all), HOME)).getMessage();
            assertTrue(message, message.startsWith(PID + ": " + bad.getKey() + " must be") && !message.contains("T0KEN"));
        }
        for (String url : new String[] {"", "example.org", "http://", "http://u:p@example.org/", "file:///etc/passwd", "http://a b/", "javascript:x"}) {
            Map<String, Object> all = new HashMap<>(good);
            all.put("url", url);
            assertThrows(url, IllegalArgumentException.class, () -> Options.of(PID, config(all), HOME));
        }
        assertEquals("https://example.org", Options.of(PID, config(good), HOME).toString());
    }

    @Test
    public void secretAndUrlMayBeInFiles() throws Exception {
        Path secret = Files.writeString(temporary.getRoot().toPath().resolve("secret"), SECRET + "\n");
        Path url = Files.writeString(temporary.getRoot().toPath().resolve("url"), " https://example.org/T0KEN \n");
        Map<String, Object> files = Map.of("url.file", "url", "secret.file", secret.toString());
        Options options = Options.of(PID, config(files), url.getParent());
        assertEquals(URI.create("https://example.org/T0KEN"), options.url());
        assertEquals(SECRET, new String(options.secret(), StandardCharsets.UTF_8));
        Files.writeString(secret, "T0KEN");
        assertEquals("io.adit.webhook~team: secret.file " + secret + " must be at least 16 characters, not '(5 characters)'", refused(files, url.getParent()));
        Files.writeString(secret, SECRET);
        Files.writeString(url, "ftp://T0KEN/");
        assertEquals("io.adit.webhook~team: url.file url must be an http or https URL without user, not '(not shown)'", refused(files, url.getParent()));
        Files.delete(url);
        assertEquals("io.adit.webhook~team: url.file: " + url + ": there is no such file", refused(files, url.getParent()));
        assertEquals("io.adit.webhook~team: secret and secret.file are both set", refused(Map.of("url", "https://example.org/", "secret", SECRET, "secret.file", "x"), HOME));
        assertEquals("io.adit.webhook~team: secret or secret.file must be set", refused(Map.of("url", "https://example.org/"), HOME));
    }

    private static String refused(Map<String, Object> given, Path home) {
        return assertThrows(IllegalArgumentException.class, () -> Options.of(PID, config(given), home)).getMessage();
    }

    @Test
    public void jsonIsJsonWhateverIsInIt() {
        Event event = new Event(new UUID(0, 0), Event.Kind.ENDED, "a\"\\\n\u00fc", "", Instant.EPOCH);
        assertEquals("{\"id\":\"00000000-0000-0000-0000-000000000000\",\"event\":\"ended\",\"name\":\"a\\\"\\\\\\u000a\\u00fc\",\"url\":null,\"time\":\"1970-01-01T00:00:00Z\"}",
                event.json());
    }
}
