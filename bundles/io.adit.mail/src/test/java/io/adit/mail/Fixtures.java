package io.adit.mail;

import java.io.ByteArrayInputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.adit.api.Presence;
import io.adit.api.packet.Fields;
import io.adit.store.EmbeddedDatabase;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;

/** What the tests have in common. */
final class Fixtures {

    static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    static final byte[] KEY = new byte[32];

    private Fixtures() {
    }

    /** The configuration with its defaults, but for what is given: keys as in the configuration. */
    static MailConfig config(Map<String, Object> given) {
        Map<String, Object> all = new HashMap<>(Map.of("smtp.host", "127.0.0.1", "from", "adit@example.org"));
        all.putAll(given);
        return (MailConfig) Proxy.newProxyInstance(MailConfig.class.getClassLoader(), new Class<?>[] {MailConfig.class}, (proxy, method, arguments) -> {
            String key = method.getName().replace('_', '.');
            return key.equals("annotationType") ? (Class<? extends Annotation>) MailConfig.class : all.getOrDefault(key, method.getDefaultValue());
        });
    }

    static Options options(Map<String, Object> given) {
        return Options.of(config(given), Path.of("/home/adit"));
    }

    static MailStore database(Path folder) throws SQLException {
        return new MailStore(new EmbeddedDatabase(folder.resolve("mail"), 1 << 20));
    }

    static Composer composer(Options options) {
        return new Composer(options, new Unsubscribe(new Tokens(KEY), options.unsubscribeUrl(), null, null, null)::url);
    }

    /** @param details name, value, ...; a title as people write it */
    static Presence presence(String name, String... details) {
        Fields.Builder fields = Fields.builder();
        for (int i = 0; i < details.length; i += 2) {
            fields.add(details[i], new String(details[i + 1].getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        }
        return new Presence(name, "http://" + name + ".tunnel.example:8080/", "proxy", List.of(), START, fields.build());
    }

    static Event event(Event.Kind kind, String title, String language) {
        return new Event(1, "alice", Recipient.of("bob@example.net"), kind, title, "http://alice.tunnel.example:8080/", language, START, START);
    }

    static MimeMessage parse(Letter letter) throws MessagingException {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(letter.content()));
    }

    static String raw(Letter letter) {
        return new String(letter.content(), StandardCharsets.ISO_8859_1);
    }

    /** A clock that goes when it is told to. */
    static final class HandClock extends Clock {
        private Instant now = START;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /** A mail server in memory. */
    static final class FakeSender implements Sender {
        final List<Letter> sent = new ArrayList<>();
        Outcome next = new Outcome(Result.SENT, "");
        int attempts;

        @Override
        public Outcome send(Letter letter) {
            attempts++;
            if (next.result() == Result.SENT) {
                sent.add(letter);
            }
            return next;
        }

        @Override
        public void rest() {
            // there is no connection
        }
    }
}
