package io.adit.dns;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.Test;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

public class ZoneTest {

    private final AtomicLong seconds = new AtomicLong(1000);
    private final Zone zone = new Zone(Fixtures.fixed(false), Fixtures.addresses("192.0.2.1"), seconds::get);

    @Test
    public void theSerialRisesWithEveryChangeAndWithTheClock() {
        assertEquals(1000, serial());
        zone.lead(Fixtures.name("a.tunnel.example"), Fixtures.addresses("192.0.2.1"));
        assertEquals(1001, serial());
        zone.lead(Fixtures.name("a.tunnel.example"), Fixtures.addresses("192.0.2.1"));
        assertEquals("no change", 1001, serial());
        zone.lead(Fixtures.name("a.tunnel.example"), Fixtures.addresses("192.0.2.2"));
        assertEquals(1002, serial());
        zone.lead(Fixtures.name("a.tunnel.example"), List.of());
        assertEquals(1003, serial());
        zone.lead(Fixtures.name("a.tunnel.example"), List.of());
        assertEquals("no change", 1003, serial());
        seconds.set(5000);
        zone.addresses(Fixtures.addresses("192.0.2.3"));
        assertEquals(5000, serial());
        seconds.set(10);
        zone.addresses(Fixtures.addresses("192.0.2.4"));
        assertEquals("a clock that was set back", 5001, serial());
    }

    @Test
    public void aMoveIsSeenAtOnce() {
        zone.lead(Fixtures.name("a.tunnel.example"), Fixtures.addresses("192.0.2.1"));
        zone.lead(Fixtures.name("A.Tunnel.example"), Fixtures.addresses("192.0.2.2"));
        assertEquals(List.of("192.0.2.2"), zone.find(Fixtures.name("a.tunnel.example"), Type.A).orElseThrow().stream()
            .map(Record::rdataToString).toList());
        zone.lead(Fixtures.name("a.tunnel.example"), List.of());
        assertTrue(zone.find(Fixtures.name("a.tunnel.example"), Type.A).isEmpty());
    }

    @Test
    public void theDomainFollowsItsAddresses() {
        zone.addresses(Fixtures.addresses("192.0.2.8", "2001:db8::8"));
        for (String name : List.of("tunnel.example", "ns.tunnel.example")) {
            assertEquals("192.0.2.8", zone.find(Fixtures.name(name), Type.A).orElseThrow().get(0).rdataToString());
            assertEquals("2001:db8:0:0:0:0:0:8", zone.find(Fixtures.name(name), Type.AAAA).orElseThrow().get(0).rdataToString());
        }
    }

    private long serial() {
        return ((SOARecord) zone.soa()).getSerial();
    }
}
