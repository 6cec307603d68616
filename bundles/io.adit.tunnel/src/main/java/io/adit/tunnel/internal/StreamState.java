package io.adit.tunnel.internal;

/**
 * The two halves of a stream (PROTOCOL section 7):
 * <pre>
 *                 open
 *   SEND_END  /          \  RECEIVE_END
 *   HALF_CLOSED_LOCAL   HALF_CLOSED_REMOTE
 *   RECEIVE_END \        /  SEND_END
 *                closed          RESET (either way): closed, from any
 * </pre>
 * A pure transition; null means that the event is not allowed in that state.
 */
enum StreamState {
    OPEN, HALF_CLOSED_LOCAL, HALF_CLOSED_REMOTE, CLOSED;

    enum Event { SEND_END, RECEIVE_END, RESET }

    StreamState on(Event event) {
        if (event == Event.RESET) {
            return CLOSED;
        }
        return switch (this) {
            case OPEN -> event == Event.SEND_END ? HALF_CLOSED_LOCAL : HALF_CLOSED_REMOTE;
            case HALF_CLOSED_LOCAL -> event == Event.RECEIVE_END ? CLOSED : null;
            case HALF_CLOSED_REMOTE -> event == Event.SEND_END ? CLOSED : null;
            case CLOSED -> null;
        };
    }

    boolean canSend() {
        return this == OPEN || this == HALF_CLOSED_REMOTE;
    }

    boolean canReceive() {
        return this == OPEN || this == HALF_CLOSED_LOCAL;
    }
}
