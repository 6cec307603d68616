package io.adit.api;

import java.nio.ByteBuffer;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;

/** What {@link MessageStream#read()} gives, in the order in which it was sent. */
public sealed interface Inbound {

    /** True when nothing follows in this direction. */
    boolean last();

    /** A response head (at the proxy); interim heads come before the final one. */
    record Head(ResponseHead head, boolean last) implements Inbound {
    }

    /** Trailer fields; always the last. */
    record Trailers(Fields fields) implements Inbound {
        @Override
        public boolean last() {
            return true;
        }
    }

    /** The stream broke: whatever came before is not a complete message. Given again at each further read. */
    record Failure(StreamResetException cause) implements Inbound {
        @Override
        public boolean last() {
            return true;
        }
    }

    /** Body bytes, perhaps none when {@link #last()}. */
    non-sealed interface Data extends Inbound {

        /** The bytes, to be read from position to limit by the receiver, who owns the buffer until it releases it. */
        ByteBuffer bytes();

        /**
         * The bytes were consumed (written to the browser or to the origin): credit for as many goes back to the sender, and the
         * memory is given up. To be called once, from any thread; further calls do nothing.
         */
        void release();
    }
}
