package io.adit.call;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.PeerSession;
import io.adit.api.PeerUnavailableException;
import io.adit.api.SessionInfo;
import io.adit.api.StreamInfo;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;

/** A session whose streams give what they are told to, or nothing ever. */
public final class FakeSession implements PeerSession {

    public final Deque<Inbound> answers = new ArrayDeque<>();
    public PeerUnavailableException unavailable;
    public RequestHead asked;
    public ErrorCode reset;
    public int codec = 2;
    public String ended = "";
    public List<StreamInfo> streams = List.of();
    public long bytesIn;

    public static Inbound head(int status, boolean last, String... fields) {
        return new Inbound.Head(new ResponseHead(status, "", Fields.of(fields), "", -1), last);
    }

    public static Inbound data(String text, boolean last) {
        return new Inbound.Data() {
            private final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));

            @Override
            public boolean last() {
                return last;
            }

            @Override
            public ByteBuffer bytes() {
                return bytes;
            }

            @Override
            public void release() {
                // nobody counts
            }
        };
    }

    public static Inbound failure(ErrorCode code) {
        return new Inbound.Failure(new StreamResetException(code, true, false, ""));
    }

    @Override
    public String id() {
        return "s1";
    }

    @Override
    public MessageStream open(RequestHead head, ByteBuffer data, boolean last) throws PeerUnavailableException {
        if (unavailable != null) {
            throw unavailable;
        }
        asked = head;
        return new Stream();
    }

    private final class Stream implements MessageStream {

        @Override
        public int messageBoxId() {
            return 1;
        }

        @Override
        public Inbound read() {
            return answers.poll();
        }

        @Override
        public void demand(Runnable task) {
            // nothing more comes
        }

        @Override
        public void head(ResponseHead head, ByteBuffer data, boolean last, Completion completion) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void data(ByteBuffer data, boolean last, Completion completion) {
            completion.succeeded();
        }

        @Override
        public void trailers(Fields fields, Completion completion) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void reset(ErrorCode code, String reason) {
            reset = code;
        }

        @Override
        public void onReset(Consumer<StreamResetException> listener) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public CompletionStage<Void> drain(Duration deadline, ErrorCode code) {
        ended = "drained " + deadline.toSeconds() + " s " + code;
        return new CompletableFuture<>();
    }

    @Override
    public void close(ErrorCode code, String reason) {
        ended = "closed " + code;
    }

    @Override
    public CompletionStage<ErrorCode> closed() {
        return new CompletableFuture<>();
    }

    @Override
    public Fields details() {
        return Fields.EMPTY;
    }

    @Override
    public int load() {
        return 3;
    }

    @Override
    public SessionInfo info() {
        return new SessionInfo("s1", "192.0.2.1:5", Instant.EPOCH, codec, 2000, 3, 10, bytesIn, 0, "open");
    }

    @Override
    public List<StreamInfo> streams(int most) {
        return streams;
    }
}
