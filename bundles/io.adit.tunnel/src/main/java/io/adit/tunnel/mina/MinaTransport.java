package io.adit.tunnel.mina;

import java.io.IOException;
import java.nio.ByteBuffer;

import io.adit.api.Completion;
import io.adit.tunnel.Transport;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.future.WriteFuture;
import org.apache.mina.core.session.IoSession;

/**
 * One MINA session as a transport. The engine keeps one write in flight, which is what MINA needs: its SslFilter drops writes when about
 * sixty are outstanding, and it has no gathering write.
 *
 * <p>Thread-safety: as {@link Transport} says.
 */
final class MinaTransport implements Transport {

    private final IoSession session;
    private final String remote;

    MinaTransport(IoSession session) {
        this.session = session;
        String address = String.valueOf(session.getRemoteAddress());
        this.remote = address.substring(address.indexOf('/') + 1);
    }

    @Override
    public void write(ByteBuffer data, Completion completion) {
        // the future and not messageSent: under TLS that event comes for handshake records too
        WriteFuture write = session.write(IoBuffer.wrap(data));
        write.addListener(done -> {
            if (write.isWritten()) {
                completion.succeeded();
            } else {
                completion.failed(write.getException() == null ? new IOException("the connection closed") : write.getException());
            }
        });
    }

    @Override
    public void close(boolean graceful) {
        if (graceful) {
            session.closeOnFlush();
        } else {
            session.closeNow();
        }
    }

    @Override
    public String remote() {
        return remote;
    }
}
