package io.adit.itests;

import static org.junit.Assert.assertEquals;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A browser that sees every byte of what it gets. Text is ISO-8859-1: one character a byte. Not thread-safe. */
final class WireBrowser implements AutoCloseable {

    /** Stands for any Date value in what is expected. */
    static final String DATE = "Sun, 00 Jan 0000 00:00:00 GMT";

    private final Socket socket = new Socket();
    private final String host;
    private final InputStream in;

    WireBrowser(Web web) throws IOException {
        host = web.host();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Await.DEADLINE.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), web.port()));
        in = new BufferedInputStream(socket.getInputStream());
    }

    WireBrowser send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** @param line method and target */
    WireBrowser ask(String line, String... fields) throws IOException {
        return ask(line, "HTTP/1.1", fields);
    }

    WireBrowser ask10(String line, String... fields) throws IOException {
        return ask(line, "HTTP/1.0", fields);
    }

    private WireBrowser ask(String line, String version, String... fields) throws IOException {
        StringBuilder head = new StringBuilder(line + " " + version + "\r\nHost: " + host + "\r\n");
        for (String field : fields) {
            head.append(field).append("\r\n");
        }
        return send(head + "\r\n");
    }

    /** The next bytes are these, {@link #DATE} being any date. What comes after them is for the next call. */
    void expect(String expected) throws IOException {
        StringBuilder got = new StringBuilder();
        while (got.length() < expected.length()) {
            int date = expected.startsWith(DATE, got.length()) ? DATE.length() : 1;
            String next = read(date);
            String seen = date > 1 && next.matches("\\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]{8} GMT") ? DATE : next;
            boolean same = expected.startsWith(seen, got.length());
            got.append(seen);
            if (!same) {
                // for the message: what came along with the wrong byte
                socket.setSoTimeout(100);
                got.append(read(500));
                break;
            }
        }
        assertEquals(expected, got.toString());
    }

    /** As many bytes, or fewer when the connection ends or nothing more comes. */
    String read(int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            while (bytes.size() < count) {
                int next = in.read();
                if (next < 0) {
                    bytes.writeBytes("<end>".getBytes(StandardCharsets.ISO_8859_1));
                    break;
                }
                bytes.write(next);
            }
        } catch (SocketTimeoutException e) {
            bytes.writeBytes("<nothing more>".getBytes(StandardCharsets.ISO_8859_1));
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** Up to and with the empty line. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            String next = read(1);
            head.append(next);
            if (next.length() > 1) {
                throw new AssertionError("no head: " + head);
            }
        }
        return head.toString();
    }

    /** A response with Content-Length, of which the status is given back; what comes before it is passed over. */
    String page() throws IOException {
        String head = head();
        while (head.startsWith("HTTP/1.1 1")) {
            head = head();
        }
        int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
        read(Integer.parseInt(head.substring(at, head.indexOf('\r', at))));
        return head.substring(9, 12);
    }

    /** All that comes until the other side ends the connection (FIN). Its reset is an IOException. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Goes away without a word (RST). */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
