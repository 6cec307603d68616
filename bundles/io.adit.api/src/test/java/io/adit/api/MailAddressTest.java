package io.adit.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

/** Plain addresses, and nothing that could be more than one address. */
public class MailAddressTest {

    @Test
    public void plainAddressesAreTaken() {
        for (String address : new String[] {"a@b", "someone@example.org", "first.last+tag@mail.example.org", "o'hara@example.org", "a".repeat(64) + "@example.org"}) {
            assertEquals(address, MailAddress.parse(address));
        }
        assertEquals("Some.One@example.org", MailAddress.parse("Some.One@Example.ORG"));
        assertEquals("jemand@xn--mller-kva.example", MailAddress.parse("jemand@m\u00fcller.example"));
    }

    @Test
    public void everythingElseIsRefusedInOneLine() {
        for (String text : new String[] {"", "@", "a@", "@b", "a", "a b@c", "a@b c", "a@b@c", ".a@b", "a.@b", "a..b@c", "\"a b\"@c", "a@[127.0.0.1]", "a@127.0.0.1", "a@-b",
                "a@b-", "a@b..c", "<a@b>", "A <a@b>", "a@b,c@d", "a@b;c@d", "a@b\r\nBcc: c@d", "a\n@b", "a@b\u2028", "a\u0000@b", "m\u00fcller@example.org", "a(b)@c", "a@b.",
                "a@b%0a", "a".repeat(65) + "@example.org", "a@" + "b".repeat(64), "a@" + "b.".repeat(130) + "c"}) {
            String message = assertThrows(text, IllegalArgumentException.class, () -> MailAddress.parse(text)).getMessage();
            assertTrue(message, message.endsWith("is not an e-mail address such as name@example.org"));
            assertTrue(message, message.chars().noneMatch(c -> c < ' ' || c == 0x2028));
        }
    }
}
