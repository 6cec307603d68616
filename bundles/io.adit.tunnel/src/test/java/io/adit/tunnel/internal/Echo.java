package io.adit.tunnel.internal;

import io.adit.api.Completion;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.RequestHandler;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;

/** Answers with the request's body and trailers, piece by piece, each piece given back when it is on its way. */
final class Echo implements RequestHandler {

    @Override
    public void handle(RequestHead head, boolean last, MessageStream stream) {
        stream.head(new ResponseHead(200, "OK", Fields.of("X-Method", head.method()), "", head.length()), null, last, Completion.NONE);
        if (!last) {
            pump(stream);
        }
    }

    private void pump(MessageStream stream) {
        Inbound next = stream.read();
        if (next == null) {
            stream.demand(() -> pump(stream));
        } else if (next instanceof Inbound.Data data) {
            stream.data(data.bytes(), data.last(), new Completion() {
                @Override
                public void succeeded() {
                    data.release();
                    if (!data.last()) {
                        pump(stream);
                    }
                }

                @Override
                public void failed(Throwable cause) {
                    data.release();
                }
            });
        } else if (next instanceof Inbound.Trailers trailers) {
            stream.trailers(trailers.fields(), Completion.NONE);
        }
    }
}
