package io.adit.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a peer and the proxy's tunnel port, copies bytes both ways and counts how often the peer dials. Thread-safe. */
final class Relay implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;

    private final ServerSocket server;
    private final String host;
    private final int port;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> frozen = ConcurrentHashMap.newKeySet();

    private Relay(ServerSocket server, String target) {
        this.server = server;
        int colon = target.lastIndexOf(':');
        this.host = target.substring(0, colon);
        this.port = Integer.parseInt(target.substring(colon + 1));
    }

    /** @param target HOST:PORT */
    static Relay start(String target) throws IOException {
        return start(InetAddress.getLoopbackAddress(), 0, target);
    }

    /** The same at an address and port of the caller's. */
    static Relay start(InetAddress address, int port, String target) throws IOException {
        Relay relay = new Relay(new ServerSocket(port, 50, address), target);
        run(relay::accept);
        return relay;
    }

    /** The invitation, but to this relay. */
    String through(String invitation) {
        return invitation.replace("@" + host + ":" + port + "?", "@127.0.0.1:" + server.getLocalPort() + "?");
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    /** From now on no byte of the connections there are passes, and none of them ends: their cable is cut. New ones work. */
    void freeze() {
        frozen.addAll(open);
    }

    /** Ends the connections there are. New ones work. */
    void cut() throws IOException {
        for (Socket socket : open) {
            socket.close();
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }

    private void accept() throws IOException {
        while (!server.isClosed()) {
            Socket in = server.accept();
            connections.incrementAndGet();
            Socket out = new Socket(host, port);
            open.add(in);
            open.add(out);
            run(() -> copy(in, out));
            run(() -> copy(out, in));
        }
    }

    private void copy(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int count;
        try {
            for (count = from.getInputStream().read(buffer); count >= 0; count = from.getInputStream().read(buffer)) {
                if (frozen.contains(from)) {
                    return;
                }
                to.getOutputStream().write(buffer, 0, count);
            }
        } finally {
            if (!frozen.contains(from)) {
                from.close();
                to.close();
            }
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
                // One of the two sides, or this relay, closed: that is how each copy ends.
                return;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }, "relay");
        thread.setDaemon(true);
        thread.start();
    }
}
