package io.adit.mail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;

/**
 * Makes the mail that tells somebody of one or more events of one name: text and HTML (RFC 2046 section 5.1.4), to this person only.
 *
 * <p>Thread-safety: one thread, whose context class loader is this bundle's: Jakarta Mail finds its parts by that.
 */
final class Composer {

    private final Options options;
    private final Function<Event, String> unsubscribe;
    private final SecureRandom random = new SecureRandom();
    private Session session;

    /** @param unsubscribe the URL at which the reader of this event says that he wants no more */
    Composer(Options options, Function<Event, String> unsubscribe) {
        this.options = options;
        this.unsubscribe = unsubscribe;
    }

    /** @param events of one name and for one person, at least one, in the order in which they happened */
    Letter compose(List<Event> events, Instant now) throws MessagingException {
        Event last = events.get(events.size() - 1);
        String id = id();
        ByteArrayOutputStream out = new ByteArrayOutputStream(8192);
        try {
            message(events, last, id, now).writeTo(out);
        } catch (IOException e) {
            throw new MessagingException("the message cannot be written", e);
        }
        return new Letter(id, last.name(), last.recipient(), out.toByteArray(), now, now, 0);
    }

    /** 128 random bits, in the domain of the sender (RFC 5322 section 3.6.4). */
    private String id() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return "adit." + HexFormat.of().formatHex(bytes) + options.from().substring(options.from().lastIndexOf('@'));
    }

    private MimeMessage message(List<Event> events, Event last, String id, Instant now) throws MessagingException, IOException {
        Texts texts = Texts.in(last.language());
        Map<String, String> words = words(last, texts);
        String stop = unsubscribe.apply(last);
        List<String> lines = events.stream().map(each -> line(each, texts)).toList();
        boolean owners = events.stream().anyMatch(each -> each.kind() != Event.Kind.SHOWN);
        String why = texts.get(owners ? "why.owner" : "why.shown", words);

        if (session == null) {
            session = Session.getInstance(new Properties());
        }
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<" + id + ">");
            }
        };
        message.setSentDate(Date.from(now));
        message.setFrom(new InternetAddress(options.from(), options.fromName().isEmpty() ? null : options.fromName(), "UTF-8"));
        message.setRecipient(MimeMessage.RecipientType.TO, new InternetAddress(last.recipient().address(), true));
        message.setSubject(subject(events, texts, words), "UTF-8");
        message.setContentLanguage(new String[] {texts.language()});
        message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: nobody answers automatically
        message.setHeader("List-Unsubscribe", "<" + stop + ">"); // RFC 2369
        if (stop.startsWith("https:")) {
            message.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"); // RFC 8058, which wants https
        }
        MimeMultipart parts = new MimeMultipart("alternative",
                part("plain", text(lines, last.url(), why, texts.get("stop", words), stop)),
                part("html", html(texts, message.getSubject(), lines, last.url(), texts.get("open", words), why, texts.get("stop", words), stop)));
        message.setContent(parts);
        message.saveChanges();
        return message;
    }

    private static MimeBodyPart part(String type, String text) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, "UTF-8", type);
        // long lines and bytes above 127 get through everywhere
        part.setHeader("Content-Transfer-Encoding", "quoted-printable");
        return part;
    }

    private static String subject(List<Event> events, Texts texts, Map<String, String> words) {
        String key = events.size() > 1 ? "digest" : switch (events.get(0).kind()) {
            case SHOWN -> events.get(0).title().isEmpty() ? "untitled" : "shown";
            case DOWN -> "down";
            case BACK -> "back";
        };
        return texts.get("subject." + key, words);
    }

    private static String line(Event event, Texts texts) {
        String key = switch (event.kind()) {
            case SHOWN -> event.title().isEmpty() ? "untitled" : "shown";
            case DOWN -> "down";
            case BACK -> "back";
        };
        return texts.get("line." + key, words(event, texts));
    }

    private static Map<String, String> words(Event event, Texts texts) {
        Map<String, String> words = new HashMap<>();
        words.put("name", event.name());
        words.put("title", event.title());
        words.put("site", site(event.url()));
        words.put("time", DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT).withLocale(texts.locale())
                .format(event.at().atOffset(ZoneOffset.UTC)).replaceAll("[\\u202f\\u00a0]", " ") + " UTC");
        return words;
    }

    private static String site(String url) {
        String host = URI.create(url).getHost();
        return host == null ? url : host;
    }

    private static String text(List<String> lines, String url, String why, String stop, String stopUrl) {
        return String.join("\n", lines) + "\n\n" + url + "\n\n-- \n" + why + "\n" + stop + ":\n" + stopUrl + "\n";
    }

    /** Colours of its own are on the button only: programs for mail have light and dark windows, and not all of them heed a style sheet. */
    private static String html(Texts texts, String subject, List<String> lines, String url, String open, String why, String stop, String stopUrl) {
        String paragraphs = lines.stream().map(line -> "<p style=\"font-size: 18px; margin: 0 0 12px\">" + escape(line) + "</p>\n").collect(Collectors.joining());
        return """
            <!DOCTYPE html>
            <html lang="%s">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
            <title>%s</title></head>
            <body style="margin: 0; padding: 32px 20px; font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; overflow-wrap: anywhere">
            <div style="max-width: 560px; margin: 0 auto">
            %s<p style="margin: 24px 0 12px"><a href="%s" style="display: inline-block; padding: 12px 24px; border-radius: 10px; background: #9a4a12; color: #fff; \
            font-weight: 600; text-decoration: none">%s</a></p>
            <p style="font-size: 14px; margin: 0"><a href="%s">%s</a></p>
            <p style="font-size: 13px; margin: 36px 0 0; padding-top: 16px; border-top: 1px solid #bbb5ab">%s<br><a href="%s">%s</a></p>
            </div>
            </body>
            </html>
            """.formatted(texts.language(), escape(subject), paragraphs, escape(url), escape(open), escape(url), escape(url), escape(why), escape(stopUrl),
                    escape(stop));
    }

    /** For text and for attributes in double quotes. */
    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }
}
