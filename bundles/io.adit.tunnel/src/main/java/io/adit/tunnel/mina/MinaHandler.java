package io.adit.tunnel.mina;

import java.util.function.BiFunction;
import java.util.function.Function;

import io.adit.tunnel.Transport;
import io.adit.tunnel.TransportListener;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.SocketSessionConfig;

/**
 * Gives each new MINA session to the engine and passes on what it says: the raw bytes, without a codec filter, since partial packets
 * belong to the engine. For the acceptor's and the connector's service alike.
 *
 * <p>Thread-safety: MINA calls for one session come one at a time.
 */
public final class MinaHandler extends IoHandlerAdapter {

    private static final AttributeKey LISTENER = new AttributeKey(MinaHandler.class, "listener");
    private static final AttributeKey CAUSE = new AttributeKey(MinaHandler.class, "cause");
    /** MINA makes a new buffer for each read, of a size that follows what came: half as large when less than half was used, twice when all was. */
    private static final int MIN_READ_BYTES = 2 * 1024;
    private static final int MAX_READ_BYTES = 64 * 1024;

    private final BiFunction<IoSession, Transport, TransportListener> sessions;

    /** @param sessions makes the engine's side of a transport, or gives null for one that it closed; called on an I/O thread */
    public MinaHandler(Function<Transport, TransportListener> sessions) {
        this((session, transport) -> sessions.apply(transport));
    }

    /** @param sessions the same, for who wants to know the MINA session too */
    public MinaHandler(BiFunction<IoSession, Transport, TransportListener> sessions) {
        this.sessions = sessions;
    }

    /** What every tunnel socket wants: MINA's own defaults are no good for it. */
    public static void configure(SocketSessionConfig config) {
        config.setTcpNoDelay(true); // the flusher coalesces
        config.setKeepAlive(true);
        config.setMaxReadBufferSize(MAX_READ_BYTES);
        config.setReadBufferSize(MAX_READ_BYTES);
        config.setMinReadBufferSize(MIN_READ_BYTES);
    }

    @Override
    public void sessionOpened(IoSession session) {
        TransportListener listener = sessions.apply(session, new MinaTransport(session));
        if (listener != null) {
            session.setAttribute(LISTENER, listener);
            // the future and not sessionClosed: SslFilter keeps that event to itself where the TLS handshake failed
            session.getCloseFuture().addListener(closed -> listener.closed((Throwable) session.getAttribute(CAUSE)));
        }
    }

    @Override
    public void messageReceived(IoSession session, Object message) {
        TransportListener listener = (TransportListener) session.getAttribute(LISTENER);
        if (listener != null) {
            listener.received(((IoBuffer) message).buf());
        }
    }

    /** MINA's own default does the same: half-close is a packet of ours, so the end of the input is the end. */
    @Override
    public void inputClosed(IoSession session) {
        session.closeNow();
    }

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) {
        session.setAttributeIfAbsent(CAUSE, cause);
        session.closeNow();
    }
}
