package io.adit.share;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The servlet in a Jetty of its own on a free loopback port, set up as the runtime's Jetty is. */
final class ShareServer implements AutoCloseable {

    static final int THREADS = 8;

    final ShareServlet servlet;
    final QueuedThreadPool threads = new QueuedThreadPool(THREADS, THREADS);
    private final Server server = new Server(threads);
    private final ServerConnector connector;
    private final HttpClient client = HttpClient.newHttpClient();

    ShareServer(Path folder, Map<String, ?> values, String context, int idleMillis) throws Exception {
        Map<String, Object> all = new HashMap<>(values);
        all.put("folder", folder.toString());
        ShareOptions options = ShareOptions.of(ShareOptionsTest.config(all));
        servlet = new ShareServlet(options);
        HttpConfiguration http = new HttpConfiguration();
        http.setUriCompliance(UriCompliance.UNSAFE);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(idleMillis);
        // Small, so that a reader that does not read is noticed after a few hundred kilobytes.
        connector.setAcceptedSendBufferSize(65_536);
        server.addConnector(connector);
        ServletContextHandler handler = new ServletContextHandler(context);
        handler.getServletHandler().setDecodeAmbiguousURIs(true);
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        handler.addServlet(holder, options.prefix().isEmpty() ? "/*" : "/" + String.join("/", options.prefix()) + "/*");
        server.setHandler(handler);
        server.start();
    }

    ShareServer(Path folder, Map<String, ?> values) throws Exception {
        this(folder, values, "/", 30_000);
    }

    HttpResponse<byte[]> send(String method, String target, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connector.getLocalPort() + target))
            .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(String target, String... headers) throws IOException, InterruptedException {
        return send("GET", target, headers);
    }

    /** A connection that has sent a GET request and reads nothing yet. */
    Socket open(String target) throws IOException {
        Socket socket = new Socket();
        socket.setOption(StandardSocketOptions.SO_RCVBUF, 32_768);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress("127.0.0.1", connector.getLocalPort()));
        socket.getOutputStream().write(("GET " + target
            + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    /** The status of a raw request target, that no client library has touched. */
    int status(String target) throws IOException {
        try (Socket socket = open(target)) {
            return Integer.parseInt(head(socket.getInputStream()).substring(9, 12));
        }
    }

    /** Reads the response's head, with the empty line after it. */
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("end of the connection after " + head);
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
