package io.adit.connector;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Consumer;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.PeerSession;
import io.adit.api.RequestListener.Begin;
import io.adit.api.RequestListener.How;
import io.adit.api.RequestListener.Side;
import io.adit.api.RequestReport;
import io.adit.api.RequestReports;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;

/** A stream between the session and who answers: tells the listeners what passes. As thread-safe as the stream. */
final class ReportedStream implements MessageStream {

    private final MessageStream stream;
    private final RequestReport report;

    private ReportedStream(MessageStream stream, RequestReport report) {
        this.stream = stream;
        this.report = report;
    }

    /** The address without the port. */
    private static String visitor(String client) {
        int port = client.lastIndexOf(':');
        String address = port < 0 ? client : client.substring(0, port);
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }

    /** The head with which the request goes on to who answers. */
    static RequestHead onward(RequestHead head, MessageStream stream) {
        return stream instanceof ReportedStream reported ? head.with(reported.report.onward()) : head;
    }

    /** The stream itself where nobody listens. */
    static MessageStream of(RequestReports reports, String name, RequestHead head, boolean last, MessageStream stream) {
        if (reports.isSilent()) {
            return stream;
        }
        RequestReport report = reports.begin(new Begin(Side.PEER, Instant.now(), name, head.client(), visitor(head.client()), head.scheme(), head.authority(),
                head.method(), head.target(), head.protocol(), head.fields()), System.nanoTime());
        report.opened(stream.session());
        if (last) {
            report.sent();
        }
        return report == RequestReport.SILENT ? stream : new ReportedStream(stream, report);
    }

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
            report.requestBody(data.bytes());
        } else if (inbound instanceof Inbound.Failure failure) {
            broken(failure.cause());
        }
        if (inbound != null && inbound.last()) {
            report.sent();
        }
        return inbound;
    }

    @Override
    public void demand(Runnable task) {
        stream.demand(task);
    }

    @Override
    public void head(ResponseHead head, ByteBuffer data, boolean last, Completion completion) {
        if (!head.isInterim()) {
            report.head(head.status(), head.fields());
        }
        report.responseBody(data);
        stream.head(head, data, last, last ? end(completion) : completion);
    }

    @Override
    public void data(ByteBuffer data, boolean last, Completion completion) {
        report.responseBody(data);
        stream.data(data, last, last ? end(completion) : completion);
    }

    @Override
    public void trailers(Fields fields, Completion completion) {
        stream.trailers(fields, end(completion));
    }

    @Override
    public void reset(ErrorCode code, String reason) {
        report.end(code == ErrorCode.CANCEL ? How.GONE : How.BROKEN, code, "");
        stream.reset(code, reason);
    }

    @Override
    public void onReset(Consumer<StreamResetException> listener) {
        stream.onReset(cause -> {
            broken(cause);
            listener.accept(cause);
        });
    }

    private void broken(StreamResetException cause) {
        report.end(cause.code() == ErrorCode.CANCEL ? How.GONE : How.BROKEN, cause.code(), "");
    }

    private Completion end(Completion completion) {
        return new Completion() {
            @Override
            public boolean isInline() {
                return completion.isInline();
            }

            @Override
            public void succeeded() {
                report.end(How.ANSWERED, ErrorCode.NONE, "");
                completion.succeeded();
            }

            @Override
            public void failed(Throwable cause) {
                completion.failed(cause);
            }
        };
    }
}
