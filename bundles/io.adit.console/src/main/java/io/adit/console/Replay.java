package io.adit.console;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.adit.api.ErrorCode;
import io.adit.api.PeerSession;
import io.adit.api.PeerUnavailableException;
import io.adit.api.Redaction;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.call.Caller;

/** Sends a request once more, without what was redacted of it. Stateless. */
final class Replay {

    /** They belong to the connection that is gone, or are made anew. */
    private static final Set<String> LEFT_OUT = Set.of("connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade", "expect", "trailer",
            "content-length", "http2-settings", "host");

    private Replay() {
    }

    /** The head, or null where the address had a secret, which is not kept. */
    static RequestHead head(Captured.Now request) {
        byte[] body = request.requestBody() == null ? new byte[0] : request.requestBody();
        if (request.begin().target().contains(Redaction.MARK) || request.begin().authority().contains(Redaction.MARK)) {
            return null;
        }
        Fields.Builder fields = Fields.builder().add("Host", request.begin().authority());
        for (Fields.Field field : request.begin().fields()) {
            if (!LEFT_OUT.contains(field.name().toLowerCase(Locale.ROOT)) && !field.value().contains(Redaction.MARK)) {
                fields.add(field.name(), field.value());
            }
        }
        fields.add("Via", "1.1 adit");
        boolean sized = body.length > 0 || request.begin().fields().contains("content-length");
        if (sized) {
            fields.add("Content-Length", Integer.toString(body.length));
        }
        return new RequestHead(request.begin().method(), request.begin().scheme(), request.begin().authority(), request.begin().target(), "HTTP/1.1", fields.build(),
                "127.0.0.1:0", "", sized ? body.length : -1);
    }

    static CompletableFuture<Map<String, Object>> send(PeerSession session, RequestHead head, Captured.Now request, long millis) throws PeerUnavailableException {
        byte[] body = request.requestBody() == null ? new byte[0] : request.requestBody();
        return Caller.call(session, head, body, millis).thenApply(answer -> Json.object("ok", answer.code() == ErrorCode.NONE, "status", answer.status(),
                "reason", answer.code() == ErrorCode.NONE ? "" : answer.code().text(), "fields", Export.fields(Redaction.fields(answer.fields())), "body",
                RequestsView.body(answer.body()), "bytes", answer.bytes(), "millis", Export.millis(answer.endNanos())));
    }
}
