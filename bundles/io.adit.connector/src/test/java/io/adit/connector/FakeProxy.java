package io.adit.connector;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLException;

/** A forward proxy that does with each connection what a script says. Closing ends its connections. Thread-safe. */
final class FakeProxy implements Closeable {

    /** One connection. */
    @FunctionalInterface
    interface Script {
        void run(Line line) throws IOException;
    }

    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private FakeProxy(ServerSocket server) {
        this.server = server;
    }

    static FakeProxy start(Script script) throws IOException {
        FakeProxy made = new FakeProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        run(() -> {
            while (!made.server.isClosed()) {
                Socket socket = made.server.accept();
                made.open.add(socket);
                socket.setTcpNoDelay(true);
                run(() -> script.run(made.new Line(socket)));
            }
        });
        return made;
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : open) {
            each.close();
        }
    }

    static void run(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (java.net.SocketException | SSLException e) {
                return; // one of the two sides closed: that is how each connection ends
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }, "fake-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** A connection, for a script. */
    final class Line {

        private final Socket socket;

        private Line(Socket socket) {
            this.socket = socket;
        }

        /** Reads as many bytes as that text has. @return them, as ISO 8859-1 */
        String expect(String text) throws IOException {
            byte[] bytes = socket.getInputStream().readNBytes(text.length());
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        /** Reads the head of a request. */
        String head() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new java.net.SocketException("closed");
                }
                head.write(next);
            }
            return head.toString(StandardCharsets.ISO_8859_1);
        }

        void say(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** In as many segments as it has bytes, as far as the system lets them be. */
        void drip(String text) throws IOException {
            for (char each : text.toCharArray()) {
                say(String.valueOf(each));
            }
        }

        void close() throws IOException {
            socket.close();
        }

        /** Ends it with a reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Reads until the other side closes. */
        void awaitEnd() throws IOException {
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        }

        /** From now on bytes pass both ways, each in a write of its own up to the first hundred. */
        void relay(int port) throws IOException {
            Socket out = new Socket(InetAddress.getLoopbackAddress(), port);
            open.add(out);
            out.setTcpNoDelay(true);
            FakeProxy.run(() -> copy(socket, out));
            copy(out, socket);
        }

        private static void copy(Socket from, Socket to) throws IOException {
            byte[] buffer = new byte[16 * 1024];
            try (from; to) {
                for (int count = from.getInputStream().read(buffer); count >= 0; count = from.getInputStream().read(buffer)) {
                    int alone = Math.min(count, 100);
                    for (byte each : Arrays.copyOf(buffer, alone)) {
                        to.getOutputStream().write(each);
                    }
                    to.getOutputStream().write(buffer, alone, count - alone);
                }
            }
        }
    }
}
