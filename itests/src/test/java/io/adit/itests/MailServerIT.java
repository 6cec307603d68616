package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import jakarta.mail.internet.MimeMessage;
import org.junit.Test;

/** Mail through Debian's own mail server, with STARTTLS, a certificate that is checked, and a login. */
public class MailServerIT {

    @Test
    public void aRealServerTakesTheMailAndRefusesWhatItDoesNotKnow() throws Exception {
        Program.assumeInstalled(MailServerIT.class, Exim.PROGRAM);
        Path folder = Adit.folder("MailServerIT");
        Path password = Files.writeString(folder.resolve("password"), Exim.PASSWORD + "\n");
        String proxyHome = folder.resolve("proxy").toString();
        try (Exim exim = Exim.start(Files.createDirectories(folder.resolve("exim")));
                Origin origin = Origin.start();
                Adit proxy = Adit.start("proxy", "--home", proxyHome, "--http-port", "0", "--tunnel-port", "0", "--admin-port", "0", "--smtp", "localhost:" + exim.port(),
                    "--mail-from", "adit@example.test", "--set", "io.adit.mail:tls=required", "--set", "io.adit.mail:trust.file=" + exim.trust(),
                    "--set", "io.adit.mail:user=" + Exim.USER, "--set", "io.adit.mail:password.file=" + password, "--set", "io.adit.mail:from.name=J\u00fcrgens Adit",
                    "--set", "io.adit.mail:announce.after.seconds=0", "--set", "io.adit.mail:unsubscribe.url=https://tunnel.example")) {
            proxy.awaitReady();
            String invitation = new Control(Path.of(proxyHome)).invite("demo");
            try (Adit peer = Adit.start("peer", "--home", folder.resolve("peer").toString(), "--invite", invitation, "--origin", origin.url(), "--notify",
                    "nobody@example.test", "--notify", "someone@example.test", "--title", "\u00c0 voir : \u65e5\u672c\u8a9e", "--language", "fr")) {
                String url = peer.awaitReady().get("url");
                Await.until("a mail is delivered: " + exim.log(), () -> !exim.delivered().isEmpty());
                MimeMessage message = MailText.read(exim.delivered().get(0));
                assertEquals("demo.localhost : \u00c0 voir : \u65e5\u672c\u8a9e", message.getSubject());
                assertEquals("<adit@example.test>", message.getHeader("Return-path", null));
                assertTrue(message.getHeader("Received", null), message.getHeader("Received", null).matches("(?s).*with esmtpsa.*for someone@example\\.test.*"));
                assertEquals("someone@example.test", message.getAllRecipients()[0].toString());
                assertEquals("List-Unsubscribe=One-Click", message.getHeader("List-Unsubscribe-Post", null));
                assertEquals(url, MailText.link(message).toString());
                assertTrue(MailText.text(message), MailText.text(message).contains("\u00ab \u00c0 voir : \u65e5\u672c\u8a9e \u00bb"));
                Path log = Path.of(proxyHome, "log/adit.log");
                Await.until("the other one is refused", () -> Files.readString(log).contains("mail refused name=demo to=example.test"));
                String refused = Files.readAllLines(log).stream().filter(each -> each.contains("mail refused")).findFirst().orElseThrow();
                assertTrue(refused, refused.contains("550 no such user"));
                assertEquals("one for each", 1, exim.delivered().size());
                peer.stop();
            }
            proxy.stop();
            assertEquals(List.of(), proxy.err());
        }
    }
}
