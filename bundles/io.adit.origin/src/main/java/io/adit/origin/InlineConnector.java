package io.adit.origin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Makes connections that tell a reset from an end, and that are read on the selector's thread instead of handing each response to a thread of
 * the pool: the client cannot know that what listens never blocks, and so wakes one or two threads for every response; here everything that
 * listens only moves bytes into a stream.
 *
 * <p>Thread-safety: as the class that it extends.
 */
final class InlineConnector extends ClientConnector {

    @Override
    protected EndPoint newEndPoint(SelectableChannel selectable, ManagedSelector selector, SelectionKey key) {
        return new InlineEndPoint((SocketChannel) selectable, selector, key, getScheduler());
    }

    private static final class InlineEndPoint extends SocketChannelEndPoint {

        InlineEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
            super(channel, selector, key, scheduler);
        }

        /** As Jetty does it, but a reset is none of the ends of input: a body that ends with the connection would look complete. */
        @Override
        public int fill(ByteBuffer buffer) throws IOException {
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
