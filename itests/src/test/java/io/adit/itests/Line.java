package io.adit.itests;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** One end of a connection, of which the test writes and reads every byte. Text is one byte a character. */
final class Line implements AutoCloseable {

    private static final int SMALL_BUFFER = 16 * 1024;

    private final Socket socket;
    private final InputStream in;

    /** @param socket connected */
    Line(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Await.DEADLINE.toMillis());
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** To the public port, with small buffers, so that little is under way. */
    static Line to(Web web) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.setSendBufferSize(SMALL_BUFFER);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), web.port()));
        return new Line(socket);
    }

    Line send(String text) throws IOException {
        return send(bytes(text));
    }

    Line send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Waits for the other's first byte, and leaves it there to be read: false when the connection ends without. */
    boolean hasSpoken() {
        try {
            in.mark(1);
            boolean spoken = in.read() >= 0;
            in.reset();
            return spoken;
        } catch (IOException e) {
            return false;
        }
    }

    /** Up to and with the empty line. */
    String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int ends = 0; ends < 4;) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("after " + head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(next);
            ends = next == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Exactly so many bytes. */
    byte[] read(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    String text(int count) throws IOException {
        return new String(read(count), StandardCharsets.ISO_8859_1);
    }

    /** All until the end. */
    InputStream in() {
        return in;
    }

    OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    /** Whether the connection was reset instead of ended; reads what comes before. */
    boolean isReset() throws IOException {
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** No more from here; the other direction goes on. */
    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the connection with RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
