package io.adit.acceptor;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class EndpointTest {

    private static String dialled(String advertise, String bound) {
        Endpoint endpoint = Endpoint.of(advertise, bound, 7443, new byte[0]);
        return endpoint.host() + " " + endpoint.port();
    }

    @Test
    public void whatPeersAreToldToDial() {
        assertEquals("127.0.0.1 7443", dialled("", "127.0.0.1"));
        assertEquals("127.0.0.1 7443", dialled("", "0.0.0.0"));
        assertEquals("127.0.0.1 7443", dialled("", "::"));
        assertEquals("10.1.2.3 7443", dialled(" ", "10.1.2.3"));
        assertEquals("proxy.example 443", dialled("proxy.example:443", "0.0.0.0"));
        assertEquals("2001:db8::1 443", dialled("[2001:db8::1]:443", "::"));
    }

    @Test
    public void aBadOneIsNamed() {
        for (String bad : new String[] {"proxy.example", "proxy.example:", ":443", "a:0", "a:65536", "a:b"}) {
            IllegalArgumentException e = assertThrows(bad, IllegalArgumentException.class, () -> dialled(bad, "::"));
            assertTrue(e.getMessage(), e.getMessage().startsWith("io.adit.acceptor: advertise is"));
        }
    }
}
