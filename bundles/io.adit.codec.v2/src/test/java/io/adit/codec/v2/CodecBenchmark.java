package io.adit.codec.v2;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.PacketCodec;
import io.adit.codec.v1.CodecV1;

/**
 * Nanoseconds for encoding and decoding each typical head, in version 1 and 2; run by hand: {@code java -cp ... CodecBenchmark}. Rounds of
 * the versions take turns, the first ones warm up, and the best of the others counts. The strings of a head are made anew for each
 * call, outside of the time taken, as they come from a parser and have no hash yet.
 */
final class CodecBenchmark {

    private static final int ROUNDS = 40;
    private static final int WARM = 15;
    private static final int BATCH = 2000;
    private static int sink;

    private CodecBenchmark() {
    }

    public static void main(String[] arguments) throws Exception {
        PacketCodec[] codecs = {new CodecV1(), new CodecV2()};
        for (int pass = 0; pass < 2; pass++) {
            for (Map.Entry<String, Packet> head : TypicalHeads.ALL.entrySet()) {
                long[][] best = {{Long.MAX_VALUE, Long.MAX_VALUE}, {Long.MAX_VALUE, Long.MAX_VALUE}};
                for (int round = 0; round < ROUNDS; round++) {
                    for (int version = 0; version < 2; version++) {
                        long[] times = round(codecs[version], head.getValue());
                        for (int way = 0; way < 2 && round >= WARM; way++) {
                            best[version][way] = Math.min(best[version][way], times[way] / BATCH);
                        }
                    }
                }
                if (pass == 1) {
                    System.out.printf(Locale.ROOT, "%-26s bytes %4d -> %4d, encode %4d -> %4d ns, decode %4d -> %4d ns%n", head.getKey(),
                            codecs[0].encode(head.getValue()).length, codecs[1].encode(head.getValue()).length, best[0][0], best[1][0], best[0][1],
                            best[1][1]);
                }
            }
        }
        System.out.println(sink == 42 ? "" : "done");
    }

    private static long[] round(PacketCodec codec, Packet head) throws Exception {
        Packet[] packets = new Packet[BATCH];
        for (int i = 0; i < BATCH; i++) {
            packets[i] = copy(head);
        }
        byte[][] blocks = new byte[BATCH][];
        long start = System.nanoTime();
        for (int i = 0; i < BATCH; i++) {
            blocks[i] = codec.encode(packets[i]);
        }
        long encoded = System.nanoTime();
        for (int i = 0; i < BATCH; i++) {
            packets[i] = codec.decode(head.kind(), ByteBuffer.wrap(blocks[i]));
        }
        long decoded = System.nanoTime();
        sink += packets[BATCH - 1].hashCode();
        return new long[] {encoded - start, decoded - encoded};
    }

    private static Packet copy(Packet packet) {
        if (packet instanceof RequestHead head) {
            return new RequestHead(head.method(), head.scheme(), fresh(head.authority()), fresh(head.target()), head.protocol(), copy(head.fields()),
                    fresh(head.client()), head.upgrade(), head.length());
        }
        ResponseHead head = (ResponseHead) packet;
        return new ResponseHead(head.status(), fresh(head.reason()), copy(head.fields()), head.upgrade(), head.length());
    }

    private static Fields copy(Fields fields) {
        Fields.Builder copy = Fields.builder(fields.size());
        fields.forEach((name, value) -> copy.add(fresh(name), fresh(value)));
        return copy.build();
    }

    private static String fresh(String text) {
        return new String(text.toCharArray());
    }
}
