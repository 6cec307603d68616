package io.adit.itests;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Visitors who ask without a pause, each on a connection of their own that is kept: uploads of random size, downloads of known length,
 * streamed downloads. Where there is an HTTPS port, a third of them use it, and a third of them speak HTTP/2 on one connection together. They
 * try nothing again, and count. The one exception is what every browser does: a kept connection that the server closed while nothing was under
 * way is opened anew; that is counted as well. Thread-safe.
 */
final class SwapLoad implements AutoCloseable {

    private static final int CONNECT_MILLIS = 20_000;

    private final int port;
    /** The HTTPS port, or -1. */
    private final int secure;
    private final SwapHttp2 http2;
    private final String host;
    private final int largest;
    /** Sizes of the files NUMBER.bin to ask for, or null for all kinds of requests. */
    private final int[] files;
    private final CountDownLatch ended;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong reopened = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    private SwapLoad(Web web, int secure, int clients, int largest, int[] files) throws Exception {
        this.port = web.port();
        this.secure = secure;
        this.http2 = secure < 0 ? null : new SwapHttp2(web.host().replaceFirst(":.*", ""), secure);
        this.host = web.host();
        this.largest = largest;
        this.files = files;
        this.ended = new CountDownLatch(clients);
    }

    /** @param largest bytes of the largest body */
    static SwapLoad start(Web web, int clients, int largest) throws Exception {
        return start(web, -1, clients, largest);
    }

    /** @param secure the HTTPS port, or -1 */
    static SwapLoad start(Web web, int secure, int clients, int largest) throws Exception {
        return start(clients, new SwapLoad(web, secure, clients, largest, null));
    }

    /** Downloads only: of files that are named after their sizes and hold a {@link Pattern}. */
    static SwapLoad files(Web web, int clients, int... sizes) throws Exception {
        return start(clients, new SwapLoad(web, -1, clients, 0, sizes));
    }

    private static SwapLoad start(int clients, SwapLoad load) {
        for (int i = 0; i < clients; i++) {
            Random random = new Random(i);
            Kind kind = load.secure < 0 ? Kind.PLAIN : Kind.values()[i % Kind.values().length];
            SwapOrigin.daemon("swap-visitor", () -> load.visit(random, kind));
        }
        return load;
    }

    private enum Kind { PLAIN, TLS, HTTP2 }

    private void visit(Random random, Kind kind) {
        Connection connection = null;
        try {
            while (!over) {
                long began = System.nanoTime();
                try {
                    connection = ask(connection, random, kind);
                } catch (IOException | RuntimeException e) {
                    failed.incrementAndGet();
                    if (failures.size() < 10) {
                        failures.add(e.toString());
                    }
                    connection = closed(connection);
                }
                requests.incrementAndGet();
                longest.accumulateAndGet(System.nanoTime() - began, Math::max);
            }
        } finally {
            closed(connection);
            ended.countDown();
        }
    }

    /** @return the connection, or null when it was the last request on it */
    private Connection ask(Connection kept, Random random, Kind visitor) throws IOException {
        int size = files != null ? files[random.nextInt(files.length)] : random.nextInt(largest + 1);
        int kind = files != null ? 10 : random.nextInt(10);
        byte[] body = null;
        String expected;
        String head;
        if (kind < 5) {
            body = new byte[size];
            random.nextBytes(body);
            expected = Pattern.sha256(new java.io.ByteArrayInputStream(body));
            head = "POST /digest HTTP/1.1\r\nContent-Length: " + size;
        } else {
            expected = Pattern.sha256(size);
            head = "GET /" + (kind == 10 ? size + ".bin" : (kind < 9 ? "bytes/" : "stream/") + size) + " HTTP/1.1";
        }
        if (visitor == Kind.HTTP2) {
            String answer = http2.ask(head.split(" ")[1], body);
            if (!answer.equals("200 " + expected)) {
                throw new IOException("HTTP/2: " + answer + " to " + head);
            }
            return null;
        }
        byte[] bytes = (head + "\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        Connection connection = kept;
        SwapOrigin.Head answer = null;
        if (kept != null) {
            answer = kept.exchange(bytes, body);
        }
        if (answer == null) {
            if (kept != null) {
                reopened.incrementAndGet();
                kept.close();
            }
            connection = new Connection(visitor == Kind.TLS ? secure : port, visitor == Kind.TLS);
            answer = connection.exchange(bytes, body);
        }
        if (answer == null) {
            connection.close();
            throw new IOException("no answer on a new connection to " + head);
        }
        String got;
        if (body == null) {
            got = Pattern.sha256(answer.body(connection.in));
        } else {
            got = new String(answer.body(connection.in).readAllBytes(), StandardCharsets.US_ASCII);
        }
        if (!answer.first().contains(" 200 ") || !got.equals(expected)) {
            connection.close();
            throw new IOException(answer + " " + (got.equals(expected) ? "" : "another body") + " to " + head);
        }
        if ("close".equalsIgnoreCase(answer.fields().get("connection"))) {
            connection.close();
            return null;
        }
        return connection;
    }

    private static Connection closed(Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return null;
    }

    /** Waits until every visitor, on average, has asked a few more times: whatever was changed is in use. */
    void awaitMore() throws Exception {
        awaitMore(null);
    }

    /** @param slow goes on meanwhile; may be null */
    void awaitMore(SwapSlow slow) throws Exception {
        long enough = requests.get() + 3 * ended.getCount();
        Await.until("more requests after " + this, () -> {
            if (slow != null) {
                slow.step();
            }
            return requests.get() >= enough;
        });
    }

    long failed() {
        return failed.get();
    }

    long reopened() {
        return reopened.get() + (http2 == null ? 0 : http2.reopened());
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Each finishes what it is at. */
    @Override
    public void close() throws IOException, InterruptedException {
        over = true;
        try (SwapHttp2 closed = http2) {
            if (!ended.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("visitors who get no answer: " + ended.getCount());
            }
        }
    }

    @Override
    public String toString() {
        return requests + " requests, " + failed + " failed, " + reopened() + " connections opened anew, longest "
            + TimeUnit.NANOSECONDS.toMillis(longest.get()) + " ms";
    }

    private static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final OutputStream out;

        Connection(int port, boolean tls) throws IOException {
            Socket plain = new Socket();
            plain.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            plain.setTcpNoDelay(true);
            plain.setSoTimeout((int) Await.DEADLINE.toMillis());
            socket = tls ? SwapHttp2.trusting().getSocketFactory().createSocket(plain, "localhost", port, true) : plain;
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = socket.getOutputStream();
        }

        /** @return null when the server ended the connection without a word */
        SwapOrigin.Head exchange(byte[] head, byte[] body) throws IOException {
            try {
                out.write(head);
                if (body != null) {
                    out.write(body);
                }
                return SwapOrigin.Head.read(in);
            } catch (SocketException e) {
                if (in.available() == 0) {
                    return null;
                }
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
