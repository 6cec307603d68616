package io.adit.origin;

import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** An origin that the test plays by hand, byte for byte. */
final class RawOrigin implements AutoCloseable {

    private final ServerSocketChannel server;
    private final Selector selector;

    RawOrigin() throws IOException {
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 50);
        server.configureBlocking(false);
        selector = Selector.open();
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    String url() {
        return "http://127.0.0.1:" + server.socket().getLocalPort();
    }

    /** The next connection on which something comes: the client's pool may open one more than it needs, and close it unused. */
    Peer accept() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FakeStream.WAIT_SECONDS);
        while (true) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new IOException("no request within " + FakeStream.WAIT_SECONDS + " s");
            }
            selector.select(left);
            Peer peer = next(Set.copyOf(selector.selectedKeys()));
            selector.selectedKeys().clear();
            if (peer != null) {
                return peer;
            }
        }
    }

    private Peer next(Set<SelectionKey> ready) throws IOException {
        for (SelectionKey key : ready) {
            if (key.isAcceptable()) {
                SocketChannel opened = server.accept();
                opened.configureBlocking(false);
                opened.register(selector, SelectionKey.OP_READ);
                continue;
            }
            SocketChannel channel = (SocketChannel) key.channel();
            ByteBuffer first = ByteBuffer.allocate(1);
            int read = channel.read(first);
            key.cancel();
            if (read > 0) {
                selector.selectNow();
                channel.configureBlocking(true);
                return new Peer(channel.socket(), first.get(0));
            }
            channel.close();
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    /** One connection of the client. */
    static final class Peer implements AutoCloseable {
        final Socket socket;
        private final PushbackInputStream in;

        private Peer(Socket socket, byte first) throws IOException {
            this.socket = socket;
            socket.setSoTimeout((int) FakeStream.WAIT_SECONDS * 1000);
            socket.setTcpNoDelay(true);
            in = new PushbackInputStream(socket.getInputStream());
            in.unread(first);
        }

        /** Up to and with the empty line. */
        String head() throws IOException {
            return until("\r\n\r\n");
        }

        String until(String end) throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.length() < end.length() || text.indexOf(end, text.length() - end.length()) < 0) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("end after '" + text + "'");
                }
                text.append((char) b);
            }
            return text.toString();
        }

        String read(int bytes) throws IOException {
            return new String(readBytes(bytes), StandardCharsets.ISO_8859_1);
        }

        byte[] readBytes(int bytes) throws IOException {
            return in.readNBytes(bytes);
        }

        /** Waits for the client's end of the connection. */
        void awaitClosed() throws IOException {
            try {
                while (in.read() >= 0) {
                    continue;
                }
            } catch (java.net.SocketException reset) {
                // closed with a reset: as good
                return;
            }
        }

        /** Whether the connection ends with a reset; reads what comes before. */
        boolean isReset() throws IOException {
            try {
                in.transferTo(java.io.OutputStream.nullOutputStream());
                return false;
            } catch (java.net.SocketException reset) {
                return true;
            }
        }

        /** Ends the connection with a reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        Peer write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return this;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
