package io.adit.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

public class ArgumentsTest {

    @Test
    public void wrongArgumentsAreNamedInTheMessage() {
        assertRefused("--http-port", "proxy", "--home", "x", "--http-port", "99999");
        assertRefused("--http-port", "proxy", "--home", "x", "--http-port", "-1");
        assertRefused("--tunnel-tls", "proxy", "--home", "x", "--tunnel-tls", "maybe");
        assertRefused("--home", "proxy");
        assertRefused("--name", "peer", "--home", "x", "--register", "h:1");
        assertRefused("--register", "peer", "--home", "x", "--name", "a");
        assertRefused("is not a name", "peer", "--home", "x", "--register", "h:1", "--name", "a_b");
        assertRefused("64 hex digits", "peer", "--home", "x", "--register", "h:1", "--name", "a", "--cert", "0a");
        assertRefused("PID:key=value", "proxy", "--home", "x", "--set", "nonsense");
        assertRefused("--advertise", "proxy", "--home", "x", "--advertise", "host");
        assertRefused("--advertise", "proxy", "--home", "x", "--advertise", "host:0");
        assertRefused("--unknown", "proxy", "--home", "x", "--unknown");
        assertRefused("mutually exclusive", "peer", "--home", "x", "--origin", "http://localhost:3000", "--share", "folder");
        assertRefused("--origin", "peer", "--home", "x", "--origin", "localhost:3000");
        assertRefused("--origin", "peer", "--home", "x", "--origin", "http://localhost:3000/?a=b");
        for (String wrong : new String[] {"proxy:3128", "http://proxy", "https://proxy:1", "http://proxy:0", "http://proxy:65536",
            "http://a:1/b", "", "direct"}) {
            assertRefused("--via", "peer", "--home", "x", "--via", wrong);
        }
        assertRefused("--via-password-file", "peer", "--home", "x", "--via", "http://user:secret@proxy:1");
        assertRefused("%", "peer", "--home", "x", "--via", "http://us%er@proxy:1");
        for (String wrong : new String[] {"http://user:secret@proxy:1", "https://user:secret@proxy:1", "http://user:secret@proxy"}) {
            String message = assertThrows(ParameterException.class, () -> parse("peer", "--home", "x", "--via", wrong)).getMessage();
            assertFalse(message, message.contains("secret"));
        }
        assertRefused("NAME", "invite", "--home", "x");
        assertRefused("is no time", "invite", "--home", "x", "photos", "--expires", "soon");
        assertRefused("is no quota", "invite", "--home", "x", "photos", "--quota", "speed=5");
        assertRefused("is no quota", "change", "--home", "x", "photos", "--quota", "streams=10M");
        assertRefused("not an e-mail address", "invite", "--home", "x", "photos", "--notify", "me");
        assertRefused("a number of peers", "invite", "--home", "x", "photos", "--peers", "0");
        assertRefused("--smtp", "proxy", "--home", "x", "--smtp", "mail", "--mail-from", "a@example.org");
        assertRefused("--mail-from", "proxy", "--home", "x", "--smtp", "mail:25", "--mail-from", "A <a@example.org>");
        for (String address : new String[] {"a", "a@", "@b", "a b@c", "a@b,c@d", "a@b\r\nBcc: c@d", "a..b@c", "a@b..c", "\"a\"@b"}) {
            assertRefused("--notify", "peer", "--home", "x", "--notify", address);
            assertRefused("is not an e-mail address", "peer", "--home", "x", "--owner", address);
        }
    }

    @Test
    public void theExitCodeOfWrongArgumentsIsTwo() {
        assertEquals(2, Main.execute());
        assertEquals(2, Main.execute("nothing"));
        assertEquals(2, Main.execute("proxy"));
    }

    @Test
    public void everyFormOfTheContractIsAccepted() {
        parse("demo");
        parse("demo", "--name", "photos", "--share", ".", "--http-port", "8085");
        parse("demo", "--origin", "http://localhost:3000");
        parse("proxy", "--home", "x");
        parse("proxy", "--home", "x", "--bind", "::1", "--http-port", "0", "--tunnel-port", "1", "--tunnel-tls", "off",
            "--admin-port", "65535", "--dns-port", "53", "--domain", "example.org", "--advertise", "[2001:db8::1]:7443",
            "--set", "io.adit.proxy:a=b", "--set", "io.adit.connector~x:c.d=e=f");
        parse("invite", "--home", "x", "photos");
        parse("invite", "--home", "x", "photos", "--expires", "30d", "--notify", "a@example.org", "--notify", "b@example.org", "--quota",
            "streams=5,rate=none,bandwidth=10M", "--peers", "2", "--release");
        parse("change", "--home", "x", "photos", "--expires", "2026-12-31T23:59:59+01:00", "--notify", "none", "--quota", "rate=default");
        parse("change", "--home", "x", "photos", "--expires", "P30D");
        parse("revoke", "--home", "x", "photos");
        parse("names", "--home", "x");
        parse("peer", "--home", "x", "--invite", "@file", "--origin", "https://[::1]:8443", "--admin-port", "8182");
        parse("proxy", "--home", "x", "--smtp", "[::1]:25", "--mail-from", "adit@example.org");
        parse("peer", "--home", "x", "--invite", "-", "--share", ".");
        for (String via : new String[] {"http://proxy:3128", "http://user@proxy:3128/", "socks5://[::1]:1080",
            "SOCKS5H://CORP\\u%40x@p:1", "env", "none"}) {
            parse("peer", "--home", "x", "--via", via, "--via-password-file", "file");
        }
        parse("peer", "--home", "x", "--register", "[::1]:7443", "--name", "Photos", "--share", ".");
        parse("peer", "--home", "x", "--register", "h:1", "--name", "a", "--cert", "SHA256:" + "0A:".repeat(31) + "0a");
        parse("domain", "--home", "x", "add", "photos", "www.example.org");
        parse("domain", "list", "--home", "x");
        parse("domain", "--home", "x", "check", "www.example.org");
        parse("domain", "--home", "x", "remove", "www.example.org", "photos");
        parse("peer", "--home", "x", "--notify", "a@example.org", "--notify", "b.c+d@m\u00fcller.example", "--owner", "me@localhost", "--title", "Hello, world",
            "--language", "de");
    }

    private static CommandLine parse(String... arguments) {
        CommandLine line = Main.commandLine();
        line.parseArgs(arguments);
        return line.getParseResult().subcommand().commandSpec().commandLine();
    }

    private static void assertRefused(String mention, String... arguments) {
        ParameterException failure = assertThrows(ParameterException.class, () -> parse(arguments));
        assertTrue(failure.getMessage(), failure.getMessage().contains(mention));
    }
}
