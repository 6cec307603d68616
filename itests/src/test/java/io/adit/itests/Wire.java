package io.adit.itests;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A browser on a bare socket: sends the bytes that the test says and reads what comes. Texts are a char a byte. Not thread-safe. */
final class Wire implements AutoCloseable {

    /**
     * A response.
     *
     * @param fields lines of the head
     * @param body without chunk sizes
     * @param trailers lines after the last chunk
     */
    record Reply(String line, List<String> fields, String body, List<String> trailers) {

        int status() {
            return Integer.parseInt(line.substring(9, 12));
        }

        /** The value, or null. */
        String field(String name) {
            String start = name.toLowerCase(java.util.Locale.ROOT) + ":";
            return fields.stream().filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).strip()).findFirst().orElse(null);
        }
    }

    private final Socket socket = new Socket();
    private final InputStream in;

    Wire(int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Await.DEADLINE.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        in = new BufferedInputStream(socket.getInputStream());
    }

    Wire send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** The other side may refuse it, and close, before it has read all of it: what it says tells. */
    Wire sendAsFarAsItIsTaken(String bytes) throws IOException {
        try {
            send(bytes);
        } catch (SocketException e) {
            if (in.available() == 0) {
                throw e;
            }
        }
        return this;
    }

    /** No more is sent; what comes can still be read. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** The next response, interim ones too, to a request that was not HEAD. */
    Reply read() throws IOException {
        String line = readLine();
        if (line == null) {
            throw new IOException("no response");
        }
        List<String> fields = readLines();
        Reply head = new Reply(line, fields, "", List.of());
        if (head.status() < 200 || head.status() == 204 || head.status() == 304) {
            return head;
        }
        String length = head.field("content-length");
        if ("chunked".equals(head.field("transfer-encoding"))) {
            StringBuilder body = new StringBuilder();
            for (int size = Integer.parseInt(readLine(), 16); size > 0; size = Integer.parseInt(readLine(), 16)) {
                body.append(text(in.readNBytes(size)));
                readLine();
            }
            return new Reply(line, fields, body.toString(), readLines());
        }
        byte[] body = length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
        return new Reply(line, fields, text(body), List.of());
    }

    /** Whether the connection ends here, with nothing more; a reset is an end too. One that stays open makes this wait for long. */
    boolean ends() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return e.getMessage().contains("reset");
        }
    }

    /** Whether bytes are here that were not read yet. */
    boolean hasMore() throws IOException {
        return in.available() > 0;
    }

    private List<String> readLines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = readLine(); line != null && !line.isEmpty(); line = readLine()) {
            lines.add(line);
        }
        return lines;
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.isEmpty() || line.charAt(line.length() - 1) != '\r' ? line.toString() : line.substring(0, line.length() - 1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
