package io.adit.itests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An origin that answers with the very bytes that a test gave it, be they HTTP or not. A thread a connection, which stays open for the
 * next request unless the script ends it. Thread-safe.
 */
final class ScriptedOrigin implements AutoCloseable {

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final Map<String, BlockingQueue<Visit>> held = new ConcurrentHashMap<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final ServerSocket server;

    /** What to do about one request whose head was read. An IOException ends the connection: the test sees that on its side. */
    interface Script {
        void play(Visit visit) throws IOException;
    }

    private ScriptedOrigin(ServerSocket server) {
        this.server = server;
    }

    static ScriptedOrigin start() throws IOException {
        ScriptedOrigin origin = new ScriptedOrigin(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
        thread("scripted-origin", origin::accept);
        return origin;
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    void on(String path, Script script) {
        scripts.put(path, script);
    }

    /** These bytes, when the request was read to its end. */
    void answer(String path, String bytes) {
        on(path, visit -> {
            visit.body();
            visit.send(bytes);
        });
    }

    /** These bytes, and the end of the connection. */
    void answerAndEnd(String path, String bytes) {
        on(path, visit -> {
            visit.body();
            visit.send(bytes);
            visit.end();
        });
    }

    /** From now on requests for that path are the test's to answer: it {@link #take takes} each and says when it is over. */
    void hold(String path) {
        held.put(path, new LinkedBlockingQueue<>());
        on(path, visit -> {
            held.get(path).add(visit);
            visit.awaitOver();
        });
    }

    Visit take(String path) throws InterruptedException {
        Visit visit = held.get(path).poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        if (visit == null) {
            throw new AssertionError("no request for " + path + " came to the origin");
        }
        return visit;
    }

    /** How many requests for a held path wait to be taken. */
    int waiting(String path) {
        return held.get(path).size();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                thread("scripted-origin-connection", () -> serve(socket));
            }
        } catch (IOException e) {
            // the only end of the loop: the test closes the server
            return;
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            int number = connections.incrementAndGet();
            while (true) {
                Visit visit = Visit.read(socket, number);
                if (visit == null) {
                    return;
                }
                scripts.getOrDefault(visit.path(), unknown -> unknown.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")).play(visit);
                if (visit.isOver()) {
                    return;
                }
            }
        } catch (IOException e) {
            // the connection is over: what that means is the test's to judge, on the browser's side
            return;
        } finally {
            sockets.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static void thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** One request and the connection on which it came. */
    static final class Visit {
        private final Socket socket;
        private final String head;
        private final int connection;
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile boolean ended;

        private Visit(Socket socket, String head, int connection) {
            this.socket = socket;
            this.head = head;
            this.connection = connection;
        }

        private static Visit read(Socket socket, int connection) throws IOException {
            String head = until(socket.getInputStream(), "\r\n\r\n");
            return head == null ? null : new Visit(socket, head, connection);
        }

        /** Which connection of this origin it is, from 1. */
        int connection() {
            return connection;
        }

        String head() {
            return head;
        }

        String path() {
            return head.split(" ", 3)[1];
        }

        /** The request's body to its end, as it is on the wire. */
        String body() throws IOException {
            String lower = head.toLowerCase(java.util.Locale.ROOT);
            int length = lower.indexOf("\r\ncontent-length:");
            if (length >= 0) {
                int value = length + "\r\ncontent-length:".length();
                return read(Integer.parseInt(head.substring(value, head.indexOf("\r\n", value)).strip()));
            }
            return lower.contains("\r\ntransfer-encoding:") ? until(socket.getInputStream(), "0\r\n\r\n") : "";
        }

        String read(int count) throws IOException {
            return new String(socket.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
        }

        Visit send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return this;
        }

        /** Ends the connection as one does who has said all (FIN). */
        void end() throws IOException {
            ended = true;
            socket.shutdownOutput();
            over.countDown();
        }

        /** Ends the connection as one does who died (RST). */
        void reset() throws IOException {
            ended = true;
            socket.setSoLinger(true, 0);
            socket.close();
            over.countDown();
        }

        /** The test has answered; the connection serves the next request. */
        void over() {
            over.countDown();
        }

        boolean isOver() {
            return ended;
        }

        /** Waits until the other side ends the connection, in whatever way. */
        void awaitEnd() throws IOException {
            rest();
        }

        /** What comes until the other side ends the connection, in whatever way; a time-out is an AssertionError. */
        String rest() throws IOException {
            StringBuilder rest = new StringBuilder();
            try {
                for (int next = socket.getInputStream().read(); next >= 0; next = socket.getInputStream().read()) {
                    rest.append((char) next);
                }
                return rest.toString();
            } catch (SocketException reset) {
                return rest.toString();
            } catch (java.net.SocketTimeoutException e) {
                throw new AssertionError("the connection to the origin does not end", e);
            } finally {
                ended = true;
                over.countDown();
            }
        }

        private void awaitOver() throws IOException {
            try {
                if (!over.await(2 * Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IOException("nobody answered " + path());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        /** All up to and with this text; null at the end of the connection. */
        private static String until(InputStream in, String end) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            while (true) {
                int next = in.read();
                if (next < 0) {
                    return null;
                }
                bytes.write(next);
                if (next == end.charAt(end.length() - 1) && bytes.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
                    return bytes.toString(StandardCharsets.ISO_8859_1);
                }
            }
        }
    }
}
