package io.adit.itests;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Visitors who share one HTTP/2 connection. It goes through a CONNECT proxy of the test's, since not every resolver knows names under
 * localhost; that counts connections, so a client that tried something again on another one is seen. Thread-safe.
 */
final class SwapHttp2 implements AutoCloseable {

    private final HttpClient client;
    private final ServerSocket proxy;
    private final String base;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private boolean begun;

    /** @param port the HTTPS port of this machine */
    SwapHttp2(String host, int port) throws IOException {
        this.port = port;
        this.base = "https://" + host + ":" + port;
        this.proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(trusting()).connectTimeout(Await.DEADLINE)
            .proxy(ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.getLocalPort()))).build();
        SwapOrigin.daemon("swap-connect", this::accept);
    }

    static SSLContext trusting() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustEverything()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** @param body null: GET @return the status, and the SHA-256 of the answer, or the answer to a POST */
    String ask(String path, byte[] body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Await.DEADLINE);
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofByteArray(body));
        }
        try {
            HttpResponse<InputStream> answer = send(request.build());
            try (InputStream in = answer.body()) {
                if (answer.version() != HttpClient.Version.HTTP_2) {
                    throw new IOException(answer.version().toString());
                }
                return answer.statusCode() + " " + (body == null ? Pattern.checksum(in) : new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
        synchronized (this) {
            if (!begun) {
                // or each of those who begin at once would make a connection
                client.send(request, HttpResponse.BodyHandlers.discarding());
                begun = true;
            }
        }
        return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    /** Connections that were made beyond the first. */
    int reopened() {
        return Math.max(0, connections.get() - 1);
    }

    private void accept() {
        while (!proxy.isClosed()) {
            try {
                Socket asked = proxy.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                sockets.add(asked);
                sockets.add(server);
                connections.incrementAndGet();
                asked.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                for (int newlines = 0; newlines < 2;) {
                    int next = asked.getInputStream().read();
                    newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
                }
                asked.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                SwapOrigin.daemon("swap-connect", () -> pass(asked, server));
                SwapOrigin.daemon("swap-connect", () -> pass(server, asked));
            } catch (IOException e) {
                // closed: the loop ends
                continue;
            }
        }
    }

    private void pass(Socket from, Socket to) {
        try (from; to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one of them is gone: the client sees it
            return;
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        for (Socket each : sockets) {
            each.close();
        }
    }
}
