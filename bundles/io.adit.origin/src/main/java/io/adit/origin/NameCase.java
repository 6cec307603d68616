package io.adit.origin;

import java.nio.ByteBuffer;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Keeps the case of a response's field names. Where Jetty's parser sees a whole name that it knows at the beginning of a line, it takes its
 * own spelling, also when it was told to keep the case; a name that it sees come letter by letter stays as it is. So a head is handed to the
 * parser up to and with the first letter of a line whose name is spelled in another way, and the rest with the next read.
 *
 * <p>It knows no framing: a head is what comes after something was sent, up to an empty line. Where that is wrong (the response came while
 * the request was still being sent) nothing but a letter's case, or a read, is lost.
 *
 * <p>Thread-safety: {@link #expectHead()} from any thread, the others from the one that reads.
 */
final class NameCase {

    /** Where the status begins in a line {@code HTTP/1.1 200 OK}. */
    private static final int STATUS = 9;

    private ByteBuffer rest = BufferUtil.EMPTY_BUFFER;
    private volatile boolean expected = true;
    private boolean inHead;
    private boolean statusLine;
    private int column;
    private int status;

    /** Something was sent: what comes next may be a head. */
    void expectHead() {
        expected = true;
    }

    boolean hasRest() {
        return rest.hasRemaining();
    }

    /** Hands out what was held back. @return how many bytes */
    int rest(ByteBuffer to) {
        return BufferUtil.append(to, rest);
    }

    /**
     * Looks at the last bytes of a buffer in flush mode, and holds back what must not be seen yet.
     *
     * @param count how many there are
     * @return how many are left
     */
    int cut(ByteBuffer buffer, int count) {
        int end = buffer.limit();
        int from = end - count;
        if (expected) {
            expected = false;
            inHead = true;
            statusLine = true;
            column = 0;
        }
        for (int i = from; inHead && i < end; i++) {
            byte next = buffer.get(i);
            if (next == '\n') {
                endOfLine();
            } else if (next != '\r') {
                if (column == 0 && !statusLine && isRenamed(buffer, i)) {
                    column = 1;
                    return hold(buffer, i + 1, from);
                }
                if (statusLine && column >= STATUS && column < STATUS + 3) {
                    status = (column == STATUS ? 0 : status * 10) + next - '0';
                }
                column++;
            }
        }
        return count;
    }

    private void endOfLine() {
        if (column == 0 && !statusLine) {
            boolean interim = status >= 100 && status < 200 && status != 101;
            inHead = interim;
            statusLine = interim;
        } else if (column > 0) {
            statusLine = false;
        }
        column = 0;
    }

    /** Whether the parser knows the name at this place and spells it otherwise. */
    private static boolean isRenamed(ByteBuffer buffer, int at) {
        HttpField known = HttpParser.CACHE.getBest(buffer, at - buffer.position(), buffer.limit() - at);
        if (known == null) {
            return false;
        }
        String name = known.getName();
        for (int i = 0; i < name.length(); i++) {
            if (buffer.get(at + i) != name.charAt(i)) {
                return true;
            }
        }
        return false;
    }

    private int hold(ByteBuffer buffer, int at, int from) {
        int left = buffer.limit() - at;
        if (left > 0) {
            ByteBuffer held = ByteBuffer.allocate(left);
            held.put(0, buffer, at, left);
            rest = held;
            buffer.limit(at);
        }
        return at - from;
    }
}
