package io.adit.itests;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One request whose every byte the test sends itself, when it wants to. */
final class RawRequest implements AutoCloseable {

    private static final int SMALL_BUFFER = 16 * 1024;

    private final Socket socket = new Socket();
    private final InputStream in;

    private RawRequest(Web web) throws IOException {
        socket.setReceiveBufferSize(SMALL_BUFFER);
        socket.setSendBufferSize(SMALL_BUFFER);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Await.DEADLINE.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), web.port()));
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** @param fields header lines, each with its line end, besides Host */
    static RawRequest open(Web web, String method, String path, String fields) throws IOException {
        RawRequest request = new RawRequest(web);
        request.send((method + " " + path + " HTTP/1.1\r\nHost: " + web.host() + "\r\n" + fields + "\r\n")
            .getBytes(StandardCharsets.US_ASCII), 0);
        return request;
    }

    /** Sends bytes as they are. */
    void send(byte[] bytes, int offset) throws IOException {
        socket.getOutputStream().write(bytes, offset, bytes.length - offset);
        socket.getOutputStream().flush();
    }

    /** Sends one chunk of a body with Transfer-Encoding: chunked; an empty one ends it. */
    void sendChunk(String data) throws IOException {
        send((Integer.toHexString(data.length()) + "\r\n" + data + "\r\n").getBytes(StandardCharsets.US_ASCII), 0);
    }

    String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
