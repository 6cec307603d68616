package io.adit.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What {@code demo --swap=COUNT} does, with a proxy that answers for one: it uses the newest codec that is in both load folders. */
public class SwapLoopTest {

    static {
        DemoLoad.prepare();
    }

    private static final SwapLoop.Pace HURRIED = new SwapLoop.Pace(Duration.ofMillis(50), Duration.ofMillis(10));
    private static final long DEADLINE_SECONDS = 60;

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Integer> codecs = new CopyOnWriteArrayList<>();
    /** Until then the session does not say that it uses another codec. */
    private CountDownLatch swapped = new CountDownLatch(0);
    private HttpServer proxy;
    private Home proxyHome;
    private Home peerHome;

    @Before
    public void begin() throws Exception {
        proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.setExecutor(threads);
        proxy.createContext("/adit/api/names", exchange -> {
            await(swapped);
            codecs.add(codec());
            answer(exchange, 200, "application/json", "{\"names\":[{\"name\":\"demo\",\"state\":\"online\",\"codec\":" + codec() + "}]}");
        });
        proxy.createContext("/", exchange -> answer(exchange, 200, "text/html", "a page"));
        proxy.start();
        proxyHome = Home.of(temporary.getRoot().toPath().resolve("proxy"));
        peerHome = Home.of(temporary.getRoot().toPath().resolve("peer"));
        for (Home home : List.of(proxyHome, peerHome)) {
            for (Path folder : List.of(home.load(), home.data(), home.tokenFile().getParent())) {
                Files.createDirectories(folder);
            }
            for (int version = 1; version <= 2; version++) {
                Files.createFile(jar(home, version));
            }
        }
        Files.writeString(proxyHome.tokenFile(), "token");
        RunFile.write(proxyHome.runFile(), Map.of("admin", "http://127.0.0.1:" + proxy.getAddress().getPort()));
    }

    @After
    public void stop() {
        proxy.stop(0);
        threads.shutdownNow();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("not within " + DEADLINE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static Path jar(Home home, int version) {
        return home.load().resolve("io.adit.codec.v" + version + ".jar");
    }

    private int codec() {
        return Stream.of(proxyHome, peerHome).allMatch(home -> Files.exists(jar(home, 2))) ? 2 : 1;
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void run(int swaps) throws Exception {
        new SwapLoop(proxyHome, peerHome, "demo", end, HURRIED).run(URI.create("http://demo.localhost:" + proxy.getAddress().getPort() + "/"), swaps);
    }

    @Test
    public void afterSoManySwapsTheDemoEndsInOrder() throws Exception {
        run(3);
        assertEquals("out, back, out", List.of(1, 2, 1), codecs);
        assertEquals("as with Ctrl-C", DemoCommand.ASKED_TO_STOP, end.getNow(null));
        assertTrue("what is out is put back", Files.exists(jar(proxyHome, 2)) && Files.exists(jar(peerHome, 2)));
    }

    @Test
    public void aFailedRequestIsNoGoodEnd() throws Exception {
        // one more than there are visitors: somebody asks again, and has counted his first answer
        swapped = new CountDownLatch(DemoLoad.VISITORS + 1);
        proxy.removeContext("/");
        proxy.createContext("/", exchange -> {
            boolean out = codec() == 1;
            answer(exchange, out ? 502 : 200, "text/html", "a page");
            if (out) {
                swapped.countDown();
            }
        });
        assertEquals("requests failed during the swaps", assertThrows(CommandFailure.class, () -> run(1)).getMessage());
        assertFalse(end.isDone());
        assertTrue(Files.exists(jar(proxyHome, 2)));
    }
}
