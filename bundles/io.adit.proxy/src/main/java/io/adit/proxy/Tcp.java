package io.adit.proxy;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket underneath a connection of Jetty's, for what Jetty hides: that its end was a reset, and how to end with one. For a stream of HTTP/2
 * that is RST_STREAM with CANCEL (RFC 8441 section 5). Stateless.
 */
final class Tcp {

    private static final Logger LOG = LoggerFactory.getLogger(Tcp.class);

    private Tcp() {
    }

    /** Whether the end of input that was read from the connection was a reset: Jetty makes an end of both. */
    static boolean wasReset(EndPoint endPoint) {
        if (bottom(endPoint).getTransport() instanceof SocketChannel channel) {
            try {
                channel.read(ByteBuffer.allocate(1));
            } catch (SocketException e) {
                return true;
            } catch (IOException e) {
                // closed on this side already, which tells nothing about the other
                LOG.trace("no telling how the connection ended", e);
            }
        }
        return false;
    }

    /**
     * Whether the end point is that of a stream of HTTP/2 that was reset or lost. Jetty tells that once, and not the end point where it comes shortly before the stream is the end point's:
     * whoever looks after that has missed nothing.
     */
    static boolean isBroken(EndPoint endPoint) {
        return bottom(endPoint).getTransport() instanceof HTTP2Stream stream && stream.isResetOrFailed();
    }

    /** Makes the close of the connection that is to come a reset, which nobody takes for the end of a message. */
    static void resetOnClose(EndPoint endPoint) {
        if (bottom(endPoint).getTransport() instanceof SocketChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                LOG.debug("connection closed already: {}", e.toString());
            }
        }
    }

    /** Closes the connection with a reset, underneath TLS: its goodbye would look like an end too. */
    static void reset(EndPoint endPoint, Throwable cause) {
        resetOnClose(endPoint);
        EndPoint bottom = bottom(endPoint);
        if (bottom.getTransport() instanceof Stream stream) {
            stream.reset(new ResetFrame(stream.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
        }
        bottom.close(cause);
    }

    private static EndPoint bottom(EndPoint endPoint) {
        EndPoint bottom = endPoint;
        while (bottom instanceof EndPoint.Wrapper wrapper) {
            bottom = wrapper.unwrap();
        }
        return bottom;
    }
}
