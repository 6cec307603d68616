package io.adit.itests;

import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;

/** A mail as its reader sees it: the first link is what it is about, and one is to unsubscribe. Stateless. */
final class MailText {

    private static final Pattern LINK = Pattern.compile("https?://\\S+");

    private MailText() {
    }

    static MimeMessage read(Path file) throws Exception {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    static String text(MimeMessage message) throws Exception {
        return (String) ((MimeMultipart) message.getContent()).getBodyPart(0).getContent();
    }

    static String html(MimeMessage message) throws Exception {
        return (String) ((MimeMultipart) message.getContent()).getBodyPart(1).getContent();
    }

    /** What there is to see. */
    static URI link(MimeMessage message) throws Exception {
        Matcher link = LINK.matcher(text(message));
        assertTrue(text(message), link.find());
        return URI.create(link.group());
    }

    /** Where the reader says that he wants no more of it. */
    static URI unsubscribe(MimeMessage message) throws Exception {
        String header = message.getHeader("List-Unsubscribe", null);
        URI url = URI.create(header.substring(1, header.length() - 1));
        assertTrue("the same in the text", text(message).contains(url.toString()));
        return url;
    }
}
