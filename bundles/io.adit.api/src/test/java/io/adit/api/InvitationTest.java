package io.adit.api;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;

import org.junit.Test;

public class InvitationTest {

    private static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    public void parsesWhatItWrites() {
        for (String host : new String[] {"127.0.0.1", "proxy.example", "::1"}) {
            Invitation invitation = new Invitation(host, 7443, "my-peer", bytes(32, 0xfb), bytes(32, 7));
            Invitation again = Invitation.parse(" " + invitation.text() + "\n");
            assertEquals(host, again.host());
            assertEquals(7443, again.port());
            assertEquals("my-peer", again.name());
            assertArrayEquals(invitation.secret(), again.secret());
            assertArrayEquals(invitation.fingerprint(), again.fingerprint());
            assertTrue(again.tls());
        }
    }

    @Test
    public void saysWhenTheTunnelIsNotEncrypted() {
        Invitation invitation = Invitation.parse(new Invitation("h", 1, "a", bytes(32, 1), new byte[0]).text());
        assertFalse(invitation.tls());
    }

    @Test
    public void damagedOnesAreRefusedWithoutRepeatingTheSecret() {
        String good = new Invitation("h.example", 7443, "demo", bytes(32, 0x5a), bytes(32, 7)).text();
        String secret = good.substring(good.indexOf(':', 7) + 1, good.indexOf('@'));
        for (String bad : new String[] {"", "http://x", "adit://", "adit://demo@h:1?tls=off", good.substring(0, good.length() - 1),
                good.replace("?cert=", "?cort="), good.replace("demo", "-demo"), good.replace(":7443", ""), good.replace(":7443", ":99999"),
                good.replace(secret, secret.substring(4)), good.replace("?cert=", "?cert=zz"), good.substring(0, good.indexOf('?')),
                good.substring(0, good.indexOf("cert=") + 5)}) {
            IllegalArgumentException e = assertThrows(bad, IllegalArgumentException.class, () -> Invitation.parse(bad));
            assertFalse(bad + ": " + e.getMessage(), e.getMessage().contains(secret.substring(8)));
            assertFalse(e.getMessage().contains("\n"));
        }
    }

    @Test
    public void aNameIsADnsLabel() {
        for (String good : new String[] {"a", "a1", "1", "a-b", "x".repeat(63)}) {
            assertTrue(good, Invitation.isName(good));
        }
        for (String bad : new String[] {"", "-a", "a-", "A", "a.b", "a_b", "x".repeat(64), "ä", "a b", "a\n"}) {
            assertFalse(bad, Invitation.isName(bad));
        }
    }

    @Test
    public void toStringHidesTheSecret() {
        Invitation invitation = new Invitation("h", 1, "a", bytes(32, 1), bytes(32, 2));
        assertEquals("adit://a@h:1", invitation.toString());
    }
}
