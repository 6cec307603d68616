package io.adit.dns;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

public class AnswersTest {

    private static final String SOA = "tunnel.example. 5 SOA ns.tunnel.example. hostmaster.tunnel.example. 1000000 7200 1800 1209600 5";

    private final AtomicLong seconds = new AtomicLong(999_997);
    private final AtomicBoolean settled = new AtomicBoolean(true);
    private final Answers answers = new Answers(Fixtures.zone(false, seconds), 1232, settled::get);
    private final Answers wildcard = new Answers(Fixtures.zone(true, seconds), 1232, settled::get);

    /** question -> rcode, flags; answer; authority */
    private static final String[][] TABLE = {
        {"alice.tunnel.example A", "NOERROR aa", "alice.tunnel.example. 30 A 192.0.2.1", ""},
        {"ALICE.Tunnel.example A", "NOERROR aa", "ALICE.Tunnel.example. 30 A 192.0.2.1", ""},
        {"alice.tunnel.example AAAA", "NOERROR aa", "alice.tunnel.example. 30 AAAA 2001:db8:0:0:0:0:0:1", ""},
        {"bob.tunnel.example A", "NOERROR aa", "bob.tunnel.example. 30 A 192.0.2.2", ""},
        {"bob.tunnel.example AAAA", "NOERROR aa", "", SOA},
        {"bob.tunnel.example HTTPS", "NOERROR aa", "", SOA},
        {"nobody.tunnel.example A", "NXDOMAIN aa", "", SOA},
        {"x.alice.tunnel.example A", "NXDOMAIN aa", "", SOA},
        {"tunnel.example A", "NOERROR aa", "tunnel.example. 30 A 192.0.2.1", ""},
        {"tunnel.example SOA", "NOERROR aa", SOA.replace(" 5 SOA", " 3600 SOA"), ""},
        {"tunnel.example NS", "NOERROR aa", "tunnel.example. 3600 NS ns.other.example.; tunnel.example. 3600 NS ns.tunnel.example.", ""},
        {"ns.tunnel.example A", "NOERROR aa", "ns.tunnel.example. 30 A 192.0.2.1", ""},
        {"tunnel.example CAA", "NOERROR aa", "tunnel.example. 3600 CAA 0 issue \"ca.example\"", ""},
        {"tunnel.example TXT", "NOERROR aa", "tunnel.example. 60 TXT \"hello, world\"", ""},
        {"mail.tunnel.example MX", "NOERROR aa", "mail.tunnel.example. 3600 MX 10 mx.other.example.", ""},
        {"_acme-challenge.tunnel.example TXT", "NOERROR aa", "_acme-challenge.tunnel.example. 3600 TXT token", ""},
        {"fixed.tunnel.example A", "NOERROR aa", "fixed.tunnel.example. 3600 A 192.0.2.9", ""},
        {"alias.tunnel.example A", "NOERROR aa", "alias.tunnel.example. 3600 CNAME alice.tunnel.example.; alice.tunnel.example. 30 A 192.0.2.1", ""},
        {"alias.tunnel.example CNAME", "NOERROR aa", "alias.tunnel.example. 3600 CNAME alice.tunnel.example.", ""},
        {"alias.tunnel.example MX", "NOERROR aa", "alias.tunnel.example. 3600 CNAME alice.tunnel.example.", SOA},
        {"out.tunnel.example A", "NOERROR aa", "out.tunnel.example. 3600 CNAME www.other.example.", ""},
        {"gone.tunnel.example A", "NXDOMAIN aa", "gone.tunnel.example. 3600 CNAME nobody.tunnel.example.", SOA},
        {"b.c.tunnel.example A", "NOERROR aa", "", SOA},
        {"c.tunnel.example TXT", "NOERROR aa", "", SOA},
        {"x.c.tunnel.example A", "NXDOMAIN aa", "", SOA},
        {"any.wild.tunnel.example A", "NOERROR aa", "any.wild.tunnel.example. 3600 A 192.0.2.77", ""},
        {"two.any.wild.tunnel.example A", "NOERROR aa", "two.any.wild.tunnel.example. 3600 A 192.0.2.77", ""},
        {"any.wild.tunnel.example AAAA", "NOERROR aa", "", SOA},
        {"wild.tunnel.example A", "NOERROR aa", "", SOA},
        {"alice.tunnel.example ANY", "NOERROR aa", "alice.tunnel.example. 5 HINFO \"RFC8482\" \"\"", ""},
        {"alias.tunnel.example ANY", "NOERROR aa", "alias.tunnel.example. 3600 CNAME alice.tunnel.example.", ""},
        {"nobody.tunnel.example ANY", "NXDOMAIN aa", "", SOA},
        {"tunnel.example AXFR", "REFUSED", "", ""},
        {"tunnel.example IXFR", "REFUSED", "", ""},
        {"tunnel.example MAILB", "REFUSED", "", ""},
        {"tunnel.example OPT", "FORMERR", "", ""},
        {"example A", "REFUSED", "", ""},
        {"atunnel.example A", "REFUSED", "", ""},
        {"www.other.example A", "REFUSED", "", ""},
        {". NS", "REFUSED", "", ""},
    };

    @Test
    public void theTableOfQuestionsAndAnswers() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String[] row : TABLE) {
            String[] question = row[0].split(" ");
            Message answer = ask(answers, Fixtures.query(question[0], question[1]));
            String got = Rcode.string(answer.getHeader().getRcode()) + (answer.getHeader().getFlag(Flags.AA) ? " aa" : "") + " | "
                + text(answer, Section.ANSWER) + " | " + text(answer, Section.AUTHORITY);
            String expected = row[1] + " | " + row[2] + " | " + row[3];
            if (!got.equals(expected)) {
                wrong.add(row[0] + ": " + got + " instead of " + expected);
            }
        }
        assertEquals(String.join("\n", wrong), 0, wrong.size());
    }

    @Test
    public void aCircleOfAliasesEnds() throws Exception {
        Message answer = ask(answers, Fixtures.query("loop.tunnel.example", "A"));
        assertEquals(8, answer.getSection(Section.ANSWER).size());
    }

    @Test
    public void nameServersComeWithTheirAddresses() throws Exception {
        assertEquals("ns.tunnel.example. 30 A 192.0.2.1; ns.tunnel.example. 30 AAAA 2001:db8:0:0:0:0:0:1",
            text(ask(answers, Fixtures.query("tunnel.example", "NS")), Section.ADDITIONAL));
    }

    @Test
    public void aWildcardAnswersForEveryNameThatIsNotThere() throws Exception {
        assertEquals("nobody.tunnel.example. 30 A 192.0.2.1", text(ask(wildcard, Fixtures.query("nobody.tunnel.example", "A")), Section.ANSWER));
        assertEquals("NoBody.tunnel.example. 30 A 192.0.2.1", text(ask(wildcard, Fixtures.query("NoBody.tunnel.example", "A")), Section.ANSWER));
        assertEquals("x.y.tunnel.example. 30 AAAA 2001:db8:0:0:0:0:0:1",
            text(ask(wildcard, Fixtures.query("x.y.tunnel.example", "AAAA")), Section.ANSWER));
        assertEquals("a peer's own address", "bob.tunnel.example. 30 A 192.0.2.2",
            text(ask(wildcard, Fixtures.query("bob.tunnel.example", "A")), Section.ANSWER));
        assertEquals("RFC 4592: below a name that exists", Rcode.NXDOMAIN, ask(wildcard, Fixtures.query("x.alice.tunnel.example", "A")).getRcode());
        assertEquals(SOA, text(ask(wildcard, Fixtures.query("nobody.tunnel.example", "MX")), Section.AUTHORITY));
    }

    @Test
    public void theCaseOfTheNameIsThatOfTheQuestion() throws Exception {
        Message answer = ask(answers, Fixtures.query("aLiCe.tUnNeL.eXaMpLe", "A"));
        assertEquals("aLiCe.tUnNeL.eXaMpLe.", answer.getQuestion().getName().toString());
        assertEquals("aLiCe.tUnNeL.eXaMpLe.", answer.getSection(Section.ANSWER).get(0).getName().toString());
    }

    @Test
    public void flagsOfTheQuestionAreNotSentBackButRecursionDesired() throws Exception {
        Message question = Fixtures.query("alice.tunnel.example", "A");
        byte[] bytes = question.toWire();
        bytes[2] = 0x01 | 0x04 | 0x02; // RD, AA, TC
        bytes[3] = (byte) 0xF5; // RA, Z, AD, CD, an rcode
        byte[] answer = answers.overUdp(bytes).orElseThrow();
        assertEquals("QR AA RD", 0x85, answer[2] & 0xFF);
        assertEquals("no RA, Z, AD, CD", 0, answer[3]);
    }

    @Test
    public void whatIsNoQuestionGetsNoAnswer() {
        byte[] answer = Fixtures.query("alice.tunnel.example", "A").toWire();
        answer[2] |= (byte) 0x80;
        assertEquals(Optional.empty(), answers.overUdp(answer));
        for (int length = 0; length < 12; length++) {
            assertEquals(Optional.empty(), answers.overUdp(new byte[length]));
        }
    }

    @Test
    public void garbageIsAFormatErrorOfAHeaderOnly() {
        byte[] good = Fixtures.query("alice.tunnel.example", "A").toWire();
        for (int count : new int[] {0, 2, 65_535}) {
            byte[] bad = good.clone();
            bad[4] = (byte) (count >> 8);
            bad[5] = (byte) count;
            assertBare(bad, Rcode.FORMERR);
        }
        for (int at : new int[] {7, 9, 11}) {
            byte[] bad = good.clone();
            bad[at] = 1;
            assertBare(bad, Rcode.FORMERR);
            bad[at - 1] = (byte) 0xFF;
            assertBare(bad, Rcode.FORMERR);
        }
        byte[] loop = good.clone();
        loop[12] = (byte) 0xC0;
        loop[13] = 12;
        assertBare(loop, Rcode.FORMERR);
        byte[] label = good.clone();
        label[12] = 64;
        assertBare(label, Rcode.FORMERR);
        assertBare(Arrays.copyOf(good, good.length - 1), Rcode.FORMERR);
        byte[] truncated = Arrays.copyOf(good, 14);
        truncated[2] |= 0x02;
        assertBare(truncated, Rcode.FORMERR);
    }

    @Test
    public void otherOpcodesAreNotImplemented() {
        for (int opcode : new int[] {Opcode.IQUERY, Opcode.STATUS, 3, Opcode.NOTIFY, Opcode.UPDATE, 15}) {
            Message message = Fixtures.query("tunnel.example", "SOA");
            message.getHeader().setOpcode(opcode);
            assertBare(message.toWire(), Rcode.NOTIMP);
        }
    }

    private void assertBare(byte[] question, int rcode) {
        byte[] answer = answers.overUdp(question).orElseThrow();
        assertEquals(12, answer.length);
        assertEquals(question[0], answer[0]);
        assertEquals(question[1], answer[1]);
        assertEquals("QR, and the opcode and RD of the question", 0x80 | question[2] & 0x79, answer[2] & 0xFF);
        assertEquals(rcode, answer[3]);
        for (int i = 4; i < 12; i++) {
            assertEquals(0, answer[i]);
        }
    }

    @Test
    public void otherClassesAreRefused() throws Exception {
        for (int dclass : new int[] {DClass.CHAOS, DClass.HESIOD, DClass.ANY, DClass.NONE, 0}) {
            Message question = Message.newQuery(Record.newRecord(Fixtures.name("version.bind"), Type.TXT, dclass));
            assertEquals(Rcode.REFUSED, ask(answers, question).getRcode());
            question = Message.newQuery(Record.newRecord(Fixtures.name("alice.tunnel.example"), Type.A, dclass));
            assertEquals(Rcode.REFUSED, ask(answers, question).getRcode());
        }
    }

    @Test
    public void withoutEdnsThereIsNone() throws Exception {
        assertEquals(null, ask(answers, Fixtures.query("alice.tunnel.example", "A")).getOPT());
    }

    @Test
    public void ednsIsAnsweredWithoutWhatIsUnknown() throws Exception {
        Message question = Fixtures.query("alice.tunnel.example", "A");
        question.addRecord(new OPTRecord(4096, 0, 0, 0xFFFF & ~0x8000, new GenericEDNSOption(65_001, new byte[100]),
            new GenericEDNSOption(3, new byte[0])), Section.ADDITIONAL);
        OPTRecord opt = ask(answers, question).getOPT();
        assertEquals(1232, opt.getPayloadSize());
        assertEquals("no unknown flags", 0, opt.getFlags());
        assertEquals(List.of(), opt.getOptions());
        assertEquals(0, opt.getVersion());
    }

    @Test
    public void theFlagForDnssecIsSentBackAndChangesNothing() throws Exception {
        Message question = Fixtures.query("alice.tunnel.example", "A");
        question.addRecord(new OPTRecord(1232, 0, 0, 0x8000), Section.ADDITIONAL);
        Message answer = ask(answers, question);
        assertEquals(0x8000, answer.getOPT().getFlags());
        assertEquals("alice.tunnel.example. 30 A 192.0.2.1", text(answer, Section.ANSWER));
        assertFalse(answer.getHeader().getFlag(Flags.AD));
    }

    @Test
    public void anotherVersionOfEdnsIsRefusedWithOurs() throws Exception {
        Message question = Fixtures.query("alice.tunnel.example", "A");
        question.addRecord(new OPTRecord(1232, 0, 1, 0), Section.ADDITIONAL);
        Message answer = ask(answers, question);
        assertEquals(Rcode.BADVERS, answer.getRcode());
        assertEquals(0, answer.getOPT().getVersion());
        assertEquals("", text(answer, Section.ANSWER));
    }

    @Test
    public void twoEdnsRecordsAreAFormatError() {
        Message question = Fixtures.query("alice.tunnel.example", "A");
        question.addRecord(new OPTRecord(1232, 0, 0, 0), Section.ADDITIONAL);
        question.addRecord(new OPTRecord(1232, 0, 0, 0), Section.ADDITIONAL);
        assertBare(question.toWire(), Rcode.FORMERR);
    }

    @Test
    public void whatIsTooLongIsTruncatedAndWholeOverTcp() throws Exception {
        for (int size : new int[] {0, 100, 512, 1232, 65_535}) {
            Message question = Fixtures.query("big.tunnel.example", "TXT");
            if (size > 0) {
                question.addRecord(new OPTRecord(size, 0, 0, 0), Section.ADDITIONAL);
            }
            byte[] bytes = answers.overUdp(question.toWire()).orElseThrow();
            assertTrue(bytes.length <= Math.min(1232, Math.max(512, size)));
            Message answer = new Message(bytes);
            assertTrue("size " + size, answer.getHeader().getFlag(Flags.TC));
            assertEquals("", text(answer, Section.ANSWER));
            assertEquals("big.tunnel.example.", answer.getQuestion().getName().toString());
            assertEquals(size > 0, answer.getOPT() != null);
            Message whole = new Message(answers.overTcp(question.toWire()).orElseThrow());
            assertFalse(whole.getHeader().getFlag(Flags.TC));
            assertEquals(1, whole.getSection(Section.ANSWER).size());
        }
    }

    @Test
    public void theShortAnswerBeyondTheRateSendsToTcp() throws Exception {
        byte[] question = Fixtures.query("alice.tunnel.example", "A").toWire();
        Message answer = new Message(answers.truncated(question).orElseThrow());
        assertTrue(answer.getHeader().getFlag(Flags.TC));
        assertEquals("", text(answer, Section.ANSWER));
        assertTrue("no longer than the question", answer.toWire().length <= question.length);
        question[5] = 7;
        assertEquals("nothing for what is wrong anyway", Optional.empty(), answers.truncated(question));
    }

    @Test
    public void aSignatureIsNotPretended() throws Exception {
        Message question = Fixtures.query("alice.tunnel.example", "A");
        new TSIG(TSIG.HMAC_SHA256, "key.", "c2VjcmV0").apply(question, null);
        Message answer = ask(answers, question);
        assertEquals(Rcode.NOTAUTH, answer.getHeader().getRcode());
        assertEquals(Rcode.BADKEY, answer.getTSIG().getError());
        assertEquals(0, answer.getTSIG().getSignature().length);
        question = Fixtures.query("alice.tunnel.example", "A");
        question.addRecord(new OPTRecord(1232, 0, 0, 0), Section.ADDITIONAL);
        new TSIG(TSIG.HMAC_SHA256, "key.", "c2VjcmV0").apply(question, null);
        answer = ask(answers, question);
        assertEquals("and with EDNS it is still the last record", Rcode.BADKEY, answer.getTSIG().getError());
        assertEquals(1232, answer.getOPT().getPayloadSize());
    }

    @Test
    public void beforeAllNamesAreKnownNoneIsDenied() throws Exception {
        settled.set(false);
        assertEquals(Optional.empty(), answers.overUdp(Fixtures.query("nobody.tunnel.example", "A").toWire()));
        assertEquals(Rcode.NOERROR, ask(answers, Fixtures.query("alice.tunnel.example", "A")).getRcode());
        assertEquals(Rcode.REFUSED, ask(answers, Fixtures.query("www.other.example", "A")).getRcode());
        settled.set(true);
        assertEquals(Rcode.NXDOMAIN, ask(answers, Fixtures.query("nobody.tunnel.example", "A")).getRcode());
    }

    @Test
    public void aNameThatIsToldOfWhileItIsAskedForIsNotDenied() throws Exception {
        Zone zone = Fixtures.zone(false, seconds);
        // the registry's thread, at the moment that hurts: the last name, and then that this was all
        Answers last = new Answers(zone, 1232, () -> {
            zone.lead(Fixtures.name("carol.tunnel.example"), Fixtures.addresses("192.0.2.3"));
            return true;
        });
        assertEquals(Rcode.NOERROR, ask(last, Fixtures.query("carol.tunnel.example", "A")).getRcode());
    }

    private static Message ask(Answers answers, Message question) throws IOException {
        Message answer = new Message(answers.overUdp(question.toWire()).orElseThrow());
        assertEquals(question.getHeader().getID(), answer.getHeader().getID());
        assertTrue(answer.getHeader().getFlag(Flags.QR));
        assertFalse(answer.getHeader().getFlag(Flags.RA));
        return answer;
    }

    private static String text(Message message, int section) {
        return String.join("; ", message.getSection(section).stream().filter(each -> each.getType() != Type.OPT && each.getType() != Type.TSIG)
            .map(each -> each.getName() + " " + each.getTTL() + " " + Type.string(each.getType()) + " " + each.rdataToString()).sorted().toList());
    }
}
