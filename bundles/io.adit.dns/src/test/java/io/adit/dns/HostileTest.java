package io.adit.dns;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.Test;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Header;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;

/** Random and mutated packets: an answer that fits, or none; never an exception. The seed is fixed, -Dadit.dns.hostile=N does more of them. */
public class HostileTest {

    private static final int COUNT = Integer.getInteger("adit.dns.hostile", 100_000);

    private final Answers answers = new Answers(Fixtures.zone(true, new AtomicLong(1)), 1232, () -> true);
    private final Random random = new Random(20_260_930);

    @Test
    public void randomBytes() {
        for (int i = 0; i < COUNT; i++) {
            byte[] packet = new byte[random.nextInt(i % 100 == 0 ? 4096 : 80)];
            random.nextBytes(packet);
            if (packet.length > 5 && i % 2 == 0) {
                packet[2] &= 0x07; // a question
                packet[4] = 0;
                packet[5] = 1;
            }
            check(packet);
        }
    }

    @Test
    public void mutatedQuestions() throws Exception {
        List<byte[]> seeds = seeds();
        for (int i = 0; i < COUNT; i++) {
            byte[] packet = seeds.get(random.nextInt(seeds.size())).clone();
            for (int flips = random.nextInt(6); flips >= 0; flips--) {
                int at = random.nextInt(packet.length);
                packet[at] = switch (random.nextInt(4)) {
                    case 0 -> (byte) random.nextInt();
                    case 1 -> (byte) (packet[at] ^ 1 << random.nextInt(8));
                    case 2 -> (byte) 0xC0;
                    default -> (byte) 0xFF;
                };
            }
            if (random.nextInt(4) == 0) {
                packet = Arrays.copyOf(packet, random.nextInt(packet.length + 20));
            }
            check(packet);
        }
    }

    private static List<byte[]> seeds() throws Exception {
        Message edns = Fixtures.query("alice.tunnel.example", "A");
        edns.addRecord(new OPTRecord(4096, 0, 0, 0x8000, new ClientSubnetOption(24, InetAddress.getByName("192.0.2.0"))), Section.ADDITIONAL);
        Message signed = Fixtures.query("tunnel.example", "SOA");
        new TSIG(TSIG.HMAC_SHA256, "key.", "c2VjcmV0").apply(signed, null);
        Message full = Fixtures.query("big.tunnel.example", "TXT");
        full.addRecord(new MXRecord(Fixtures.DOMAIN, DClass.IN, 5, 10, Fixtures.name("mail.tunnel.example")), Section.ANSWER);
        full.addRecord(new TXTRecord(Fixtures.DOMAIN, DClass.IN, 5, List.of("a", "b".repeat(255))), Section.AUTHORITY);
        return List.of(Fixtures.query("alice.tunnel.example", "A").toWire(), Fixtures.query("tunnel.example", "ANY").toWire(),
            Fixtures.query("loop.tunnel.example", "AAAA").toWire(), Fixtures.query("tunnel.example", "NS").toWire(), edns.toWire(), signed.toWire(),
            full.toWire(), new UpdateMessages(Fixtures.DOMAIN, "gate", 30).create(Fixtures.name("x.tunnel.example"), Fixtures.addresses("192.0.2.1")).toWire());
    }

    private void check(byte[] packet) {
        Optional<byte[]> udp = answers.overUdp(packet);
        Optional<byte[]> tcp = answers.overTcp(packet);
        Optional<byte[]> cut = answers.truncated(packet);
        boolean question = Answers.isQuestion(packet);
        assertEquals(question, udp.isPresent());
        assertEquals(question, tcp.isPresent());
        udp.ifPresent(answer -> checkAnswer(packet, answer, 1232));
        tcp.ifPresent(answer -> checkAnswer(packet, answer, 65_535));
        cut.ifPresent(answer -> assertTrue("no longer than the question, but for the OPT record", answer.length <= packet.length + 11));
    }

    private static void checkAnswer(byte[] question, byte[] answer, int longest) {
        assertTrue("length " + answer.length, answer.length >= Header.LENGTH && answer.length <= longest);
        assertEquals(question[0], answer[0]);
        assertEquals(question[1], answer[1]);
        assertTrue("QR", (answer[2] & 0x80) != 0);
        assertEquals("RA, Z, AD, CD", 0, answer[3] & 0xF0);
    }
}
