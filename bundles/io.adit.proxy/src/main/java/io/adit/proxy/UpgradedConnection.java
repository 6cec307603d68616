package io.adit.proxy;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A browser's connection after 101 (Switching Protocols), or its stream of HTTP/2 after the answer to an extended CONNECT: copies bytes both ways between the connection and the stream, each direction
 * with its own back-pressure, one buffer at a time. An end of one direction is passed on as that; whatever breaks is passed on as a reset.
 *
 * <p>Thread-safety: all steps run in a {@link Serial}.
 */
final class UpgradedConnection extends AbstractConnection implements Connection.UpgradeTo {

    private static final Logger LOG = LoggerFactory.getLogger(UpgradedConnection.class);
    private static final int BUFFER_BYTES = 16 * 1024;

    private final MessageStream stream;
    private final Quotas.Lease lease;
    private final Runnable end;
    private final Serial serial = new Serial(this::broken);
    private final Callback readable = Callback.from(InvocationType.NON_BLOCKING, this::onFillable, this::onFillInterestedFailed);
    private final ByteBuffer buffer = BufferUtil.allocate(BUFFER_BYTES);
    /** Bytes that came together with the request's head. */
    private ByteBuffer early;
    private boolean inputEnded;
    /** The peer has been told of the end of input. */
    private boolean browserDone;
    private boolean peerDone;
    /** A write to the browser is under way; cleared by Jetty's thread. */
    private volatile boolean writing;
    private boolean opened;
    private Throwable streamFailure;
    private Throwable writeFailure;
    private boolean ended;

    UpgradedConnection(EndPoint endPoint, Connector connector, MessageStream stream, Quotas.Lease lease, Runnable end) {
        super(endPoint, connector.getExecutor());
        this.stream = stream;
        this.lease = lease;
        this.end = end;
    }

    @Override
    public void onUpgradeTo(ByteBuffer prefilled) {
        early = prefilled;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        serial.execute(() -> opened = true);
        stream.onReset(failure -> serial.execute(() -> streamBroken(failure)));
        serial.execute(this::breakIfReset);
        serial.execute(this::toBrowser);
        serial.execute(this::toPeer);
    }

    /** The exchange is over: it has been opened by then, or never will be. */
    void endUnlessOpen() {
        serial.execute(() -> {
            if (!opened) {
                broken(new IOException("ended before it was upgraded"));
            }
        });
    }

    @Override
    public void onFillable() {
        serial.execute(this::toPeer);
    }

    @Override
    protected void onFillInterestedFailed(Throwable cause) {
        serial.execute(() -> broken(cause));
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        serial.execute(() -> {
            // Jetty closes a connection as soon as both directions have ended; the peer may still have to be told of one
            if (!inputEnded || !peerDone) {
                broken(cause == null ? new IOException("closed") : cause);
            }
        });
    }

    /** Silence is normal on such a connection; the origin's side has the one limit for it. */
    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return false;
    }

    /** A reset that came until now was told to the request, which is over; a stream of HTTP/2 would just have nothing to read for ever. */
    private void breakIfReset() {
        if (Tcp.isBroken(getEndPoint())) {
            broken(new SocketException("reset by the browser"));
        }
    }

    private void toPeer() {
        if (ended || browserDone) {
            return;
        }
        if (BufferUtil.hasContent(early)) {
            ByteBuffer first = early;
            early = null;
            send(first, false);
            return;
        }
        if (!lease.up().ready(() -> serial.execute(this::fromBrowser))) {
            return;
        }
        fromBrowser();
    }

    private void fromBrowser() {
        if (ended || browserDone) {
            return;
        }
        try {
            BufferUtil.clear(buffer);
            int filled = getEndPoint().fill(buffer);
            if (filled > 0) {
                send(buffer, false);
            } else if (filled == 0) {
                getEndPoint().fillInterested(readable);
            } else if (writeFailure != null) {
                broken(writeFailure);
            } else if (Tcp.wasReset(getEndPoint()) || !peerDone && !getEndPoint().isOpen()) {
                // the second: Jetty closed it before this connection was the one that is told
                broken(new SocketException("reset by the browser"));
            } else {
                inputEnded = true;
                send(BufferUtil.EMPTY_BUFFER, true);
            }
        } catch (IOException e) {
            broken(e);
        }
    }

    private void send(ByteBuffer bytes, boolean last) {
        lease.up().used(bytes.remaining());
        stream.data(bytes, last, new Completion() {
            @Override
            public void succeeded() {
                serial.execute(() -> {
                    browserDone = last;
                    endWhenBothAre();
                    toPeer();
                });
            }

            @Override
            public void failed(Throwable cause) {
                serial.execute(() -> streamBroken(cause));
            }
        });
    }

    private void toBrowser() {
        if (!ended && !peerDone && lease.down().ready(() -> serial.execute(this::fromPeer))) {
            fromPeer();
        }
    }

    private void fromPeer() {
        if (ended || peerDone) {
            return;
        }
        Inbound inbound = stream.read();
        if (inbound == null) {
            stream.demand(() -> serial.execute(this::toBrowser));
        } else if (inbound instanceof Inbound.Data data) {
            write(data);
        } else if (inbound instanceof Inbound.Failure failure) {
            broken(failure.cause());
        } else {
            broken(new IOException("a head or trailers in an upgraded stream"));
        }
    }

    private void write(Inbound.Data data) {
        writing = true;
        lease.down().used(data.bytes().remaining());
        getEndPoint().write(Callback.from(InvocationType.NON_BLOCKING, () -> {
            writing = false;
            data.release();
            serial.execute(() -> written(data.last()));
        }, failure -> {
            data.release();
            serial.execute(() -> notWritten(failure));
        }), data.bytes());
        breakIfHeldUp();
    }

    private void written(boolean last) {
        if (last && !ended) {
            peerDone = true;
            getEndPoint().shutdownOutput();
            breakIfHeldUp();
            endWhenBothAre();
        }
        toBrowser();
    }

    /** The browser is gone; its last words may still be there to be read, and after them its end. */
    private void notWritten(Throwable cause) {
        writeFailure = cause;
        if (browserDone) {
            broken(cause);
        }
    }

    /** What came before the failure may still be read, and goes to the browser where that takes it; then comes the failure. */
    private void streamBroken(Throwable cause) {
        streamFailure = cause;
        breakIfHeldUp();
    }

    private void breakIfHeldUp() {
        if (streamFailure != null && (writing || peerDone)) {
            broken(streamFailure);
        }
    }

    private void endWhenBothAre() {
        if (browserDone && peerDone && !ended) {
            ended = true;
            getEndPoint().close();
            end.run();
        }
    }

    private void broken(Throwable cause) {
        if (ended) {
            return;
        }
        ended = true;
        LOG.debug("upgraded connection breaks: {}", cause.toString());
        stream.reset(ErrorCode.CANCEL, "connection closed");
        Tcp.reset(getEndPoint(), cause);
        end.run();
    }
}
