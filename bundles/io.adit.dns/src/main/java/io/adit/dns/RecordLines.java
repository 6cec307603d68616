package io.adit.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.adit.api.Checks;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Records that an operator wrote, in the text of a master file (RFC 1035 section 5). What cannot be served is left out, since nothing but the parser of such files
 * knows what can, and a zone is better off without one of its records than without all of them. Immutable.
 *
 * @param records that can be served
 * @param leftOut of the others, each a line that names PID and key, the record, and what would be allowed
 */
record RecordLines(List<Record> records, List<String> leftOut) {

    private static final Set<Integer> ALLOWED = Set.of(Type.A, Type.AAAA, Type.CAA, Type.CNAME, Type.HTTPS, Type.LOC, Type.MX, Type.NAPTR,
            Type.SMIMEA, Type.SRV, Type.SSHFP, Type.SVCB, Type.TLSA, Type.TXT, Type.URI);

    /**
     * @param lines each one record, or several in lines of their own; names without a dot at the end are below the domain
     */
    static RecordLines parse(String pid, String key, String[] lines, Name domain, long ttl) {
        List<Record> records = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (String value : lines == null ? new String[0] : lines) {
            for (String line : value.split("[\\r\\n]+")) {
                if (!line.isBlank()) {
                    try {
                        parse(pid, key, line.strip(), domain, ttl, records);
                    } catch (IllegalArgumentException e) {
                        leftOut.add(e.getMessage() + "; it is left out");
                    }
                }
            }
        }
        for (Record each : List.copyOf(records)) {
            if (each.getType() == Type.CNAME && records.stream().anyMatch(other -> other != each && other.getName().equals(each.getName()))) {
                records.remove(each);
                String allowed = "such that a name with CNAME has nothing else (RFC 1034 section 3.6.2)";
                leftOut.add(Checks.bad(pid, key, each.getName() + " CNAME", allowed).getMessage() + "; it is left out");
            }
        }
        return new RecordLines(List.copyOf(records), List.copyOf(leftOut));
    }

    private static void parse(String pid, String key, String line, Name domain, long ttl, List<Record> to) {
        String expected = "records in the text of a master file, such as '@ MX 10 mail.example.org.'";
        if (line.startsWith("$")) {
            throw Checks.bad(pid, key, line, expected + ", without directives");
        }
        try (Master master = new Master(new ByteArrayInputStream((line + "\n").getBytes(StandardCharsets.UTF_8)), domain, ttl)) {
            master.disableIncludes(true);
            Record record = master.nextRecord();
            if (record == null) {
                return; // a comment
            }
            if (master.nextRecord() != null || record.getDClass() != DClass.IN) {
                throw Checks.bad(pid, key, line, expected);
            }
            if (!record.getName().subdomain(domain)) {
                throw Checks.bad(pid, key, line, "records of names in " + domain);
            }
            if (!ALLOWED.contains(record.getType())) {
                throw Checks.bad(pid, key, line, "records of the types " + String.join(", ", ALLOWED.stream().map(Type::string).sorted().toList()));
            }
            if (record.getType() == Type.CNAME && record.getName().equals(domain)) {
                throw Checks.bad(pid, key, line, "such that the domain itself has no CNAME");
            }
            to.add(record);
        } catch (IOException | IllegalStateException e) {
            throw Checks.bad(pid, key, line, expected);
        }
    }
}
