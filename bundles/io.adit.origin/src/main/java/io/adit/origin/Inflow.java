package io.adit.origin;

import java.io.IOException;
import java.nio.ByteBuffer;

import io.adit.api.packet.Packet.ResponseHead;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.util.BufferUtil;

/**
 * What an origin sends on one connection, decrypted. It keeps the case of names ({@link NameCase}), and it keeps what nobody asked for from the
 * client: that would take it for the answer to the request that comes next, be it a moment later or be it before the bytes were looked at.
 *
 * <p>Thread-safety: thread-safe. A read and the beginning of a request exclude each other, so that each byte came either before or after it.
 * With TLS, which reads under a lock of its own, also while it writes, they do not: what is being read in that very moment is not told apart.
 */
final class Inflow {

    /** An end point that has one. */
    interface Watched {
        Inflow inflow();

        /** Reads what came and was not seen by {@link Inflow#fill}. */
        int peek(ByteBuffer buffer) throws IOException;

        /** For {@link Inflow#fill}: the same, but that nothing may be said to have come where whoever asks is told as soon as something does. */
        default int read(ByteBuffer buffer) throws IOException {
            return peek(buffer);
        }

        /** Whether a read may be made under the lock: not where it takes another lock, under which others read too. */
        boolean isLockable();
    }

    private final NameCase names = new NameCase();
    private final Extent extent = new Extent();
    /** Where the last bytes went to. */
    private ByteBuffer last = BufferUtil.EMPTY_BUFFER;
    private boolean used;
    private volatile boolean come;
    private boolean asked;
    private boolean unasked;

    /** Before a request is sent: whether the connection is at the end of all answers. If not, it is of no use any more. */
    static boolean begin(Connection connection) {
        Watched watched = watched(connection);
        if (watched == null) {
            return true;
        }
        Inflow inflow = watched.inflow();
        if (!watched.isLockable()) {
            return inflow.begin(inflow.isQuiet(watched));
        }
        synchronized (inflow) {
            return inflow.begin(inflow.isQuiet(watched));
        }
    }

    /** Whether it has carried a request. */
    static boolean isUsed(Connection connection) {
        Watched watched = watched(connection);
        return watched != null && watched.inflow().used();
    }

    /**
     * The head of the final response is here: on the thread that read it, before it reads on.
     *
     * @throws OriginException when what came along with it is malformed
     */
    static void body(Connection connection, String method, ResponseHead head, boolean chunked) throws OriginException {
        Watched watched = watched(connection);
        if (watched != null && !watched.inflow().body(method, head, chunked)) {
            throw OriginException.broken("an empty line in the place of a chunk's size");
        }
    }

    /** The final response is complete. */
    static void end(Connection connection) {
        Watched watched = watched(connection);
        if (watched != null) {
            watched.inflow().end();
        }
    }

    private static Watched watched(Connection connection) {
        return connection instanceof org.eclipse.jetty.io.Connection jetty && jetty.getEndPoint() instanceof Watched watched ? watched : null;
    }

    /** Something was sent: what comes next may be a head. */
    void expectHead() {
        names.expectHead();
    }

    /** Whether anything came. */
    boolean hasCome() {
        return come;
    }

    /** As {@link org.eclipse.jetty.io.EndPoint#fill}; the end of all, where something comes unasked. */
    int fill(ByteBuffer buffer, Watched watched) throws IOException {
        if (!watched.isLockable()) {
            int held = rest(buffer);
            return look(buffer, held > 0 ? held : watched.read(buffer));
        }
        synchronized (this) {
            int held = rest(buffer);
            return look(buffer, held > 0 ? held : watched.read(buffer));
        }
    }

    private synchronized int rest(ByteBuffer buffer) {
        return names.hasRest() ? names.rest(buffer) : 0;
    }

    private synchronized int look(ByteBuffer buffer, int filled) {
        if (filled <= 0) {
            return filled;
        }
        come = true;
        if (!asked || extent.isExceeded()) {
            unasked = true;
            BufferUtil.clear(buffer);
            return -1;
        }
        int left = names.cut(buffer, filled);
        extent.look(buffer, buffer.limit() - left, buffer.limit());
        last = buffer;
        if (extent.isBroken()) {
            BufferUtil.clear(buffer);
            return -1; // to the client an end that comes too early, which breaks the response
        }
        return left;
    }

    /** Whether nothing came since the last answer. */
    private boolean isQuiet(Watched watched) {
        try {
            // a new one may still have a handshake to do
            return !used() || watched.peek(BufferUtil.allocate(1)) == 0;
        } catch (IOException e) {
            return false; // as broken as one on which something came
        }
    }

    private synchronized boolean begin(boolean quiet) {
        boolean clean = quiet && !unasked && !extent.isExceeded() && !names.hasRest();
        extent.endless();
        used = true;
        asked = clean;
        unasked = !clean;
        return clean;
    }

    private synchronized boolean used() {
        return used;
    }

    /** False when what is here of it is malformed. */
    private synchronized boolean body(String method, ResponseHead head, boolean chunked) {
        int status = head.status();
        if (method.equals("HEAD") || status == 204 || status == 304) {
            extent.length(0);
        } else if (chunked) {
            extent.chunked();
        } else if (head.length() >= 0) {
            extent.length(head.length());
        }
        extent.look(last, last.position(), last.limit());
        return !extent.isBroken();
    }

    private synchronized void end() {
        asked = false;
        last = BufferUtil.EMPTY_BUFFER;
    }
}
