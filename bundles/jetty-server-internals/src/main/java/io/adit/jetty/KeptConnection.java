package io.adit.jetty;

import java.nio.ByteBuffer;

import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;

/**
 * An HTTP/1 connection between two requests, or before the first, while nobody is there to serve it: nothing is read, so what the client sends
 * waits in the kernel. The idle time-out goes on.
 *
 * <p>Thread-safety: thread-safe; it is resumed at most once.
 */
final class KeptConnection extends AbstractConnection implements Connection.UpgradeTo, Connection.UpgradeFrom {

    private final LastingConnector connector;
    /** What was read with the header of the PROXY protocol; null: nothing. */
    private ByteBuffer read;

    KeptConnection(LastingConnector connector, EndPoint endPoint) {
        super(endPoint, connector.getExecutor());
        this.connector = connector;
    }

    @Override
    public void onOpen() {
        super.onOpen();
        connector.keep(this);
    }

    @Override
    public void onClose(Throwable cause) {
        connector.forget(this);
        super.onClose(cause);
    }

    /** @param next makes the connection that serves it from now on */
    void resume(ConnectionFactory next) {
        EndPoint endPoint = getEndPoint();
        try {
            endPoint.upgrade(next.newConnection(connector, endPoint));
        } catch (RuntimeException e) {
            endPoint.close(e);
        }
    }

    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
        ByteBuffer copy = ByteBuffer.allocate(buffer.remaining());
        copy.put(buffer).flip();
        read = copy;
    }

    @Override
    public ByteBuffer onUpgradeFrom() {
        return read;
    }

    /** Not called: nobody asked for it. */
    @Override
    public void onFillable() {
        throw new IllegalStateException("a kept connection does not read");
    }
}
