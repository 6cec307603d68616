package io.adit.port;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A client of HTTP/2 over TLS that writes each frame by hand (RFC 9113 section 4.1). Not thread-safe. */
final class Http2Line implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private static final int TIMEOUT_MILLIS = 20_000;

    record Frame(int type, int flags, int stream, ByteBuffer payload) {
    }

    private final SSLSocket socket;
    private final DataInputStream in;

    /** Says the preface and settings. */
    Http2Line(int port, byte[] settings) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new PortTest.Everything()}, null);
        socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, settings);
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
        socket.getOutputStream().write(frame.array());
        socket.getOutputStream().flush();
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

    /** @throws EOFException at the end of the connection */
    Frame next() throws IOException {
        int lengthAndType = in.readInt();
        return new Frame(lengthAndType & 0xFF, in.readUnsignedByte(), in.readInt() & 0x7FFFFFFF, ByteBuffer.wrap(in.readNBytes(lengthAndType >>> 8)));
    }

    /** The next frame of a kind on a stream, without an acknowledgement of settings; GOAWAY in its place is a failure. */
    Frame next(int type, int stream) throws IOException {
        while (true) {
            Frame frame = next();
            if (frame.type() == type && frame.stream() == stream && !(type == SETTINGS && frame.flags() == ACK)) {
                return frame;
            }
            if (frame.type() == GOAWAY) {
                throw new AssertionError("the connection ends: " + frame);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
