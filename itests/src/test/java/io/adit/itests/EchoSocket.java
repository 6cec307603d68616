package io.adit.itests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A browser's side of a WebSocket to a {@link WebSocketEcho}. One thread says, and hears what it said. */
final class EchoSocket implements WebSocket.Listener, AutoCloseable {

    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private WebSocket socket;

    private EchoSocket() {
    }

    static EchoSocket to(Web web) throws Exception {
        EchoSocket echo = new EchoSocket();
        echo.socket = web.client().newWebSocketBuilder().subprotocols("echo").header("Host", web.host()).connectTimeout(Await.DEADLINE)
            .buildAsync(URI.create("ws://127.0.0.1:" + web.port() + "/socket"), echo).get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        return echo;
    }

    /** @return the next message from there */
    byte[] say(byte[] bytes) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        Object next = heard.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        if (next instanceof byte[] answer) {
            return answer;
        }
        throw new IOException("a WebSocket ended: " + next);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        message.writeBytes(part);
        if (last) {
            heard.add(message.toByteArray());
            message.reset();
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        heard.add("closed with " + code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        heard.add(error);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
