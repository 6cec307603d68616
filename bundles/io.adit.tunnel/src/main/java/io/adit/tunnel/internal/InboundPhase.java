package io.adit.tunnel.internal;

/**
 * Which packet may come next in one direction of a stream (PROTOCOL section 7): interim heads, one final head, data, trailers.
 * In a request's direction the head came with the opening packet, so it starts in BODY. A pure transition; null means not allowed.
 */
enum InboundPhase {
    HEAD, BODY, DONE;

    enum Event { INTERIM, FINAL, DATA, TRAILERS }

    InboundPhase on(Event event, boolean end) {
        return switch (this) {
            case HEAD -> switch (event) {
                case INTERIM -> end ? null : HEAD;
                case FINAL -> end ? DONE : BODY;
                case DATA, TRAILERS -> null;
            };
            case BODY -> switch (event) {
                case INTERIM, FINAL -> null;
                case DATA -> end ? DONE : BODY;
                case TRAILERS -> DONE;
            };
            case DONE -> null;
        };
    }
}
