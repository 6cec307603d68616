package io.adit.registry;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.adit.api.ErrorCode;
import io.adit.api.Proof.Verifier;
import io.adit.api.RegistrationException;
import io.adit.registry.Ticket.BadTicketException;
import org.junit.Test;

public class TicketTest {

    private static final Instant ISSUED = Instant.parse("2026-01-01T00:00:00Z");
    private static final PublicKey OPEN = TicketKey.parse("302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

    private Instant now = ISSUED;
    private final Tickets tickets = new Tickets(Duration.ofSeconds(30), () -> now);

    static PrivateKey secret() throws Exception {
        return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(HexFormat.of().parseHex(
                "302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static Ticket ticket() {
        return new Ticket("demo", "p1", ISSUED, ISSUED.plusSeconds(60), new Verifier(filled(0x11), filled(0x22)), "http://demo.example:8080/", 1);
    }

    private void refused(String why, byte[] bytes, String name) {
        RegistrationException e = assertThrows(RegistrationException.class, () -> tickets.check(bytes, name));
        assertEquals(ErrorCode.TICKET, e.code());
        assertTrue(e.getMessage(), e.getMessage().startsWith("the ticket for '" + name + "' is refused: ") && e.getMessage().contains(why));
    }

    @Test
    public void T1_theWorkedExample() throws Exception {
        Matcher example = Pattern.compile("```hexticket\\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of("../../docs/PROTOCOL.md")));
        assertTrue(example.find());
        byte[] bytes = HexFormat.of().parseHex(example.group(1).replaceAll("\\s", ""));
        assertEquals(HexFormat.of().formatHex(bytes), HexFormat.of().formatHex(ticket().sign(secret())));
        Ticket read = Ticket.read(bytes, OPEN);
        assertEquals("demo", read.name());
        assertEquals("p1", read.proxy());
        assertEquals(ISSUED, read.issued());
        assertEquals(ISSUED.plusSeconds(60), read.expires());
        assertArrayEquals(filled(0x11), read.verifier().storedKey());
        assertArrayEquals(filled(0x22), read.verifier().serverKey());
        assertEquals("http://demo.example:8080/", read.url());
    }

    @Test
    public void T3_everyBitIsSigned() throws Exception {
        byte[] bytes = ticket().sign(secret());
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            assertThrows("byte " + i, BadTicketException.class, () -> Ticket.read(changed, OPEN));
            byte[] shorter = Arrays.copyOf(bytes, i);
            assertThrows("length " + i, BadTicketException.class, () -> Ticket.read(shorter, OPEN));
        }
        assertThrows(BadTicketException.class, () -> Ticket.read(new byte[Ticket.MAX_BYTES + 1], OPEN));
    }

    /** The block with something changed, signed anew. */
    private static byte[] resigned(byte[] block) throws Exception {
        Signature engine = Signature.getInstance("Ed25519");
        engine.initSign(secret());
        engine.update("adit ticket 1".getBytes());
        engine.update(block);
        byte[] signature = engine.sign();
        return ByteBuffer.allocate(block.length + signature.length).put(block).put(signature).array();
    }

    @Test
    public void T4_parametersThatNobodyKnows() throws Exception {
        byte[] signed = ticket().sign(secret());
        byte[] block = Arrays.copyOf(signed, signed.length - 64);
        byte[] harmless = ByteBuffer.allocate(block.length + 6).put(block).putShort((short) 7).putShort((short) 2).putShort((short) 1).array();
        assertEquals("demo", Ticket.read(resigned(harmless), OPEN).name());
        byte[] critical = ByteBuffer.allocate(block.length + 4).put(block).putShort((short) 0x8007).putShort((short) 0).array();
        assertThrows(BadTicketException.class, () -> Ticket.read(resigned(critical), OPEN));
        byte[] cut = ByteBuffer.allocate(block.length + 5).put(block).putShort((short) 7).putShort((short) 2).array();
        assertThrows(BadTicketException.class, () -> Ticket.read(resigned(cut), OPEN));
        assertThrows(BadTicketException.class, () -> Ticket.read(resigned(Arrays.copyOf(block, 40)), OPEN));
    }

    @Test
    public void T5_whoseAndWhen() throws Exception {
        byte[] bytes = ticket().sign(secret());
        refused("never linked", bytes, "demo");
        tickets.accept(OPEN, "p1");
        assertEquals("http://demo.example:8080/", tickets.check(bytes, "demo").url());
        refused("another name", bytes, "other");
        refused("damaged", new byte[0], "demo");
        now = ISSUED.plusSeconds(90);
        tickets.check(bytes, "demo");
        now = ISSUED.plusMillis(90_001);
        refused("expired at 2026-01-01T00:01:00Z", bytes, "demo");
        now = ISSUED.minusSeconds(30);
        tickets.check(bytes, "demo");
        now = ISSUED.minusMillis(30_001);
        refused("one of the clocks is wrong", bytes, "demo");
        now = ISSUED;
        tickets.accept(OPEN, "p2");
        refused("it is for the proxy 'p1', and this is 'p2'", bytes, "demo");
        tickets.accept(TicketKey.parse("302a300506032b65700321003d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"), "p1");
        refused("not signed", bytes, "demo");
    }

    @Test
    public void T5_ticketsOfBeforeAnEnd() throws Exception {
        tickets.accept(OPEN, "p1");
        byte[] bytes = ticket().sign(secret());
        tickets.end("demo", ISSUED.minusMillis(1));
        tickets.end("other", ISSUED);
        tickets.check(bytes, "demo");
        tickets.end("demo", ISSUED);
        tickets.end("demo", ISSUED.minusMillis(2));
        refused("older", bytes, "demo");

        Tickets others = new Tickets(Duration.ofSeconds(30), () -> now);
        others.accept(OPEN, "p1");
        others.endAll(ISSUED.minusMillis(1));
        others.check(bytes, "demo");
        for (int i = 0; i <= 4096; i++) {
            others.end("n" + i, ISSUED);
        }
        assertThrows("what is forgotten counts for all", RegistrationException.class, () -> others.check(bytes, "demo"));
    }
}
