package io.adit.itests;

import static org.junit.Assert.assertNotNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An origin that the test plays itself, byte for byte: each connection is a {@link Line}. Thread-safe. */
final class LineOrigin implements AutoCloseable {

    private final BlockingQueue<Line> requests = new LinkedBlockingQueue<>();
    private final ServerSocket server;

    private LineOrigin(ServerSocket server) {
        this.server = server;
    }

    static LineOrigin start() throws IOException {
        LineOrigin origin = new LineOrigin(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        daemon(origin::accept);
        return origin;
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** The next connection on which something comes: the peer's pool may open one more than it needs. */
    Line next() throws InterruptedException {
        Line line = requests.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertNotNull("a request", line);
        return line;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Line line = new Line(server.accept());
                daemon(() -> {
                    if (line.hasSpoken()) {
                        requests.add(line);
                    }
                });
            } catch (IOException e) {
                // closed: the loop ends; else a connection less, which a test misses
                continue;
            }
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "line-origin");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
