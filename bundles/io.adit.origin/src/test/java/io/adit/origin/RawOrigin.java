package io.adit.origin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** An origin that the test plays by hand, byte for byte. */
final class RawOrigin implements AutoCloseable {

    final ServerSocket server;

    RawOrigin() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        server.setSoTimeout((int) FakeStream.WAIT_SECONDS * 1000);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    Peer accept() throws IOException {
        return new Peer(server.accept());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** One connection of the client. */
    static final class Peer implements AutoCloseable {
        final Socket socket;
        private final InputStream in;

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout((int) FakeStream.WAIT_SECONDS * 1000);
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
        }

        /** Up to and with the empty line. */
        String head() throws IOException {
            return until("\r\n\r\n");
        }

        String until(String end) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("end after '" + bytes.toString(StandardCharsets.ISO_8859_1) + "'");
                }
                bytes.write(b);
            }
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }

        String read(int bytes) throws IOException {
            return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
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
