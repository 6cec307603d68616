package io.adit.acceptor;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.Optional;

import org.junit.Test;

public class ConditionTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static String certificate(Instant end) {
        return new Condition("192.0.2.1:7443", Optional.ofNullable(end), () -> NOW).conditions().get(1).toString();
    }

    @Test
    public void theCertificateOfTheTunnel() {
        assertEquals("OK tunnel-port: peers dial 192.0.2.1:7443", new Condition("192.0.2.1:7443", Optional.empty(), () -> NOW).conditions().get(0).toString());
        assertEquals("OK tunnel-certificate: the tunnel has no TLS", certificate(null));
        assertEquals("OK tunnel-certificate: good until 2026-03-01T00:00:00Z", certificate(Instant.parse("2026-03-01T00:00:00Z")));
        String soon = certificate(Instant.parse("2026-01-31T00:00:00Z"));
        assertTrue(soon, soon.startsWith("WARN tunnel-certificate: it ends at 2026-01-31T00:00:00Z. Put a new one into conf/"));
        String over = certificate(Instant.parse("2026-01-01T00:00:00Z"));
        assertTrue(over, over.startsWith("WARN tunnel-certificate: it ended at "));
    }

    @Test
    public void aPortThatCannotBeHadIsTold() {
        String told = new OutOfWork("the tunnel port 127.0.0.1:7443 cannot be used: Address already in use").conditions().toString();
        assertTrue(told, told.startsWith("[FAIL tunnel-port: the tunnel port 127.0.0.1:7443 cannot be used: Address already in use"));
    }
}
