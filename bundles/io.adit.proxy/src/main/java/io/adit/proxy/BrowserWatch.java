package io.adit.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks out for the end of a browser's HTTP/1 connection while nobody reads from it: Jetty itself notices only at the next write.
 *
 * <p>It takes the connection's read interest, which is free between the end of a request and the end of its response, and must give it
 * back before the exchange ends, or the next request on that connection dies. When something can be read, that tells what it is:
 * the end of the connection, or the next request of a browser that pipelines; what was read is put into the connection's buffer, and where that
 * is full nothing more is looked for.
 *
 * <p>Thread-safety: none, see {@link Exchange}; the event comes on Jetty's thread.
 */
final class BrowserWatch {

    private static final Logger LOG = LoggerFactory.getLogger(BrowserWatch.class);

    private static final int MOST = 4096;

    private final ConnectionMetaData metaData;
    private Interest interest;
    /** Bytes that the connection's buffer can still take. */
    private int room;

    BrowserWatch(ConnectionMetaData metaData) {
        this.metaData = metaData;
    }

    boolean start(Runnable event) {
        Connection connection = metaData.getConnection();
        if (interest != null || !isHttp1() || !(connection instanceof Connection.UpgradeTo to)
                || !(connection instanceof Connection.UpgradeFrom from) || readable() == null) {
            return false;
        }
        ByteBuffer pipelined = from.onUpgradeFrom();
        room = connection instanceof AbstractConnection jettys ? jettys.getInputBufferSize() - BufferUtil.length(pipelined) : 0;
        if (BufferUtil.hasContent(pipelined)) {
            to.onUpgradeTo(pipelined);
        }
        if (room <= 0) {
            return false;
        }
        Interest mine = new Interest(event);
        if (!readable().tryFillInterested(mine)) {
            return false;
        }
        interest = mine;
        return true;
    }

    private boolean isHttp1() {
        return metaData.getHttpVersion() == HttpVersion.HTTP_1_1 || metaData.getHttpVersion() == HttpVersion.HTTP_1_0;
    }

    boolean probe() {
        if (interest == null) {
            return false;
        }
        stop();
        Connection connection = metaData.getConnection();
        ByteBuffer more = BufferUtil.allocate(Math.min(room, MOST));
        try {
            int filled = connection.getEndPoint().fill(more);
            if (filled > 0) {
                ((Connection.UpgradeTo) connection).onUpgradeTo(more);
            }
            return filled < 0;
        } catch (IOException e) {
            LOG.debug("browser gone: {}", e.toString());
            return true;
        }
    }

    void stop() {
        Interest mine = interest;
        interest = null;
        if (mine != null) {
            mine.ended = true;
            readable().getFillInterest().onFail(new IOException("watch ended"));
        }
    }

    /** The end point that keeps the read interest; behind a load balancer's PROXY protocol it is inside of another. Null when there is none. */
    private AbstractEndPoint readable() {
        EndPoint endPoint = metaData.getConnection().getEndPoint();
        while (!(endPoint instanceof AbstractEndPoint) && endPoint instanceof EndPoint.Wrapper wrapper) {
            endPoint = wrapper.unwrap();
        }
        return endPoint instanceof AbstractEndPoint found ? found : null;
    }

    /** Makes the end of the connection an error for the browser: the end of a response that only ends with it would look like success. */
    void resetOnClose() {
        Tcp.resetOnClose(metaData.getConnection().getEndPoint());
    }

    private static final class Interest implements Callback {
        private final Runnable event;
        private volatile boolean ended;

        Interest(Runnable event) {
            this.event = event;
        }

        @Override
        public void succeeded() {
            if (!ended) {
                event.run();
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (!ended) {
                event.run();
            }
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
