package io.adit.dns;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.HINFORecord;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Type;

/**
 * From the bytes of a question to those of its answer. Authoritative for one domain: no recursion, no transfers, no updates.
 *
 * <p>Thread-safe; never blocks, and takes any input: what is no question gets no answer, what is a broken one gets FORMERR.
 */
final class Answers {

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    /** What every message over UDP may have (RFC 1035 section 2.3.4). */
    private static final int UDP_BYTES = 512;
    private static final int TCP_BYTES = 65_535;
    /** The least bytes of a question and of another record: a root name, a type, a class; and TTL and length. */
    private static final int LEAST_QUESTION = 5;
    private static final int LEAST_RECORD = 11;
    /** Where a chain of aliases within the domain ends, lest it be a circle. */
    private static final int ALIASES = 8;
    /** The meta types, which no name has (RFC 6895 section 3.1); of these ANY is answered. */
    private static final int FIRST_META = 128;
    private static final int LAST_META = 255;
    /** RFC 3225. */
    private static final int DO = 0x8000;
    private static final int EDNS_VERSION = 0;
    /** Where the header has it; there are two at most. */
    private static final int ADDITIONAL_COUNT = 10;

    private final Zone zone;
    private final int udpBytes;
    private final BooleanSupplier settled;

    /**
     * @param udpBytes the longest answer over UDP, whatever the client can take
     * @param settled whether all hosts there are were told of: until then none is denied
     */
    Answers(Zone zone, int udpBytes, BooleanSupplier settled) {
        this.zone = zone;
        this.udpBytes = udpBytes;
        this.settled = settled;
    }

    /** Whether it is a question at all, to be answered in some way. An answer never is: two servers would talk for ever. */
    static boolean isQuestion(byte[] message) {
        return message.length >= Header.LENGTH && (message[2] & 0x80) == 0;
    }

    /** @return empty when nothing is to be said */
    Optional<byte[]> overUdp(byte[] question) {
        return answer(question, false, false);
    }

    /** @return an answer that says nothing but that it was cut, so that the client asks by TCP; empty for what is no good question */
    Optional<byte[]> truncated(byte[] question) {
        return answer(question, false, true);
    }

    Optional<byte[]> overTcp(byte[] question) {
        return answer(question, true, false);
    }

    private Optional<byte[]> answer(byte[] bytes, boolean tcp, boolean cut) {
        if (!isQuestion(bytes)) {
            return Optional.empty();
        }
        Message question;
        OPTRecord edns;
        if (opcode(bytes) != Opcode.QUERY) {
            return cut ? Optional.empty() : Optional.of(bare(bytes, Rcode.NOTIMP));
        }
        try {
            question = parse(bytes);
            edns = edns(question);
        } catch (IOException | RuntimeException e) {
            // whatever a forged record makes the parser throw: it is the message that is wrong
            LOG.debug("not a message: {}", e.toString());
            return cut ? Optional.empty() : Optional.of(bare(bytes, Rcode.FORMERR));
        }
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        if (question.getHeader().getFlag(Flags.RD)) {
            answer.getHeader().setFlag(Flags.RD);
        }
        answer.addRecord(question.getQuestion(), Section.QUESTION);
        int extended = 0;
        if (cut) {
            answer.getHeader().setFlag(Flags.TC);
        } else if (edns != null && edns.getVersion() > EDNS_VERSION) {
            extended = Rcode.BADVERS;
        } else if (question.getTSIG() != null) {
            answer.getHeader().setRcode(Rcode.NOTAUTH);
        } else if (!fill(question.getQuestion(), answer)) {
            return Optional.empty();
        }
        if (edns != null) {
            answer.addRecord(new OPTRecord(udpBytes, extended >> 4, EDNS_VERSION, edns.getFlags() & DO), Section.ADDITIONAL);
            answer.getHeader().setRcode(extended == 0 ? answer.getHeader().getRcode() : extended & 0xF);
        }
        int most = edns == null ? UDP_BYTES : Math.min(udpBytes, Math.max(UDP_BYTES, edns.getPayloadSize()));
        byte[] wire = answer.toWire(tcp ? TCP_BYTES : most);
        return Optional.of(answer.getHeader().getRcode() == Rcode.NOTAUTH ? signed(wire, question.getTSIG()) : wire);
    }

    private static int opcode(byte[] message) {
        return message[2] >> 3 & 0xF;
    }

    /** A header alone, for a question that is not understood: nothing of it is sent back but its id and what was asked for. */
    private static byte[] bare(byte[] question, int rcode) {
        byte[] answer = new byte[Header.LENGTH];
        answer[0] = question[0];
        answer[1] = question[1];
        answer[2] = (byte) (0x80 | question[2] & 0x79);
        answer[3] = (byte) rcode;
        return answer;
    }

    private static Message parse(byte[] bytes) throws IOException {
        int questions = count(bytes, 4);
        int records = count(bytes, 6) + count(bytes, 8) + count(bytes, 10);
        if (questions != 1) {
            throw new IOException("questions: " + questions);
        }
        if (records > (bytes.length - Header.LENGTH - LEAST_QUESTION) / LEAST_RECORD) {
            throw new IOException("records: " + records); // before room is made for them
        }
        for (int at = Header.LENGTH; at < bytes.length && bytes[at] != 0; at += 1 + bytes[at]) {
            if ((bytes[at] & 0xC0) != 0) {
                throw new IOException("a pointer before there is anything to point to"); // it would make the answer longer than the question
            }
        }
        Message message = new Message(bytes);
        if (message.getQuestion() == null) {
            throw new IOException("truncated");
        }
        return message;
    }

    private static int count(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }

    /** RFC 6891 section 6.1.1: at most one, owned by the root. @return null when there is none */
    private static OPTRecord edns(Message question) throws IOException {
        OPTRecord found = null;
        for (Record record : question.getSection(Section.ADDITIONAL)) {
            if (record instanceof OPTRecord opt) {
                if (found != null || !opt.getName().equals(Name.root)) {
                    throw new IOException("EDNS");
                }
                found = opt;
            }
        }
        return found;
    }

    /** RFC 8945 section 5.2.1: there are no keys here. Put at the end by hand, where it has to be: dnsjava puts the OPT record there. */
    private static byte[] signed(byte[] answer, TSIGRecord signature) {
        byte[] record = new TSIGRecord(signature.getName(), DClass.ANY, 0, signature.getAlgorithm(), signature.getTimeSigned(), signature.getFudge(),
                new byte[0], signature.getOriginalID(), Rcode.BADKEY, null).toWire(Section.ADDITIONAL);
        byte[] all = Arrays.copyOf(answer, answer.length + record.length);
        System.arraycopy(record, 0, all, answer.length, record.length);
        all[ADDITIONAL_COUNT + 1]++;
        return all;
    }

    /** @return false when it is too early to say anything */
    private boolean fill(Record question, Message answer) {
        int type = question.getType();
        if (type == Type.OPT) {
            answer.getHeader().setRcode(Rcode.FORMERR);
        } else if (question.getDClass() != DClass.IN || type >= FIRST_META && type < LAST_META || !question.getName().subdomain(zone.domain())) {
            // another class (CHAOS too), transfers and other meta types, somebody else's domain
            answer.getHeader().setRcode(Rcode.REFUSED);
        } else {
            answer.getHeader().setFlag(Flags.AA);
            return resolve(question.getName(), type, answer);
        }
        return true;
    }

    private boolean resolve(Name asked, int type, Message answer) {
        // before the look: the last hosts may be told of between both, and would be denied
        boolean complete = settled.getAsBoolean();
        Name name = asked;
        for (int i = 0; i < ALIASES; i++) {
            Optional<List<Record>> found = zone.find(name, type == Type.ANY ? Type.CNAME : type);
            if (found.isEmpty()) {
                if (!complete) {
                    return false;
                }
                answer.getHeader().setRcode(Rcode.NXDOMAIN);
                answer.addRecord(zone.denial(), Section.AUTHORITY);
                return true;
            }
            List<Record> records = found.get();
            if (!records.isEmpty()) {
                records.forEach(record -> answer.addRecord(record, Section.ANSWER));
                if (type == Type.NS) {
                    glue(records, answer);
                }
                return true;
            }
            if (type == Type.ANY) {
                // RFC 8482 section 4.2
                answer.addRecord(new HINFORecord(name, DClass.IN, zone.denial().getTTL(), "RFC8482", ""), Section.ANSWER);
                return true;
            }
            List<Record> alias = zone.find(name, Type.CNAME).orElse(List.of());
            if (alias.isEmpty()) {
                answer.addRecord(zone.denial(), Section.AUTHORITY);
                return true;
            }
            answer.addRecord(alias.get(0), Section.ANSWER);
            name = ((CNAMERecord) alias.get(0)).getTarget();
            if (!name.subdomain(zone.domain())) {
                return true;
            }
        }
        return true;
    }

    /** The addresses of the domain's own name servers. */
    private void glue(List<Record> servers, Message answer) {
        for (Record server : servers) {
            Name host = ((NSRecord) server).getTarget();
            if (host.subdomain(zone.domain())) {
                for (int type : new int[] {Type.A, Type.AAAA}) {
                    zone.find(host, type).orElse(List.of()).forEach(record -> answer.addRecord(record, Section.ADDITIONAL));
                }
            }
        }
    }
}
