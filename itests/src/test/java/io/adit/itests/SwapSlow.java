package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;

/**
 * A download and an upload that are under way all the time, each on a connection of its own: they go on by a little at each step and end when
 * they are told to. Not thread-safe.
 */
final class SwapSlow implements AutoCloseable {

    private static final int DOWNLOAD = 8 << 20;
    private static final int UPLOAD = 1 << 20;
    private static final int DOWN_STEP = 1024;
    private static final int UP_STEP = 128;

    private final Web web;
    private final Line down;
    private final byte[] received = new byte[DOWNLOAD];
    private int read;
    private final Line up;
    private final byte[] body = new byte[UPLOAD];
    private int sent;

    SwapSlow(Web web) throws IOException {
        this.web = web;
        new Random(1).nextBytes(body);
        down = Line.to(web).send("GET /bytes/" + DOWNLOAD + " HTTP/1.1\r\nHost: " + web.host() + "\r\n\r\n");
        up = Line.to(web).send("POST /digest HTTP/1.1\r\nHost: " + web.host() + "\r\nContent-Length: " + UPLOAD + "\r\n\r\n");
        String head = down.head();
        assertTrue(head, head.startsWith("HTTP/1.1 200 "));
    }

    void step() throws IOException {
        go(DOWN_STEP, UP_STEP);
    }

    private void go(int downBytes, int upBytes) throws IOException {
        int less = Math.min(downBytes, DOWNLOAD - read);
        System.arraycopy(down.read(less), 0, received, read, less);
        read += less;
        int more = Math.min(upBytes, UPLOAD - sent);
        up.send(java.util.Arrays.copyOfRange(body, sent, sent + more));
        sent += more;
    }

    /** Both end as they should, and their connections are there for the next request. */
    void end() throws IOException {
        go(DOWNLOAD, UPLOAD);
        assertEquals("the download", Pattern.checksum(DOWNLOAD), Pattern.checksum(new ByteArrayInputStream(received)));
        String head = up.head();
        String digest = Pattern.checksum(new ByteArrayInputStream(body));
        assertTrue(head, head.startsWith("HTTP/1.1 200 "));
        assertEquals("the upload", digest, up.text(digest.length()));
        for (Line line : new Line[] {down, up}) {
            String next = line.send("GET /bytes/0 HTTP/1.1\r\nHost: " + web.host() + "\r\n\r\n").head();
            assertTrue(next, next.startsWith("HTTP/1.1 200 "));
        }
    }

    @Override
    public void close() throws IOException {
        down.close();
        up.close();
    }
}
