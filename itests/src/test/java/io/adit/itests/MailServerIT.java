package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.util.List;

import jakarta.mail.internet.MimeMessage;
import org.junit.Test;

/** Mail through Debian's own mail server, with STARTTLS, a certificate that is checked, and a login. */
public class MailServerIT {

    private static final String NAME = "garden";

    @Test
    public void aRealServerTakesTheMailAndRefusesWhatItDoesNotKnow() throws Exception {
        Program.assumeInstalled(MailServerIT.class, Exim.PROGRAM);
        try (Site site = Site.shared(MailServerIT.class); Exim exim = Exim.start(Files.createDirectories(site.folder().resolve("exim")));
                ProxyFile sent = ProxyFile.add(site, "io.adit.mail", "mail goes out server=", "smtp.host=\"localhost\"", "smtp.port=I\"" + exim.port() + "\"",
                    "from=\"adit@example.test\"", "tls=\"required\"", "trust.file=\"" + exim.trust() + "\"", "user=\"" + Exim.USER + "\"",
                    "password.file=\"" + Files.writeString(site.folder().resolve("password"), Exim.PASSWORD + "\n") + "\"", "from.name=\"J\u00fcrgens Adit\"",
                    "announce.after.seconds=I\"0\"", "unsubscribe.url=\"https://tunnel.example\"")) {
            Connectors.add(site.peerHome(), NAME, site.invite(NAME), "notify=[\"nobody@example.test\",\"someone@example.test\"]",
                "title=\"\u00c0 voir : \u65e5\u672c\u8a9e\"", "language=\"fr\"");
            Await.until("a mail is delivered: " + exim.log(), () -> !exim.delivered().isEmpty());
            MimeMessage message = MailText.read(exim.delivered().get(0));
            assertEquals("garden.localhost : \u00c0 voir : \u65e5\u672c\u8a9e", message.getSubject());
            assertEquals("<adit@example.test>", message.getHeader("Return-path", null));
            assertTrue(message.getHeader("Received", null), message.getHeader("Received", null).matches("(?s).*with esmtpsa.*for someone@example\\.test.*"));
            assertEquals("someone@example.test", message.getAllRecipients()[0].toString());
            assertEquals("List-Unsubscribe=One-Click", message.getHeader("List-Unsubscribe-Post", null));
            assertEquals(site.peerAddress("url").replace("demo", NAME), MailText.link(message).toString());
            assertTrue(MailText.text(message), MailText.text(message).contains("\u00ab \u00c0 voir : \u65e5\u672c\u8a9e \u00bb"));
            Await.until("the other one is refused", () -> sent.lines("mail refused name=garden to=example.test") > 0);
            String refused = sent.log("mail refused").findFirst().orElseThrow();
            assertTrue(refused, refused.contains("550 no such user"));
            assertEquals("one for each", 1, exim.delivered().size());
            Connectors.remove(site, List.of(NAME));
            assertEquals(List.of(), site.proxy().err());
        }
    }
}
