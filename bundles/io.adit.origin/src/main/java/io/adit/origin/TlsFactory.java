package io.adit.origin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * TLS to an origin. What was decrypted goes through an {@link Inflow}; and an end of the connection that TLS did not announce (RFC 8446 section
 * 6.1) is none: anybody on the way may have made it, and a response that only the end delimits is cut.
 *
 * <p>Thread-safety: as the class that it extends.
 */
final class TlsFactory extends SslClientConnectionFactory {

    TlsFactory(SslContextFactory.Client tls, ByteBufferPool buffers, Executor executor, ClientConnectionFactory next) {
        super(tls, buffers, executor, next);
        setRequireCloseMessage(true);
    }

    @Override
    protected SslConnection newSslConnection(EndPoint endPoint, SSLEngine engine) {
        return new WatchedConnection(this, endPoint, engine);
    }

    private static final class WatchedConnection extends SslConnection {

        WatchedConnection(TlsFactory factory, EndPoint endPoint, SSLEngine engine) {
            super(factory.getByteBufferPool(), factory.getExecutor(), factory.getSslContextFactory(), endPoint, engine,
                factory.isDirectBuffersForEncryption(), factory.isDirectBuffersForDecryption());
        }

        @Override
        protected SslEndPoint newSslEndPoint() {
            return new WatchedEndPoint();
        }

        private final class WatchedEndPoint extends SslEndPoint implements Inflow.Watched {

            private final Inflow inflow = new Inflow();

            @Override
            public Inflow inflow() {
                return inflow;
            }

            @Override
            public boolean isLockable() {
                return false;
            }

            @Override
            public int fill(ByteBuffer buffer) throws IOException {
                return getConnection() instanceof Connection ? inflow.fill(buffer, this) : peek(buffer);
            }

            @Override
            public int peek(ByteBuffer buffer) throws IOException {
                try {
                    return super.fill(buffer);
                } catch (SSLException e) {
                    if (inflow.hasCome()) {
                        // the origin was reached, so this is no matter of certificates
                        throw new IOException("the origin's TLS ended without its word", e);
                    }
                    throw e;
                }
            }

            @Override
            public boolean flush(ByteBuffer... buffers) throws IOException {
                inflow.expectHead();
                return super.flush(buffers);
            }
        }
    }
}
