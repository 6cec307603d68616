package io.adit.codec.v2;

import java.nio.ByteBuffer;

import io.adit.api.packet.CodecException;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;
import io.adit.api.packet.PacketCodec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Version 2 of the packet codec: what nearly every head says is a number in a static dictionary, and what the proxy adds to each
 * request is taken from the head itself (PROTOCOL section 13). Carries what version 1 carries, byte for byte, in about a third of
 * the bytes; like it, each block decodes alone.
 *
 * <p>Thread-safety: stateless.
 */
@Component(property = PacketCodec.VERSION + ":Integer=2")
public final class CodecV2 implements PacketCodec {

    /** How much a block may be longer than the packet in full, but for its fields: a byte for the length of each string. */
    private static final int MARGIN = 16;

    private static final int UPGRADE = 0x10;
    private static final int NO_REASON = 0x80;

    @Activate
    public CodecV2() {
        // stateless: for SCR
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public byte[] encode(Packet packet) throws CodecException {
        int size = Size.of(packet);
        BlockWriter block;
        if (packet instanceof RequestHead head) {
            block = new BlockWriter(size + 2 * head.fields().size() + MARGIN);
            request(head, block);
        } else if (packet instanceof ResponseHead head) {
            block = new BlockWriter(size + 2 * head.fields().size() + MARGIN);
            response(head, block);
        } else if (packet instanceof Trailers trailers) {
            block = new BlockWriter(size + 2 * trailers.fields().size() + MARGIN);
            block.fields(trailers.fields(), Source.Values.NONE);
        } else if (packet instanceof Register register) {
            block = new BlockWriter(size + 2 * register.details().size() + MARGIN);
            block.string("name", register.name());
            block.bytes("proof", register.proof());
            block.string("agent", register.agent());
            block.bytes("ticket", register.ticket());
            block.fields(register.details(), Source.Values.NONE);
        } else {
            Registered registered = (Registered) packet;
            block = new BlockWriter(size + 2 * registered.details().size() + MARGIN);
            block.string("name", registered.name());
            block.string("proxy name", registered.proxyName());
            block.string("proxy address", registered.proxyAddress());
            block.u16("proxy port", registered.proxyPort());
            block.string("url", registered.url());
            block.bytes("proof", registered.proof());
            block.bytes("ticket", registered.ticket());
            block.fields(registered.details(), Source.Values.NONE);
        }
        return block.toBytes();
    }

    private static void request(RequestHead head, BlockWriter block) throws CodecException {
        int method = Heads.find(Heads.METHODS, head.method());
        int scheme = Heads.find(Heads.SCHEMES, head.scheme());
        int protocol = Heads.find(Heads.PROTOCOLS, head.protocol());
        int lengthBytes = BlockWriter.bytesOf(head.length());
        block.u8(method << 3 | protocol);
        block.u8(scheme << 5 | (head.upgrade().isEmpty() ? 0 : UPGRADE) | lengthBytes);
        if (method == 0) {
            block.string("method", head.method());
        }
        if (scheme == 0) {
            block.string("scheme", head.scheme());
        }
        if (protocol == 0) {
            block.string("protocol", head.protocol());
        }
        block.string("authority", head.authority());
        block.string("target", head.target());
        block.string("client", head.client());
        if (!head.upgrade().isEmpty()) {
            block.string("upgrade", head.upgrade());
        }
        block.length(head.length(), lengthBytes);
        block.fields(head.fields(), Source.Values.of(head));
    }

    private static void response(ResponseHead head, BlockWriter block) throws CodecException {
        int known = Heads.status(head.status());
        boolean noReason = head.reason().isEmpty();
        if (known != 0 && !noReason && !Heads.REASONS[known].equals(head.reason())) {
            known = 0;
        }
        int lengthBytes = BlockWriter.bytesOf(head.length());
        block.u8(known | (known != 0 && noReason ? NO_REASON : 0));
        block.u8((head.upgrade().isEmpty() ? 0 : UPGRADE) | lengthBytes);
        if (known == 0) {
            block.u16("status", head.status());
            block.string("reason", head.reason());
        }
        if (!head.upgrade().isEmpty()) {
            block.string("upgrade", head.upgrade());
        }
        block.length(head.length(), lengthBytes);
        block.fields(head.fields(), Source.Values.of(head.length()));
    }

    @Override
    public Packet decode(Packet.Kind kind, ByteBuffer payload) throws CodecException {
        BlockReader block = new BlockReader(payload);
        Packet packet = switch (kind) {
            case REQUEST -> request(block);
            case RESPONSE -> response(block);
            case TRAILERS -> new Trailers(block.fields(Source.Values.NONE));
            case REGISTER -> new Register(block.string("name"), block.bytes("proof"), block.string("agent"), block.bytes("ticket"),
                    block.fields(Source.Values.NONE));
            case REGISTERED -> new Registered(block.string("name"), block.string("proxy name"), block.string("proxy address"),
                    block.u16("proxy port"), block.string("url"), block.bytes("proof"), block.bytes("ticket"), block.fields(Source.Values.NONE));
        };
        block.end();
        Size.of(packet);
        return packet;
    }

    private static RequestHead request(BlockReader block) throws CodecException {
        int first = block.u8("method and protocol");
        int second = block.u8("scheme, upgrade and length");
        String method = listed("method", Heads.METHODS, first >> 3, block);
        String scheme = listed("scheme", Heads.SCHEMES, second >> 5, block);
        String protocol = listed("protocol", Heads.PROTOCOLS, first & 7, block);
        String authority = block.string("authority");
        String target = block.string("target");
        String client = block.string("client");
        String upgrade = (second & UPGRADE) != 0 ? block.string("upgrade") : "";
        long length = block.length(second & 0xF);
        return new RequestHead(method, scheme, authority, target, protocol, block.fields(Source.Values.of(scheme, authority, client, length)),
                client, upgrade, length);
    }

    private static ResponseHead response(BlockReader block) throws CodecException {
        int first = block.u8("status");
        int second = block.u8("upgrade and length");
        int known = first & ~NO_REASON;
        if (known >= Heads.STATUSES.length || first == NO_REASON || second >> 5 != 0) {
            throw new CodecException("status " + known + " is not in the table, or a bit is set that must not be");
        }
        int status = known == 0 ? block.u16("status") : Heads.STATUSES[known];
        String reason = known == 0 ? block.string("reason") : (first & NO_REASON) != 0 ? "" : Heads.REASONS[known];
        String upgrade = (second & UPGRADE) != 0 ? block.string("upgrade") : "";
        long length = block.length(second & 0xF);
        return new ResponseHead(status, reason, block.fields(Source.Values.of(length)), upgrade, length);
    }

    private static String listed(String what, String[] table, int index, BlockReader block) throws CodecException {
        if (index >= table.length) {
            throw new CodecException(what + " " + index + " is not in the table");
        }
        return index == 0 ? block.string(what) : table[index];
    }
}
