package io.adit.registry;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.registry.Message.MalformedException;

/**
 * One end of a link: {@link Message}s both ways over one stream (PROTOCOL R1 to R3), under the stream's credit. What waits to be sent is kept by
 * key, so that a newer message takes the place of an older one that it makes pointless.
 *
 * <p>Thread-safety: thread-safe; nothing blocks. The receiver is called by one thread at a time, without a lock.
 */
final class Lines {

    /** Messages of the end that opened the stream that may wait: one more, and the link ends, to begin anew with what is true then. */
    static final int MOST_WAITING = 65_536;

    private static final int WRITE = 16 * 1024;

    /** Who is told what comes. */
    interface Receiver {

        void received(Message message) throws MalformedException;

        /** The link is over; once, last. */
        void ended(String reason);
    }

    private final MessageStream stream;
    private final Receiver receiver;
    private final int mostWaiting;

    // guarded by this
    private final Map<String, String> waiting = new LinkedHashMap<>();
    private boolean writing;
    private boolean over;

    // of the reading thread
    private final StringBuilder part = new StringBuilder();

    private Lines(MessageStream stream, Receiver receiver, int mostWaiting) {
        this.stream = stream;
        this.receiver = receiver;
        this.mostWaiting = mostWaiting;
    }

    /** The end that opened the stream. */
    static Lines opened(MessageStream stream, Receiver receiver) {
        return new Lines(stream, receiver, MOST_WAITING);
    }

    /**
     * The end that answers: says so first.
     *
     * @param mostWaiting messages that may wait; it has to hold one of each name that is served here, since they are all told at once at first
     */
    static Lines answering(MessageStream stream, Receiver receiver, int mostWaiting) {
        Lines lines = new Lines(stream, receiver, mostWaiting);
        lines.writing = true;
        stream.head(new ResponseHead(200, "OK", Fields.EMPTY, "", -1), null, false, lines.new Written());
        return lines;
    }

    /** Begins to read; may call the receiver at once. */
    void start() {
        stream.onReset(cause -> end(cause.getMessage()));
        read();
    }

    /** @param key of what it says: a message of the same key that waits is not sent */
    void send(String key, Message message) {
        boolean tooMany;
        synchronized (this) {
            if (over) {
                return;
            }
            waiting.remove(key);
            waiting.put(key, message.line());
            tooMany = waiting.size() > mostWaiting;
        }
        if (tooMany) {
            close(ErrorCode.STALLED, "more than " + mostWaiting + " messages wait");
        } else {
            write();
        }
    }

    /** Breaks it off. */
    void close(ErrorCode code, String reason) {
        end(reason); // first, since the reset is told as well
        stream.reset(code, reason);
    }

    private void end(String reason) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            waiting.clear();
        }
        receiver.ended(reason);
    }

    private void write() {
        ByteBuffer out;
        synchronized (this) {
            if (writing || over || waiting.isEmpty()) {
                return;
            }
            writing = true;
            StringBuilder text = new StringBuilder();
            for (Iterator<String> lines = waiting.values().iterator(); lines.hasNext() && text.length() < WRITE;) {
                text.append(lines.next()).append('\n');
                lines.remove();
            }
            out = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
        }
        stream.data(out, false, new Written());
    }

    private final class Written implements Completion {
        @Override
        public void succeeded() {
            synchronized (Lines.this) {
                writing = false;
            }
            write();
        }

        @Override
        public void failed(Throwable cause) {
            end(cause.getMessage());
        }
    }

    private void read() {
        try {
            for (Inbound next = stream.read(); next != null; next = stream.read()) {
                if (next instanceof Inbound.Data data) {
                    take(data);
                } else if (next instanceof Inbound.Head head && head.head().status() != 200) {
                    throw new MalformedException("the answer is " + head.head().status());
                } else if (next instanceof Inbound.Failure failure) {
                    end(failure.cause().getMessage());
                    return;
                }
                if (next.last()) {
                    close(ErrorCode.CANCEL, "the other side ended the link");
                    return;
                }
            }
            stream.demand(this::read);
        } catch (MalformedException e) {
            close(ErrorCode.PROTOCOL, e.getMessage()); // PROTOCOL R3
        }
    }

    private void take(Inbound.Data data) throws MalformedException {
        ByteBuffer bytes = data.bytes();
        while (bytes.hasRemaining()) {
            char c = (char) (bytes.get() & 0xFF);
            if (c != '\n') {
                if (part.length() == Message.MAX_BYTES) {
                    throw new MalformedException("a line of more than " + Message.MAX_BYTES + " bytes");
                }
                part.append(c);
                continue;
            }
            String line = part.toString();
            part.setLength(0);
            receiver.received(Message.parse(line));
        }
        data.release();
    }
}
