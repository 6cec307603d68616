package io.adit.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.adit.api.Presence;
import io.adit.api.packet.Fields;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** What the tests of this bundle have in common. */
final class Fixtures {

    static final Name DOMAIN = name("tunnel.example");
    static final String[] RECORDS = {
        "@ CAA 0 issue \"ca.example\"", "@ 60 TXT \"hello, world\"", "mail MX 10 mx.other.example.", "_acme-challenge TXT token", "alias CNAME alice",
        "out CNAME www.other.example.", "gone CNAME nobody", "loop CNAME loop2", "loop2 CNAME loop", "*.wild A 192.0.2.77", "a.b.c TXT deep",
        "fixed A 192.0.2.9", "big TXT" + (" \"" + "x".repeat(250) + "\"").repeat(6)};

    private Fixtures() {
    }

    static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new AssertionError(e);
        }
    }

    static List<InetAddress> addresses(String... texts) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            try {
                addresses.add(InetAddress.getByName(text));
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }
        return addresses;
    }

    static Presence presence(String name, String proxy, String... addresses) {
        return new Presence(name, "http://" + name + ".tunnel.example/", proxy, addresses(addresses), Instant.EPOCH, Fields.EMPTY);
    }

    static Zone.Fixed fixed(boolean wildcard, String... records) {
        return new Zone.Fixed(DOMAIN, List.of(name("ns.tunnel.example"), name("ns.other.example")), name("hostmaster.tunnel.example"),
            RecordLines.parse("test", "records", records, DOMAIN, 3600).records(), wildcard, 30, 5, 3600);
    }

    static Zone zone(boolean wildcard, AtomicLong seconds) {
        Zone zone = new Zone(fixed(wildcard, RECORDS), addresses("192.0.2.1", "2001:db8::1"), seconds::get);
        zone.lead(name("alice.tunnel.example"), addresses("192.0.2.1", "2001:db8::1"));
        zone.lead(name("bob.tunnel.example"), addresses("192.0.2.2"));
        zone.lead(name("fixed.tunnel.example"), addresses("192.0.2.99"));
        return zone;
    }

    static Message query(String name, String type) {
        return Message.newQuery(Record.newRecord(name(name), Type.value(type), DClass.IN));
    }
}
