package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;

import io.adit.api.ErrorCode;
import io.adit.api.RegistrationException;
import org.junit.Test;

public class NamesTest {

    private final Names names = new Names(List.of("www", " Admin "), false);

    @Test
    public void aNameIsKeptInLowerCase() throws RegistrationException {
        assertEquals("my-peer1", names.check("My-Peer1"));
    }

    @Test
    public void whatIsNoNameIsRefusedInOneCleanLine() {
        for (String bad : new String[] {"", "a.b", "-a", "a-", " a", "a ", "_acme-challenge", "*", "x".repeat(64), "a\nb", "a\u0000", "\u00e4",
                "\u0430dmin", "a\u200bb", "a%41", "a/b", "x".repeat(10_000), "K\u212a"}) {
            RegistrationException e = assertThrows(bad, RegistrationException.class, () -> names.check(bad));
            assertEquals(ErrorCode.REFUSED, e.code());
            assertTrue(e.getMessage(), e.getMessage().matches("[\\x20-\\x7e]{1,250}"));
        }
    }

    @Test
    public void reservedNamesAreRefusedInAnyCase() {
        for (String bad : new String[] {"www", "WWW", "admin"}) {
            RegistrationException e = assertThrows(bad, RegistrationException.class, () -> names.check(bad));
            assertTrue(e.getMessage(), e.getMessage().contains("reserved"));
        }
    }

    @Test
    public void aNewNameLooksLikeNoOther() throws RegistrationException {
        Credentials credentials = Fixtures.admitting("modern", "room-1-11");
        for (String bad : new String[] {"vvww", "adm1n", "rnodern", "mod-ern"}) {
            RegistrationException e = assertThrows(bad, RegistrationException.class, () -> names.checkNew(bad, skeleton -> credentials.lookAlike(skeleton, null)));
            assertEquals(ErrorCode.REFUSED, e.code());
            assertTrue(e.getMessage(), e.getMessage().startsWith("'" + bad + "' looks like '"));
        }
        names.checkNew("room-11-1", skeleton -> credentials.lookAlike(skeleton, null));
        credentials.remove("modern");
        names.checkNew("rnodern", skeleton -> credentials.lookAlike(skeleton, null));
        new Names(List.of("www"), true).checkNew("vvww", skeleton -> "other");
    }

    @Test
    public void encodedNamesAreRefused() throws RegistrationException {
        for (String bad : new String[] {"xn--80ak6aa92e", "XN--a", "ab--c"}) {
            assertThrows(bad, RegistrationException.class, () -> names.check(bad));
        }
        assertEquals("a--b", names.check("a--b"));
        assertEquals("abc--d", names.check("abc--d"));
    }

    @Test
    public void theDefaultsReserveWhatClientsLookUpByThemselves() {
        Names defaults = new Names(Settings.of(Configurations.with(), path -> java.nio.file.Path.of(path)).reserved(), false);
        for (String bad : new String[] {"www", "admin", "console", "api", "mail", "ns1", "ns2", "localhost", "proxy", "registry", "wpad",
                "autodiscover", "isatap", "abuse", "mta-sts", "login"}) {
            assertThrows(bad, RegistrationException.class, () -> defaults.check(bad));
        }
        assertFalse(Names.printable("a\r\nb\u001b[31m").matches("(?s).*[\\x00-\\x1f].*"));
    }
}
