package io.adit.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A raw socket that speaks HTTP/1 as a test writes it. */
final class Browser implements AutoCloseable {

    final Socket socket;
    private final InputStream in;

    Browser(int port) throws IOException {
        this(port, 0);
    }

    Browser(int port, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout((int) FakeStream.WAIT_SECONDS * 1000);
        socket.setTcpNoDelay(true);
        in = new java.io.BufferedInputStream(socket.getInputStream());
    }

    Browser send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** A GET of demo.localhost. */
    Browser get(String target, String... lines) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: demo.localhost\r\n" + (lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n") + "\r\n");
    }

    /** The head up to and with the empty line. */
    String head() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!endsWithEmptyLine(head)) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("in the head: " + head);
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    String read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("after " + new String(bytes, StandardCharsets.ISO_8859_1));
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** One chunk of a chunked body, empty for the last one (without what follows it). Jetty sends the line end of a chunk with the next one. */
    String chunk() throws IOException {
        String line = line();
        int length = Integer.parseInt(line.isEmpty() ? line() : line, 16);
        return length == 0 ? "" : read(length);
    }

    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("in the line: " + line);
            }
            line.append((char) b);
        }
        return line.substring(0, line.length() - 1);
    }

    /** All that comes until the connection ends; its reset is an IOException. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    int available() throws IOException {
        return in.available();
    }

    private static boolean endsWithEmptyLine(ByteArrayOutputStream head) {
        byte[] b = head.toByteArray();
        int n = b.length;
        return n >= 4 && b[n - 4] == '\r' && b[n - 3] == '\n' && b[n - 2] == '\r' && b[n - 1] == '\n';
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
