package io.adit.itests;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Visitors who ask with hardly a pause, each on a connection of their own that is kept: uploads of random size, downloads of known length,
 * streamed downloads; and others, each with a WebSocket that stays open and says something all the time. Where there is an HTTPS port, a third of
 * the visitors use it, and a third of them speak HTTP/2 on one connection together. They try nothing again, and count. The one exception is what every browser does: a kept connection that the server closed while nothing was under way is opened anew; that is counted as
 * well. A pause is a time in which a request makes no {@link Progress}, or a WebSocket waits for its answer: what it takes to move a large body is no
 * pause. Thread-safe.
 */
final class SwapLoad implements AutoCloseable {

    private static final int CONNECT_MILLIS = 20_000;
    private static final int PIECE = 16 * 1024;
    /** Much shorter than a request takes while a bundle is updated. */
    private static final long PAUSE_NANOS = 15_000_000;
    /** Else they try thousands of times while a port is away. */
    private static final long AFTER_FAILURE_NANOS = 10_000_000;

    private final Web web;
    /** The HTTPS port, or -1. */
    private final int secure;
    private final SwapHttp2 http2;
    private final int largest;
    /** Sizes of the files NUMBER.bin to ask for, or null for all kinds of requests. */
    private final int[] files;
    private final CountDownLatch ended;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong reopened = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private final AtomicReference<Pause> pause = new AtomicReference<>(new Pause(0, "", 0));
    private final long start = System.nanoTime();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    private SwapLoad(Web web, int secure, int clients, int largest, int[] files) throws Exception {
        this.web = web;
        this.secure = secure;
        this.http2 = secure < 0 ? null : new SwapHttp2(web.host().replaceFirst(":.*", ""), secure);
        this.largest = largest;
        this.files = files;
        this.ended = new CountDownLatch(clients);
    }

    /** @param largest bytes of the largest body @param sockets how many WebSockets there are besides the clients */
    static SwapLoad start(Web web, int clients, int largest, int sockets) throws Exception {
        return start(web, -1, clients, largest, sockets);
    }

    /** @param secure the HTTPS port, or -1 */
    static SwapLoad start(Web web, int secure, int clients, int largest, int sockets) throws Exception {
        return start(clients, sockets, new SwapLoad(web, secure, clients + sockets, largest, null));
    }

    /** Downloads only: of files that are named after their sizes and hold a {@link Pattern}. */
    static SwapLoad files(Web web, int clients, int... sizes) throws Exception {
        return start(clients, 0, new SwapLoad(web, -1, clients, 0, sizes));
    }

    private static SwapLoad start(int clients, int sockets, SwapLoad load) {
        for (int i = 0; i < clients + sockets; i++) {
            Random random = new Random(i);
            Kind kind = load.secure < 0 ? Kind.PLAIN : Kind.values()[i % Kind.values().length];
            SwapOrigin.daemon("swap-visitor", i < clients ? () -> load.visit(random, kind) : () -> load.talk(random));
        }
        return load;
    }

    private enum Kind { PLAIN, TLS, HTTP2 }

    /** One WebSocket, from the beginning to the end. */
    private void talk(Random random) {
        try (EchoSocket socket = EchoSocket.to(web)) {
            while (!over) {
                byte[] message = Pattern.noise(random, 1 + random.nextInt(PIECE));
                long began = System.nanoTime();
                if (!Arrays.equals(message, socket.say(message))) {
                    throw new IOException("a WebSocket says something else than was said");
                }
                paused(System.nanoTime() - began, () -> "in a WebSocket");
                messages.incrementAndGet();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (Exception e) {
            failed(e);
        } finally {
            ended.countDown();
        }
    }

    private void failed(Exception e) {
        failed.incrementAndGet();
        if (failures.size() < 10) {
            failures.add(e.toString());
        }
    }

    private void visit(Random random, Kind kind) {
        Connection connection = null;
        try {
            while (!over) {
                try {
                    connection = ask(connection, random, kind);
                } catch (IOException | RuntimeException e) {
                    failed(e);
                    connection = closed(connection);
                    LockSupport.parkNanos(AFTER_FAILURE_NANOS);
                }
                requests.incrementAndGet();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } finally {
            closed(connection);
            ended.countDown();
        }
    }

    /** @return the connection, or null when it was the last request on it */
    private Connection ask(Connection kept, Random random, Kind visitor) throws IOException {
        int size = files != null ? files[random.nextInt(files.length)] : size(random);
        int kind = files != null ? 10 : random.nextInt(10);
        byte[] body = null;
        String expected;
        String first;
        String length = "";
        if (kind < 5) {
            body = Pattern.noise(random, size);
            expected = Pattern.checksum(new java.io.ByteArrayInputStream(body));
            first = "POST /digest";
            length = "Content-Length: " + size + "\r\n";
        } else {
            expected = Pattern.checksum(size);
            first = "GET /" + (kind == 10 ? size + ".bin" : (kind < 9 ? "bytes/" : "stream/") + size);
        }
        if (visitor == Kind.HTTP2) {
            long began = System.nanoTime();
            String answer;
            try {
                answer = http2.ask(first.split(" ")[1], body);
            } catch (IOException e) {
                throw new IOException("HTTP/2: " + e.getMessage() + " to " + first + (body == null ? "" : " of " + size), e);
            }
            longest.accumulateAndGet(System.nanoTime() - began, Math::max);
            if (!answer.equals("200 " + expected)) {
                throw new IOException("HTTP/2: " + answer + " to " + first);
            }
            return null;
        }
        try (Progress progress = new Progress((nanos, moved) -> paused(nanos, () -> first + " after " + moved + " bytes"))) {
            byte[] head = (first + " HTTP/1.1\r\nHost: " + web.host() + "\r\n" + Progress.FIELD + ": " + progress.id() + "\r\n" + length + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
            long began = System.nanoTime();
            Connection connection = exchange(kept, visitor == Kind.TLS, first, head, body, expected, progress);
            longest.accumulateAndGet(System.nanoTime() - began, Math::max);
            return connection;
        }
    }

    /** Of all orders of magnitude, so that large ones, which need most of the processor for TLS, are not most of them. */
    private int size(Random random) {
        return (int) Math.round(Math.pow(largest + 1, random.nextDouble())) - 1;
    }

    private Connection exchange(Connection kept, boolean tls, String first, byte[] head, byte[] body, String expected, Progress progress)
            throws IOException {
        Connection connection = kept;
        HttpHead answer = null;
        if (kept != null) {
            answer = kept.exchange(head, body, progress);
        }
        if (answer == null) {
            if (kept != null) {
                reopened.incrementAndGet();
                kept.close();
            }
            connection = new Connection(tls ? secure : web.port(), tls);
            answer = connection.exchange(head, body, progress);
        }
        if (answer == null) {
            connection.close();
            throw new IOException("no answer on a new connection to " + first);
        }
        String got;
        if (body == null) {
            got = Pattern.checksum(answer.body(connection.in));
        } else {
            got = new String(answer.body(connection.in).readAllBytes(), StandardCharsets.US_ASCII);
        }
        if (!answer.first().contains(" 200 ") || !got.equals(expected)) {
            connection.close();
            throw new IOException(answer + " " + (got.equals(expected) ? "" : "another body") + " to " + first);
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
        return requests + " requests, " + messages + " WebSocket messages, " + failed + " failed, " + reopened() + " connections opened anew, longest pause "
            + pause + ", longest request " + TimeUnit.NANOSECONDS.toMillis(longest.get()) + " ms";
    }

    private void paused(long nanos, Supplier<String> where) {
        if (nanos > pause.get().nanos) {
            Pause one = new Pause(nanos, where.get(), System.nanoTime() - start);
            pause.accumulateAndGet(one, (longer, other) -> longer.nanos < other.nanos ? other : longer);
        }
    }

    /** @param end nanoseconds from the start of the load */
    private record Pause(long nanos, String where, long end) {
        @Override
        public String toString() {
            return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms (" + where + ", until " + TimeUnit.NANOSECONDS.toMillis(end) + " ms)";
        }
    }

    private static final class Connection implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        private final OutputStream out;
        private Progress progress;

        Connection(int port, boolean tls) throws IOException {
            Socket plain = new Socket();
            plain.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            plain.setTcpNoDelay(true);
            plain.setSoTimeout((int) Await.DEADLINE.toMillis());
            socket = tls ? SwapHttp2.trusting().getSocketFactory().createSocket(plain, "localhost", port, true) : plain;
            in = new DataInputStream(new BufferedInputStream(new FilterInputStream(socket.getInputStream()) {
                @Override
                public int read(byte[] to, int offset, int length) throws IOException {
                    int count = super.read(to, offset, length);
                    progress.made(count);
                    return count;
                }
            }));
            out = socket.getOutputStream();
        }

        /** @return null when the server ended the connection without a word */
        HttpHead exchange(byte[] head, byte[] body, Progress clock) throws IOException {
            progress = clock;
            try {
                write(head);
                if (body != null) {
                    write(body);
                }
                return HttpHead.read(in);
            } catch (SocketException e) {
                if (in.available() == 0) {
                    return null;
                }
                throw e;
            }
        }

        private void write(byte[] bytes) throws IOException {
            for (int at = 0; at < bytes.length; at += PIECE) {
                int count = Math.min(PIECE, bytes.length - at);
                out.write(bytes, at, count);
                progress.made(count);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
