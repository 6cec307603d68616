package io.adit.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/**
 * The updates (RFC 2136). A name that we publish has a marker below it, {@code _adit.NAME}, a TXT record that says whose it is; what has none was put
 * there by somebody else, and every update has prerequisites that leave it alone. Each is one message, so it happens as a whole or not at all.
 *
 * <p>Immutable.
 *
 * @param owner what our markers say
 * @param ttl seconds
 */
record UpdateMessages(Name zone, String owner, int ttl) {

    /** For a name that has a marker, whoever made it: a name moves from one proxy to another. */
    Update replace(Name host, List<InetAddress> addresses) {
        Update update = new Update(zone);
        update.present(marker(host), Type.TXT);
        delete(update, host);
        update.delete(marker(host), Type.TXT);
        add(update, host, addresses);
        return update;
    }

    /** For a name that is not in the zone. */
    Update create(Name host, List<InetAddress> addresses) {
        Update update = new Update(zone);
        update.absent(host);
        update.absent(marker(host), Type.TXT);
        add(update, host, addresses);
        return update;
    }

    /** For a name that has our marker. */
    Update withdraw(Name host) {
        Update update = new Update(zone);
        update.present(text(host, 0)); // RFC 2136 section 2.4: a prerequisite has no TTL
        delete(update, host);
        update.delete(marker(host), Type.TXT);
        return update;
    }

    private static void delete(Update update, Name host) {
        update.delete(host, Type.A);
        update.delete(host, Type.AAAA);
    }

    private void add(Update update, Name host, List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            update.add(address instanceof Inet4Address ? new ARecord(host, DClass.IN, ttl, address) : new AAAARecord(host, DClass.IN, ttl, address));
        }
        update.add(text(host, ttl));
    }

    private TXTRecord text(Name host, int seconds) {
        return new TXTRecord(marker(host), DClass.IN, seconds, "adit=" + owner);
    }

    static Name marker(Name host) {
        return DomainNames.child("_adit", host);
    }
}
