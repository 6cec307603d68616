package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.adit.api.Details;
import io.adit.api.ErrorCode;
import io.adit.api.Proof;
import io.adit.api.RegistrationException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Register;
import org.junit.Test;

public class OpenNamesTest {

    private final AtomicLong nanos = new AtomicLong(-5);
    private final OpenNames open = new OpenNames(new OpenNames.Bounds(true, 100, 2, Duration.ofDays(30)), nanos::get);

    private void refused(String why, String remote, long names) {
        RegistrationException e = assertThrows(RegistrationException.class, () -> open.take(remote, names));
        assertEquals(ErrorCode.REFUSED, e.code());
        assertEquals(why, e.getMessage());
    }

    @Test
    public void whatOneNetworkIs() {
        assertEquals("192.0.2.0/24", OpenNames.network("192.0.2.77:4711"));
        assertEquals("2001:db8:1:0:0:0:0:0/48", OpenNames.network("[2001:db8:1:2:3:4:5:6]:4711"));
        assertEquals("2001:db8:1:0:0:0:0:0/48", OpenNames.network("2001:db8:1:ffff:0:0:0:1%eth0:4711"));
        assertEquals("one that is written as the other", "192.0.2.0/24", OpenNames.network("[::ffff:192.0.2.77]:1"));
        assertEquals("unknown", OpenNames.network("memory"));
        assertEquals("unknown", OpenNames.network(""));
        assertEquals("unknown", OpenNames.network("1.2.3.4.5:6"));
    }

    @Test
    public void aNetworkGetsSoManyNamesWithinAnHour() throws Exception {
        open.take("192.0.2.1:1", 0);
        nanos.addAndGet(Duration.ofMinutes(30).toNanos());
        open.take("192.0.2.2:1", 1);
        refused("the network 192.0.2.0/24 has got 2 names within the last hour already", "192.0.2.3:1", 2);
        open.take("198.51.100.1:1", 2);
        nanos.addAndGet(Duration.ofMinutes(30).toNanos() - 1);
        refused("the network 192.0.2.0/24 has got 2 names within the last hour already", "192.0.2.3:1", 2);
        nanos.incrementAndGet();
        open.take("192.0.2.3:1", 2);
        refused("the network 192.0.2.0/24 has got 2 names within the last hour already", "192.0.2.3:1", 3);
    }

    @Test
    public void thereAreSoManyInAll() throws Exception {
        open.take("192.0.2.1:1", 99);
        refused("there are 100 names without an invitation already", "198.51.100.1:1", 100);
    }

    private static Register register(String... details) {
        return new Register("demo", new byte[32], "test", new byte[0], Fields.of(details));
    }

    @Test
    public void whatAVerifierIs() {
        Proof.Verifier verifier = Proof.verifier(new byte[32]);
        String text = Proof.hex(verifier.storedKey()) + Proof.hex(verifier.serverKey());
        Proof.Verifier read = OpenNames.verifier(register(Details.VERIFIER, text)).orElseThrow();
        assertEquals(text, Proof.hex(read.storedKey()) + Proof.hex(read.serverKey()));
        assertTrue(OpenNames.verifier(register()).isEmpty());
        assertTrue(OpenNames.verifier(register(Details.VERIFIER, text.substring(1))).isEmpty());
        assertTrue(OpenNames.verifier(register(Details.VERIFIER, "x" + text.substring(1))).isEmpty());
        assertTrue("a proxy needs an invitation", OpenNames.verifier(register(Details.VERIFIER, text, Details.ROLE, Details.PROXY)).isEmpty());
    }
}
