package io.adit.itests;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

/** The web server behind the firewall: one handler a path, a thread a request. Always there: {@code /hello} and {@code /echo}. */
final class Origin implements AutoCloseable {

    static final String HELLO = "hello from behind the firewall\n";

    private static final int BACKLOG = 2048;

    private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "origin");
        thread.setDaemon(true);
        return thread;
    });
    private final int port;
    private HttpServer server;

    private Origin(int port) {
        this.port = port;
    }

    static Origin start() throws IOException {
        Origin origin = new Origin(Ports.free());
        origin.on("/hello", exchange -> answer(exchange, 200, HELLO.getBytes(StandardCharsets.UTF_8)));
        origin.on("/echo", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                exchange.getRequestBody().transferTo(out);
            }
        });
        origin.open();
        return origin;
    }

    /** Listens again, on the port that it always had. */
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                handlers.getOrDefault(exchange.getRequestURI().getPath(), unknown -> answer(unknown, 404, new byte[0]))
                    .handle(exchange);
            }
        });
        server.start();
    }

    void on(String path, HttpHandler handler) {
        handlers.put(path, handler);
    }

    static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Nobody listens any more, and connections end. */
    void shut() {
        server.stop(0);
    }

    @Override
    public void close() {
        shut();
        threads.shutdownNow();
    }
}
