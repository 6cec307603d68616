package io.adit.origin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Reads responses on the selector's thread instead of handing each to a thread of the pool. The client cannot know that what listens
 * never blocks, and so wakes one or two threads for every response; here everything that listens only moves bytes into a stream.
 * What comes goes through an {@link Inflow}, and a reset is told from an end.
 *
 * <p>Thread-safety: as the class that it extends.
 */
final class InlineConnector extends ClientConnector {

    @Override
    protected EndPoint newEndPoint(SelectableChannel selectable, ManagedSelector selector, SelectionKey key) {
        return new InlineEndPoint((SocketChannel) selectable, selector, key, getScheduler());
    }

    private static final class InlineEndPoint extends SocketChannelEndPoint implements Inflow.Watched {

        private final Inflow inflow = new Inflow();
        /** The last read took all that was there. More is told by the selector, whenever it came: it is asked about the state and not for changes. */
        private volatile boolean drained;

        InlineEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
            super(channel, selector, key, scheduler);
        }

        @Override
        public Inflow inflow() {
            return inflow;
        }

        @Override
        public boolean isLockable() {
            return true;
        }

        @Override
        public int fill(ByteBuffer buffer) throws IOException {
            if (getConnection() instanceof SslConnection) {
                // what comes is no text, and TLS has an end of its own
                return super.fill(buffer);
            }
            try {
                return getConnection() instanceof Connection ? inflow.fill(buffer, this) : read(buffer);
            } catch (IOException reset) {
                if (getConnection() instanceof Connection client) {
                    // also takes one out of the pool that waits there
                    client.close();
                }
                throw reset;
            }
        }

        /** As the one above does it, but for a reset: that is not the end of a response that only the connection's end tells. */
        @Override
        public int peek(ByteBuffer buffer) throws IOException {
            if (isInputShutdown()) {
                return -1;
            }
            int position = BufferUtil.flipToFill(buffer);
            try {
                int filled = getChannel().read(buffer);
                if (filled > 0) {
                    notIdle();
                } else if (filled < 0) {
                    shutdownInput();
                }
                return filled;
            } finally {
                BufferUtil.flipToFlush(buffer, position);
            }
        }

        /** The client reads until there is nothing, twice for each response; that there is nothing is known from the read before. */
        @Override
        public int read(ByteBuffer buffer) throws IOException {
            if (drained) {
                return 0;
            }
            int room = BufferUtil.space(buffer);
            int filled = peek(buffer);
            drained = filled >= 0 && filled < room;
            return filled;
        }

        @Override
        public Runnable onSelected() {
            drained = false;
            return super.onSelected();
        }

        @Override
        public boolean flush(ByteBuffer... buffers) throws IOException {
            inflow.expectHead();
            return super.flush(buffers);
        }

        @Override
        public void fillInterested(Callback callback) {
            super.fillInterested(inline(callback));
        }

        @Override
        public boolean tryFillInterested(Callback callback) {
            return super.tryFillInterested(inline(callback));
        }

        private static Callback inline(Callback callback) {
            return Callback.from(Invocable.InvocationType.NON_BLOCKING, callback::succeeded, callback::failed);
        }
    }
}
