package io.adit.api;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;

import io.adit.api.packet.Fields;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Told of each request: a service, for a console, metrics, an access log. At a proxy that is each request that reached its endpoint, also one that it
 * refuses, and each that the HTTP server refused before, since it is no valid HTTP or too long; at a peer each that came through the tunnel.
 *
 * <p>Calls come on the threads that carry the requests, so they must not block, and do little. Those of one request come one at a time and in order:
 * {@link #begin}, then what {@link Course} has; those of different requests come at the same time. What is thrown is logged, and ends the telling
 * of that request to that listener. A listener is told nothing more once its service is gone ({@link How#LEFT} is the last), and nothing of requests that began before it came.
 */
@ConsumerType
public interface RequestListener {

    /**
     * A request came, and it is known whom it is for.
     *
     * @return who is told how it goes on; null when nobody is to be
     */
    Course begin(Begin request);

    /** How one request goes on. */
    interface Course {

        /** How many bytes of each body are wanted, at most; 0 for none. Asked once, right after {@link #begin}. */
        default int bodyBytes() {
            return 0;
        }

        /**
         * Fields with which the request goes on, in place of those of the same names: a tracer's {@code traceparent}, which names its own span as the
         * parent of what follows. Asked once, right after {@link #begin}; of several listeners with the same field the first counts. Nothing that frames
         * or routes the request may be among them.
         */
        default Fields onward() {
            return Fields.EMPTY;
        }

        /** A piece of the request's body; read-only, and only to be used during the call. */
        default void requestBody(ByteBuffer piece) {
        }

        /**
         * The final head of the response: the peer's, or the proxy's own.
         *
         * @param fields as they go to the browser, without those that frame the message
         */
        default void head(int status, Fields fields) {
        }

        /** A piece of the response's body; read-only, and only to be used during the call. */
        default void responseBody(ByteBuffer piece) {
        }

        /** It is over: the last call, and it always comes. */
        void end(End end);
    }

    /**
     * A request as it came.
     *
     * @param side who tells of it
     * @param peer the name that it is for; empty when it is for none, since the proxy answers itself
     * @param client address and port of whoever sent it, as text; at a peer, as its proxy had it
     * @param visitor the address of whoever it comes from, as text: where proxies that are trusted sent it, as they say, else that of the client
     * @param authority empty when it had none
     * @param method empty where the HTTP server refused the request before it knew that; then target and protocol are empty, too, and there are no fields
     * @param target byte for byte; empty when it was none
     * @param fields unchanged, so with all their secrets
     */
    record Begin(Side side, Instant at, String peer, String client, String visitor, String scheme, String authority, String method, String target,
            String protocol, Fields fields) {
        public Begin {
            Objects.requireNonNull(side, "side");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(peer, "peer");
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(visitor, "visitor");
            Objects.requireNonNull(scheme, "scheme");
            Objects.requireNonNull(authority, "authority");
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(protocol, "protocol");
            Objects.requireNonNull(fields, "fields");
        }
    }

    /** Who tells of a request: a container may be both. */
    enum Side { PROXY, PEER }

    /** How a request ended. */
    enum How {
        /** With the whole response of the origin (or, upgraded, with the end of both directions). */
        ANSWERED,
        /** With an answer that the proxy gave itself. */
        OWN,
        /** Whoever asked went away. */
        GONE,
        /** Broken off: the response is missing, or not complete. */
        BROKEN,
        /** It may go on, but nobody tells of it any more, since one of the two bundles was stopped or updated; the counts are those of that moment. */
        LEFT
    }

    /**
     * The end of a request.
     *
     * @param status of the response; 0 when there was none
     * @param code why it broke; {@link ErrorCode#NONE} when it did not
     * @param error the value of the field Adit-Error of an answer of the proxy's own; else empty
     * @param session that carried it; empty when none did
     * @param codec the version of its packets, 0 when no session carried it, or that waits for a codec
     * @param trace the field traceparent with which it went on; empty when it had none
     * @param requestBytes of the body, as far as it was passed on
     * @param responseBytes of the body, as far as it was passed on
     */
    record End(How how, int status, ErrorCode code, String error, String session, int codec, String trace, long requestBytes, long responseBytes,
            Timing timing) {
    }

    /**
     * When what happened, in nanoseconds since the request came; -1 for what never did.
     *
     * @param opened a stream to the peer was open: until then it waited for the registry or for the peer (the last time, where it was tried again)
     * @param sent the request was with the peer as a whole; that may be known, or be, after the head was here
     * @param head the final head of the response was here
     * @param end the last byte was passed on, or it broke
     */
    record Timing(long opened, long sent, long head, long end) {
    }
}
