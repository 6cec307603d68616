package io.adit.codec.v1;

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
 * Version 1 of the packet codec: every string with its length in front, every number in full, nothing shared between blocks
 * (PROTOCOL section 5). The plain version: easy to write in any language and to read in a capture.
 *
 * <p>Thread-safety: stateless.
 */
@Component(property = PacketCodec.VERSION + ":Integer=1")
public final class CodecV1 implements PacketCodec {

    @Activate
    public CodecV1() {
        // stateless: for SCR
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public byte[] encode(Packet packet) throws CodecException {
        BlockWriter block = new BlockWriter();
        if (packet instanceof RequestHead head) {
            block.string("method", head.method());
            block.string("scheme", head.scheme());
            block.string("authority", head.authority());
            block.string("target", head.target());
            block.string("protocol", head.protocol());
            block.string("client", head.client());
            block.string("upgrade", head.upgrade());
            block.u64(head.length());
            block.fields(head.fields());
        } else if (packet instanceof ResponseHead head) {
            block.u16("status", head.status());
            block.string("reason", head.reason());
            block.string("upgrade", head.upgrade());
            block.u64(head.length());
            block.fields(head.fields());
        } else if (packet instanceof Trailers trailers) {
            block.fields(trailers.fields());
        } else if (packet instanceof Register register) {
            block.string("name", register.name());
            block.bytes("proof", register.proof());
            block.string("agent", register.agent());
            block.bytes("ticket", register.ticket());
            block.fields(register.details());
        } else if (packet instanceof Registered registered) {
            block.string("name", registered.name());
            block.string("proxy name", registered.proxyName());
            block.string("proxy address", registered.proxyAddress());
            block.u16("proxy port", registered.proxyPort());
            block.string("url", registered.url());
            block.bytes("proof", registered.proof());
            block.bytes("ticket", registered.ticket());
            block.fields(registered.details());
        }
        return block.toBytes();
    }

    @Override
    public Packet decode(Packet.Kind kind, ByteBuffer payload) throws CodecException {
        BlockReader block = new BlockReader(payload);
        Packet packet = switch (kind) {
            case REQUEST -> {
                String method = block.string("method");
                String scheme = block.string("scheme");
                String authority = block.string("authority");
                String target = block.string("target");
                String protocol = block.string("protocol");
                String client = block.string("client");
                String upgrade = block.string("upgrade");
                long length = block.i64("length");
                yield new RequestHead(method, scheme, authority, target, protocol, block.fields(), client, upgrade, length);
            }
            case RESPONSE -> {
                int status = block.u16("status");
                String reason = block.string("reason");
                String upgrade = block.string("upgrade");
                long length = block.i64("length");
                yield new ResponseHead(status, reason, block.fields(), upgrade, length);
            }
            case TRAILERS -> new Trailers(block.fields());
            case REGISTER -> new Register(block.string("name"), block.bytes("proof"), block.string("agent"), block.bytes("ticket"), block.fields());
            case REGISTERED -> new Registered(block.string("name"), block.string("proxy name"), block.string("proxy address"),
                    block.u16("proxy port"), block.string("url"), block.bytes("proof"), block.bytes("ticket"), block.fields());
        };
        block.end();
        return packet;
    }}
