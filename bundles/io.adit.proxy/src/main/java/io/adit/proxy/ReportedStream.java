package io.adit.proxy;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.PeerSession;
import io.adit.api.RequestReport;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;

/** The stream of an upgraded connection, which is copied by somebody else: counts what passes. As thread-safe as the stream. */
record ReportedStream(MessageStream stream, RequestReport report) implements MessageStream {

    @Override
    public PeerSession session() {
        return stream.session();
    }

    @Override
    public int messageBoxId() {
        return stream.messageBoxId();
    }

    @Override
    public Inbound read() {
        Inbound inbound = stream.read();
        if (inbound instanceof Inbound.Data data) {
            report.responseBody(data.bytes());
        }
        return inbound;
    }

    @Override
    public void demand(Runnable task) {
        stream.demand(task);
    }

    @Override
    public void head(ResponseHead head, ByteBuffer data, boolean last, Completion completion) {
        stream.head(head, data, last, completion);
    }

    @Override
    public void data(ByteBuffer data, boolean last, Completion completion) {
        report.requestBody(data);
        stream.data(data, last, completion);
    }

    @Override
    public void trailers(Fields fields, Completion completion) {
        stream.trailers(fields, completion);
    }

    @Override
    public void reset(ErrorCode code, String reason) {
        stream.reset(code, reason);
    }

    @Override
    public void onReset(Consumer<StreamResetException> listener) {
        stream.onReset(listener);
    }
}
