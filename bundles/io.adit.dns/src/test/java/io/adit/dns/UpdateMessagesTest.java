package io.adit.dns;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** The updates as they are on the wire. */
public class UpdateMessagesTest {

    private final UpdateMessages messages = new UpdateMessages(Fixtures.name("example"), "gate", 30);

    @Test
    public void aNameThatIsNotThereIsCreated() throws Exception {
        assertEquals(List.of("zone example. SOA IN",
            "if alice.tunnel.example. ANY NONE 0 ", "if _adit.alice.tunnel.example. TXT NONE 0 ",
            "do alice.tunnel.example. A IN 30 192.0.2.1", "do alice.tunnel.example. AAAA IN 30 2001:db8:0:0:0:0:0:1",
            "do _adit.alice.tunnel.example. TXT IN 30 adit=gate"),
            text(messages.create(Fixtures.name("alice.tunnel.example"), Fixtures.addresses("192.0.2.1", "2001:db8::1"))));
    }

    @Test
    public void aNameThatIsOursIsReplacedAsAWhole() throws Exception {
        assertEquals(List.of("zone example. SOA IN",
            "if _adit.alice.tunnel.example. TXT ANY 0 ",
            "do alice.tunnel.example. A ANY 0 ", "do alice.tunnel.example. AAAA ANY 0 ", "do _adit.alice.tunnel.example. TXT ANY 0 ",
            "do alice.tunnel.example. A IN 30 192.0.2.1", "do _adit.alice.tunnel.example. TXT IN 30 adit=gate"),
            text(messages.replace(Fixtures.name("alice.tunnel.example"), Fixtures.addresses("192.0.2.1"))));
    }

    @Test
    public void onlyOurOwnNameIsWithdrawn() throws Exception {
        assertEquals(List.of("zone example. SOA IN",
            "if _adit.alice.tunnel.example. TXT IN 0 adit=gate",
            "do alice.tunnel.example. A ANY 0 ", "do alice.tunnel.example. AAAA ANY 0 ", "do _adit.alice.tunnel.example. TXT ANY 0 "),
            text(messages.withdraw(Fixtures.name("alice.tunnel.example"))));
    }

    private static List<String> text(Update update) throws IOException {
        Message message = new Message(update.toWire());
        assertEquals(Opcode.UPDATE, message.getHeader().getOpcode());
        List<String> lines = new ArrayList<>();
        for (int section : new int[] {Section.ZONE, Section.PREREQ, Section.UPDATE}) {
            for (Record each : message.getSection(section)) {
                String line = each.getName() + " " + Type.string(each.getType()) + " " + DClass.string(each.getDClass());
                lines.add(section == Section.ZONE ? "zone " + line
                    : (section == Section.PREREQ ? "if " : "do ") + line + " " + each.getTTL() + " " + each.rdataToString());
            }
        }
        return lines;
    }
}
