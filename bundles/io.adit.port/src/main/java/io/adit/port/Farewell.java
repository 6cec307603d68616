package io.adit.port;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.util.Callback;

/**
 * The end of HTTP/2 connections when the container stops. A client goes on talking while it reads the tail of its last response, which is in the kernel
 * for as long as the line is slow; a socket that is closed before answers that with a reset, and the tail is lost. So each connection gets GOAWAY after
 * its last stream, and then a PING: whoever answers that has read all there was (RFC 9113 sections 6.7, 6.8). Connections of HTTP/1 need none of it: the
 * client says nothing until it has the whole response.
 *
 * <p>Not waited for are connections on which nothing moved for longer than the drain may take.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Farewell {

    private static final long LOOK_MILLIS = 20;
    private static final byte[] PAYLOAD = "farewell".getBytes(StandardCharsets.US_ASCII);

    private final AbstractConnector connector;
    private final long longestMillis;
    private final long end;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    // one look after the other
    private final Map<HTTP2Session, Goodbye> said = new ConcurrentHashMap<>();

    private Farewell(AbstractConnector connector, Duration deadline) {
        this.connector = connector;
        this.longestMillis = deadline.toMillis();
        this.end = System.nanoTime() + deadline.toNanos();
    }

    /**
     * @param connector with TLS; connections that come meanwhile hear it as well
     * @return completes when all clients have read all, or at the deadline
     */
    static CompletionStage<Void> say(AbstractConnector connector, Duration deadline) {
        Farewell farewell = new Farewell(connector, deadline);
        farewell.look();
        return farewell.done;
    }

    private void look() {
        List<HTTP2Session> sessions = connector.getConnectedEndPoints().stream().map(Farewell::session).filter(Objects::nonNull).toList();
        sessions.stream().filter(session -> session.getStreams().isEmpty()).forEach(session -> said.computeIfAbsent(session, this::say));
        boolean all = sessions.stream().allMatch(session -> said.containsKey(session) && said.get(session).isRead());
        if (all || System.nanoTime() - end >= 0) {
            done.complete(null);
        } else {
            connector.getScheduler().schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static HTTP2Session session(EndPoint endPoint) {
        return endPoint.getConnection() instanceof SslConnection tls && tls.getSslEndPoint().getConnection() instanceof HTTP2Connection connection
                ? connection.getSession() : null;
    }

    private Goodbye say(HTTP2Session session) {
        boolean quiet = session.getEndPoint() instanceof IdleTimeout idle && idle.getIdleFor() > longestMillis;
        Goodbye goodbye = new Goodbye(session, quiet);
        session.addEventListener(goodbye);
        // not by the session's own close or shutdown, which end the connection when the client says GOAWAY too, whatever it has read
        session.frames(null, List.of(new GoAwayFrame(last(session), ErrorCode.NO_ERROR.code, null)), goodbye);
        return goodbye;
    }

    /**
     * The session does not tell which stream was the last: not one before this, since clients open odd ones only. Whatever comes after it is refused by
     * the endpoint, so that a client may send it again elsewhere.
     */
    private static int last(HTTP2Session session) {
        return (int) Math.max(0, 2 * session.getStreamsOpened() - 1);
    }

    /** To one client: succeeds when GOAWAY has been written. */
    private static final class Goodbye implements HTTP2Session.FrameListener, Callback {

        private final HTTP2Session session;
        private final AtomicBoolean read;

        Goodbye(HTTP2Session session, boolean read) {
            this.session = session;
            this.read = new AtomicBoolean(read);
        }

        boolean isRead() {
            return read.get();
        }

        @Override
        public void succeeded() {
            session.ping(new PingFrame(PAYLOAD, false), Callback.from(() -> { }, this::failed));
        }

        /** It is gone. */
        @Override
        public void failed(Throwable cause) {
            read.set(true);
        }

        @Override
        public void onIncomingFrame(Session from, Frame frame) {
            if (frame instanceof PingFrame ping && ping.isReply() && Arrays.equals(PAYLOAD, ping.getPayload())) {
                read.set(true);
            }
        }
    }
}
