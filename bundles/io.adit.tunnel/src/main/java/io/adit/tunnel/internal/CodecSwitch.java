package io.adit.tunnel.internal;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.adit.api.packet.PacketCodec;

/**
 * Which codec each direction of a session uses, and how it moves to another while streams run (PROTOCOL section 10). Each side tells the
 * other which versions it decodes: OFFER adds one, DECLINE takes one back, and is answered with READY when nothing more of that version
 * will come. A sender moves between two packets, marked by SWITCH; to version 0 when there is no common one: its direction is parked then.
 *
 * <pre>
 *   our sending      a codec both have --SWITCH v--&gt; SENDING(v) --none in common, SWITCH 0--&gt; PARKED --one again, SWITCH v--&gt; SENDING(v)
 *   our receiving    OFFERED(v) --gone here, DECLINE v--&gt; WITHDRAWN(v): still decoded --READY v--&gt; released
 * </pre>
 *
 * <p>Thread-safety: guarded by the session's lock; only the reading thread may ask for the decoder, and begin and end its use, without.
 */
final class CodecSwitch {

    /** More versions than one side will ever have. */
    private static final int MAX_VERSIONS = 256;
    /** The version of a parked direction. */
    static final int NONE = 0;

    /** How control packets go out, in order with all others. */
    @FunctionalInterface
    interface Sender {
        void send(int type, ByteBuffer payload);
    }

    /**
     * Declined, and not known to be out of use.
     *
     * @param codec what it is decoded with until then
     * @param pending how many READY are to come: it may have been offered and declined again meanwhile
     */
    private record Withdrawn(PacketCodec codec, int pending) {
    }

    private final Codecs codecs;
    private final Sender sender;
    private final boolean leading;
    /** What the other side may send us; never more than what is in {@link Codecs}, or was a moment ago. */
    private final Map<Integer, PacketCodec> announced;
    private final Map<Integer, Withdrawn> withdrawn = new HashMap<>();
    private final Set<Integer> theirs = new HashSet<>();

    private volatile PacketCodec encoder;
    private int encoderEpoch;
    private volatile PacketCodec decoder;
    private volatile PacketCodec decoding;
    private int decoderEpoch;
    private int decoderVersion = NONE;
    /** How many DECLINE were sent, and how many of them were answered. */
    private int declines;
    private int readies;
    private volatile boolean ended;

    /**
     * @param announced what our hello says
     * @param leading the proxy's side: a peer without an order of its own sends what the proxy sends
     */
    CodecSwitch(Codecs codecs, Map<Integer, PacketCodec> announced, boolean leading, Sender sender) {
        this.codecs = codecs;
        this.announced = new HashMap<>(announced);
        this.leading = leading;
        this.sender = sender;
    }

    /** The hellos are exchanged: begins with the highest version in both (X1); false when there is none, or it has gone since. */
    boolean begin(List<Integer> offered) {
        theirs.addAll(offered);
        int highest = announced.keySet().stream().filter(theirs::contains).max(Integer::compare).orElse(NONE);
        PacketCodec codec = codecs.accepted().get(highest);
        if (codec == null) {
            return false;
        }
        encoder = codec;
        decoder = codec;
        decoderVersion = highest;
        encoderEpoch = 1;
        decoderEpoch = 1;
        return true;
    }

    /** The session is over: nothing is in use any more, but what is being decoded at this moment. */
    void end() {
        ended = true;
    }

    /** What we send with; null while parked. */
    PacketCodec encoder() {
        return encoder;
    }

    /** What we receive with; null while the other side is parked. */
    PacketCodec decoder() {
        return decoder;
    }

    int encoderEpoch() {
        return encoderEpoch;
    }

    int decoderEpoch() {
        return decoderEpoch;
    }

    /** Whether packets that need a codec can move in both directions; so, also, before the hellos. */
    boolean isWhole() {
        return encoderEpoch == 0 || encoder != null && decoder != null;
    }

    /** How many times a version was taken back so far. */
    int declines() {
        return declines;
    }

    /** Of how many of them it is known that nothing more comes. */
    int readies() {
        return readies;
    }

    /** Marks the use of the decoder outside of the lock. */
    PacketCodec beginDecoding() {
        PacketCodec codec;
        do {
            codec = decoder;
            decoding = codec;
        } while (codec != decoder); // else its release could have looked between these two lines
        return codec;
    }

    /** @return whether the codec was replaced meanwhile, and somebody may wait for its release */
    boolean endDecoding() {
        PacketCodec was = decoding;
        decoding = null;
        return ended || was != decoder;
    }

    boolean uses(PacketCodec codec) {
        return decoding == codec
                || !ended && (encoder == codec || decoder == codec || withdrawn.values().stream().anyMatch(each -> each.codec == codec));
    }

    // ---- what happens here

    /** Codecs came or went, or another order was set. */
    void update() {
        Map<Integer, PacketCodec> here = codecs.accepted();
        for (Integer version : List.copyOf(announced.keySet())) {
            if (!here.containsKey(version)) {
                int pending = withdrawn.containsKey(version) ? withdrawn.get(version).pending : 0;
                withdrawn.put(version, new Withdrawn(announced.remove(version), pending + 1));
                declines++;
                send(Wire.CODEC_DECLINE, version);
            }
        }
        for (Map.Entry<Integer, PacketCodec> entry : here.entrySet()) {
            if (announced.put(entry.getKey(), entry.getValue()) == null) {
                send(Wire.CODEC_OFFER, entry.getKey());
            }
        }
        if (announced.containsKey(decoderVersion)) {
            decoder = announced.get(decoderVersion); // another service of the same version reads the same bytes
        }
        choose();
    }

    private void choose() {
        if (encoderEpoch == 0) {
            return;
        }
        PacketCodec best = codecs.choose(theirs, leading ? NONE : decoderVersion);
        int version = best == null ? NONE : best.version();
        int current = encoder == null ? NONE : encoder.version();
        if (version != current) {
            int next = next(encoderEpoch);
            sender.send(Wire.CODEC_SWITCH, ByteBuffer.allocate(3).putShort((short) version).put((byte) next).flip());
            encoderEpoch = next;
        }
        encoder = best;
    }

    private void send(int type, int version) {
        sender.send(type, ByteBuffer.allocate(2).putShort((short) version).flip());
    }

    // ---- what the other side says

    void offered(ByteBuffer payload) throws ProtocolViolation {
        if (theirs.add(version(payload)) && theirs.size() > MAX_VERSIONS) { // PROTOCOL X7
            throw new ProtocolViolation("X7", "more than " + MAX_VERSIONS + " codec versions");
        }
        choose();
    }

    void declined(ByteBuffer payload) throws ProtocolViolation {
        int version = version(payload);
        theirs.remove(version);
        choose();
        send(Wire.CODEC_READY, version); // PROTOCOL X3
    }

    void ready(ByteBuffer payload) throws ProtocolViolation {
        int version = version(payload);
        Withdrawn gone = withdrawn.remove(version);
        if (gone == null || decoderVersion == version && !announced.containsKey(version)) { // PROTOCOL X3
            throw new ProtocolViolation("X3", "CODEC_READY for version " + version + (gone == null ? ", which was not declined" : ", which is in use"));
        }
        readies++;
        if (gone.pending > 1) {
            withdrawn.put(version, new Withdrawn(gone.codec, gone.pending - 1));
        }
    }

    void switched(ByteBuffer payload) throws ProtocolViolation {
        int version = payload.remaining() < 3 ? -1 : payload.getShort() & 0xFFFF;
        int epoch = version < 0 ? 0 : payload.get() & 0xFF;
        if (version < 0 || epoch != next(decoderEpoch)) { // PROTOCOL X4
            throw new ProtocolViolation("X4", "CODEC_SWITCH to epoch " + epoch + " after " + decoderEpoch);
        }
        PacketCodec codec = null;
        if (version != NONE) {
            codec = announced.get(version);
            if (codec == null && withdrawn.containsKey(version)) {
                codec = withdrawn.get(version).codec; // our DECLINE and this crossed
            }
            if (codec == null) { // PROTOCOL X5
                throw new ProtocolViolation("X5", "CODEC_SWITCH to version " + version + ", which is not offered");
            }
        }
        decoder = codec;
        decoderVersion = version;
        decoderEpoch = epoch;
        choose();
    }

    private static int version(ByteBuffer payload) throws ProtocolViolation {
        int version = payload.remaining() < 2 ? NONE : payload.getShort() & 0xFFFF;
        if (version == NONE) { // PROTOCOL X6
            throw new ProtocolViolation("X6", "a codec packet without a version");
        }
        return version;
    }

    /** Epoch 0 is the hello's. */
    private static int next(int epoch) {
        return epoch == 255 ? 1 : epoch + 1;
    }
}
