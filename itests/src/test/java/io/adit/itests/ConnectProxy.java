package io.adit.itests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A forward proxy of our own that connects to one target whatever CONNECT asks for, so that it may know names that nobody else knows. Thread-safe. */
final class ConnectProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private ConnectProxy(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    static ConnectProxy start(int target) throws IOException {
        ConnectProxy proxy = new ConnectProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
        run(() -> {
            while (!proxy.server.isClosed()) {
                Socket in = proxy.server.accept();
                proxy.open.add(in);
                run(() -> proxy.serve(in));
            }
        });
        return proxy;
    }

    int port() {
        return server.getLocalPort();
    }

    /** The heads of the requests so far. */
    List<String> heads() {
        return List.copyOf(heads);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : open) {
            each.close();
        }
    }

    private void serve(Socket in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.getInputStream().read();
            if (next < 0) {
                in.close();
                return;
            }
            head.write(next);
        }
        heads.add(head.toString(StandardCharsets.ISO_8859_1));
        Socket out = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(out);
        in.getOutputStream().write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        run(() -> copy(in, out));
        copy(out, in);
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (from; to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void run(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (SocketException e) {
                return; // one of the two sides, or this proxy, closed: that is how each connection ends
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, "connect-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
