package io.adit.tunnel.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.adit.api.Completion;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.PeerSession;
import io.adit.api.PeerUnavailableException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;

/** One exchange from the proxy's side: sends a body in pieces and collects the answer. */
final class Client {

    record Answer(List<ResponseHead> heads, byte[] body, Fields trailers) {
    }

    final CompletableFuture<Answer> answer = new CompletableFuture<>();
    final MessageStream stream;

    private final List<ResponseHead> heads = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final byte[] upload;
    private final int piece;
    private int sent;

    static RequestHead head(String method, long length) {
        return new RequestHead(method, "http", "demo.localhost", "/", "HTTP/1.1", Fields.of("Host", "demo.localhost"), "127.0.0.1:1", "", length);
    }

    Client(PeerSession session, byte[] upload, int piece) throws PeerUnavailableException {
        this.upload = upload;
        this.piece = piece;
        boolean empty = upload.length == 0;
        stream = session.open(head(empty ? "GET" : "POST", empty ? -1 : upload.length), null, empty);
        stream.onReset(answer::completeExceptionally);
        if (!empty) {
            send();
        }
        receive();
    }

    private void send() {
        int size = Math.min(piece, upload.length - sent);
        ByteBuffer data = ByteBuffer.wrap(upload, sent, size);
        sent += size;
        stream.data(data, sent == upload.length, new Completion() {
            @Override
            public void succeeded() {
                if (sent < upload.length) {
                    send();
                }
            }

            @Override
            public void failed(Throwable cause) {
                answer.completeExceptionally(cause);
            }
        });
    }

    private void receive() {
        while (true) {
            Inbound next = stream.read();
            if (next == null) {
                stream.demand(this::receive);
                return;
            }
            Fields trailers = Fields.EMPTY;
            if (next instanceof Inbound.Head head) {
                heads.add(head.head());
            } else if (next instanceof Inbound.Data data) {
                ByteBuffer bytes = data.bytes();
                body.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
                data.release();
            } else if (next instanceof Inbound.Trailers last) {
                trailers = last.fields();
            } else if (next instanceof Inbound.Failure failure) {
                answer.completeExceptionally(failure.cause());
                return;
            }
            if (next.last()) {
                answer.complete(new Answer(List.copyOf(heads), body.toByteArray(), trailers));
                return;
            }
        }
    }
}
