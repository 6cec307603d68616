package io.adit.proxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A visitor who speaks HTTP/2 without TLS and from the preface on, in frames that the test writes by hand (RFC 9113 section 4.1). Thread-safe. */
final class Http2Socket implements AutoCloseable {

    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final int SETTINGS = 4;

    private final Socket socket;

    Http2Socket(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
        socket.getOutputStream().write(frame.array());
    }

    /** Literals without indexing and without Huffman coding (RFC 7541 section 6.2.2), all shorter than 127 bytes. */
    static byte[] fields(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i++) {
            byte[] text = namesAndValues[i].getBytes(StandardCharsets.US_ASCII);
            if (i % 2 == 0) {
                block.write(0);
            }
            block.write(text.length);
            block.writeBytes(text);
        }
        return block.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
