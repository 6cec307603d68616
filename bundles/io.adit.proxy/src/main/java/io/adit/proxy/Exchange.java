package io.adit.proxy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

import io.adit.api.Completion;
import io.adit.api.MessageStream;
import io.adit.api.packet.Fields;

/**
 * One browser request and its response, as this bundle wants to see an HTTP server: raw, ordered, asynchronous. The only implementation,
 * {@link JettyExchange}, is the one class that knows Jetty's.
 *
 * <p>Nothing blocks. Thread-safety: none; the {@link Relay} makes one call at a time. Call-backs come on any thread.
 */
interface Exchange {

    /** As it came; but GET where it is the CONNECT of a {@link #webSocket()}. */
    String method();

    /** What an extended CONNECT (RFC 8441) asks for, or null. */
    String connectProtocol();

    /** Where that is a WebSocket: how it becomes one of HTTP/1.1; else null. */
    WebSocketTunnel webSocket();

    /** http or https. */
    String scheme();

    /** HTTP/1.0, HTTP/1.1 or HTTP/2.0. */
    String protocol();

    /** The authority as the browser sent it, empty when it sent none. */
    String authority();

    /** The request target (path and query) as it came; a target with characters that no target may have is null. */
    String target();

    /** The browser's address, or null when it has none (a Unix socket). */
    InetSocketAddress remote();

    int localPort();

    /** All fields in the order in which they came. */
    Fields fields();

    /** The declared Content-Length, or -1. */
    long length();

    /** Whether a body follows, though it may turn out to be empty. */
    boolean hasBody();

    /** Whether the browser waits for a 100 before it sends the body. */
    boolean expectsContinue();

    /** The next part of the body, or null when there is none now. */
    Part read();

    /** Runs the task when {@link #read()} would give a part; sends the 100 that the browser waits for, where it does. */
    void demand(Runnable task);

    /** Sends an interim response (not 100, see {@link #demand}); nothing to a browser that knows none. */
    void interim(int status, String reason, Fields fields, Completion completion);

    /** How long a reason phrase can be that is passed on whole. */
    int reasonMax();

    /**
     * Says what the response's head will be; it is sent with the first write.
     *
     * @param reason the phrase, which may be empty, or null for the usual one
     * @param fields with Content-Length and Transfer-Encoding where they are to stand, if there is a choice
     * @param length Content-Length, or -1: chunked, or until the connection ends for a browser that knows no chunks
     * @param close true to end the connection after the response
     */
    void head(int status, String reason, Fields fields, long length, boolean close);

    /** Trailer fields, sent with the last write of a chunked response, else dropped. */
    void trailers(Fields fields);

    /** Writes and flushes. One at a time. */
    void write(boolean last, ByteBuffer data, Completion completion);

    /** The exchange is over; the connection serves the next request. After the last write. */
    void complete();

    /** Breaks the connection (HTTP/2: the stream) off so that a response that was begun does not look complete. */
    void abort(String reason);

    /** Lets the server refuse a request whose body is no valid HTTP; ends the connection. Only while nothing was written. */
    void refuse(BodyFailure failure);

    /** Is told when the exchange broke on the browser's side while nothing was read or written (HTTP/2 reset, container shutdown). */
    void onFailure(Consumer<BodyFailure> listener);

    /**
     * Looks out for a browser that goes away while nobody reads; only when the body was read to its end.
     * The event only says that there is something to find out, with {@link #probe()}.
     *
     * @return false when it cannot be done here and now
     */
    boolean watch(Runnable event);

    /** Finds out whether the browser went away (true). Afterwards the watch has ended. */
    boolean probe();

    /** Ends the watch; to be done before {@link #complete()}. */
    void unwatch();

    /**
     * Sends the head that was given (101, or 200 for a {@link #webSocket()}) and turns the connection, or that stream of it, into a two-way copy with the stream; the exchange is over then.
     *
     * @return false when this connection cannot do that; nothing was sent
     */
    boolean upgrade(MessageStream stream, Quotas.Lease lease, Runnable end);

    /**
     * A part of a request body.
     *
     * @param bytes may be empty
     * @param last true when the body is complete with this part
     * @param trailers with the last part, or null
     * @param failure why the body is broken, or null; then nothing else counts
     * @param release to be run when the bytes are no longer used
     */
    record Part(ByteBuffer bytes, boolean last, Fields trailers, BodyFailure failure, Runnable release) {
    }

    /** A broken request. */
    record BodyFailure(Kind kind, int status, String reason) {
        enum Kind {
            /** There is nobody to answer. */
            GONE,
            /** The browser sends no more, but it may still listen. */
            LATE,
            /** What it sends is no valid HTTP: to be {@link Exchange#refuse refused}. */
            INVALID
        }
    }
}
