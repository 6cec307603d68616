package io.adit.proxy;

import java.io.IOException;
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
 * A browser's connection after 101 (Switching Protocols): copies bytes both ways between the connection and the stream, each direction
 * with its own back-pressure, one buffer at a time, and half-close passed on. All steps run one after the other.
 */
final class UpgradedConnection extends AbstractConnection implements Connection.UpgradeTo {

    private static final Logger LOG = LoggerFactory.getLogger(UpgradedConnection.class);
    private static final int BUFFER_BYTES = 16 * 1024;

    private final MessageStream stream;
    private final Runnable end;
    private final Serial serial = new Serial(this::broken);
    private final ByteBuffer buffer = BufferUtil.allocate(BUFFER_BYTES);
    private ByteBuffer early;
    private boolean browserDone;
    private boolean peerDone;
    private boolean ended;

    UpgradedConnection(EndPoint endPoint, Connector connector, MessageStream stream, Runnable end) {
        super(endPoint, connector.getExecutor());
        this.stream = stream;
        this.end = end;
    }

    @Override
    public void onUpgradeTo(ByteBuffer prefilled) {
        early = prefilled;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        stream.onReset(failure -> serial.execute(() -> broken(failure)));
        serial.execute(this::toBrowser);
        serial.execute(() -> {
            if (BufferUtil.hasContent(early)) {
                stream.data(early, false, then(this::toPeer));
            } else {
                toPeer();
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
        serial.execute(() -> broken(cause == null ? new IOException("closed") : cause));
    }

    /** Silence is normal on such a connection; both ends have their own idea of how long. */
    @Override
    public boolean onIdleExpired(TimeoutException timeout) {
        return false;
    }

    private void toPeer() {
        if (ended || browserDone) {
            return;
        }
        try {
            BufferUtil.clear(buffer);
            int filled = getEndPoint().fill(buffer);
            if (filled > 0) {
                stream.data(buffer, false, then(this::toPeer));
            } else if (filled == 0) {
                getEndPoint().fillInterested(Callback.from(InvocationType.NON_BLOCKING, this::onFillable, this::onFillInterestedFailed));
            } else {
                browserDone = true;
                stream.data(BufferUtil.EMPTY_BUFFER, true, then(this::endWhenBothAre));
            }
        } catch (IOException e) {
            broken(e);
        }
    }

    private void toBrowser() {
        if (ended || peerDone) {
            return;
        }
        Inbound inbound = stream.read();
        if (inbound == null) {
            stream.demand(() -> serial.execute(this::toBrowser));
        } else if (inbound instanceof Inbound.Data data) {
            getEndPoint().write(Callback.from(InvocationType.NON_BLOCKING, () -> serial.execute(() -> {
                data.release();
                afterWrite(data.last());
            }), failure -> serial.execute(() -> {
                data.release();
                broken(failure);
            })), data.bytes());
        } else if (inbound instanceof Inbound.Failure failure) {
            broken(failure.cause());
        } else if (inbound.last()) {
            afterWrite(true);
        } else {
            broken(new IOException("a head in the middle of an upgraded stream"));
        }
    }

    private void afterWrite(boolean last) {
        if (last) {
            peerDone = true;
            getEndPoint().shutdownOutput();
            endWhenBothAre();
        } else {
            toBrowser();
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
        LOG.debug("upgraded connection ends: {}", cause.toString());
        stream.reset(ErrorCode.CANCEL, "connection closed");
        getEndPoint().close(cause);
        end.run();
    }

    private Completion then(Runnable next) {
        return new Completion() {
            @Override
            public void succeeded() {
                serial.execute(next);
            }

            @Override
            public void failed(Throwable cause) {
                serial.execute(() -> broken(cause));
            }
        };
    }
}
