package io.adit.codec.v2;

import io.adit.api.packet.CodecException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;

/**
 * The size of a packet written out in full, which is its size in version 1. Version 2 carries what version 1 carries and no more
 * (PROTOCOL C2-8): a few bytes cannot stand for megabytes, and what passes does not depend on the version that two sides agree on.
 */
final class Size {

    /** PROTOCOL section 4. */
    static final int MAX = 65 * 1024;
    private static final int INITIAL_WINDOW = 4;

    private Size() {
    }

    /** @throws CodecException when the packet is larger than any may be */
    static int of(Packet packet) throws CodecException {
        long size;
        if (packet instanceof RequestHead head) {
            size = INITIAL_WINDOW + 14L + head.method().length() + head.scheme().length() + head.authority().length() + head.target().length()
                    + head.protocol().length() + head.client().length() + head.upgrade().length() + 8 + fields(head.fields());
        } else if (packet instanceof ResponseHead head) {
            size = 2 + 4L + head.reason().length() + head.upgrade().length() + 8 + fields(head.fields());
        } else if (packet instanceof Trailers trailers) {
            size = fields(trailers.fields());
        } else if (packet instanceof Register register) {
            size = 8L + register.name().length() + register.proof().length + register.agent().length() + register.ticket().length
                    + fields(register.details());
        } else {
            Registered registered = (Registered) packet;
            size = 14L + registered.name().length() + registered.proxyName().length() + registered.proxyAddress().length()
                    + registered.url().length() + registered.proof().length + registered.ticket().length + fields(registered.details());
        }
        if (size > MAX) {
            throw new CodecException(packet.kind() + " of " + size + " bytes in full, over " + MAX);
        }
        return (int) size;
    }

    private static long fields(Fields fields) {
        return 2 + 4L * fields.size() + fields.bytes();
    }
}
