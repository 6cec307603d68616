package io.adit.mail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Properties;

import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mail server, by SMTP (RFC 5321), STARTTLS (RFC 3207) or TLS from the first byte (RFC 8314); the one class that knows Angus's transport.
 *
 * <p>Thread-safety: one thread, whose context class loader is this bundle's.
 */
final class SmtpSender implements Sender {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpSender.class);
    private static final int MOST_REASON = 500;
    /** Of the time-out of one read or write: an attempt has about a dozen. */
    private static final int LONGEST = 15;

    private final Options.Smtp smtp;
    private final String from;
    private final Watch watch;
    private Session session;
    private SMTPTransport transport;

    /** @param from the envelope's sender, to whom bounces go */
    SmtpSender(Options.Smtp smtp, String from) {
        this(smtp, from, new Watch(smtp.timeout().multipliedBy(LONGEST)));
    }

    /** @param watch ends what takes too long as a whole */
    SmtpSender(Options.Smtp smtp, String from, Watch watch) {
        this.smtp = smtp;
        this.from = from;
        this.watch = watch;
    }

    @Override
    public Outcome send(Letter letter) {
        try (Watch.Attempt attempt = watch.begin()) {
            return attempt(letter);
        }
    }

    private Outcome attempt(Letter letter) {
        if (transport == null || !transport.isConnected()) {
            try {
                connect();
            } catch (AuthenticationFailedException e) {
                leave();
                return new Outcome(Result.NO_SERVER, "login refused: " + reason(e));
            } catch (MessagingException | IOException e) {
                leave();
                return new Outcome(Result.NO_SERVER, reason(e));
            }
        }
        try {
            MimeMessage message = new MimeMessage(session, new ByteArrayInputStream(letter.content()));
            transport.sendMessage(message, new Address[] {new InternetAddress(letter.recipient().address(), true)});
            return new Outcome(Result.SENT, "");
        } catch (MessagingException e) {
            Outcome outcome = outcome(e);
            if (outcome.result() != Result.NEVER) {
                leave(); // nobody knows what state it is in
            }
            return outcome;
        }
    }

    private void connect() throws MessagingException, IOException {
        leave();
        session = Session.getInstance(properties());
        transport = new SMTPTransport(session, new URLName("smtp", smtp.host(), smtp.port(), null, null, null));
        boolean login = !smtp.user().isEmpty();
        transport.connect(smtp.host(), smtp.port(), login ? smtp.user() : null, login ? smtp.password() : null);
    }

    private Properties properties() throws IOException {
        Properties properties = new Properties();
        String millis = Long.toString(smtp.timeout().toMillis());
        for (String each : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.setProperty("mail.smtp." + each, millis);
        }
        properties.setProperty("mail.smtp.from", from);
        properties.setProperty("mail.smtp.auth", Boolean.toString(!smtp.user().isEmpty()));
        if (!smtp.helo().isEmpty()) {
            properties.setProperty("mail.smtp.localhost", smtp.helo());
        }
        properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(smtp.tls() == Options.Tls.IMPLICIT));
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(smtp.tls() == Options.Tls.OPTIONAL || smtp.tls() == Options.Tls.REQUIRED));
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(smtp.tls() == Options.Tls.REQUIRED));
        properties.setProperty("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
        properties.setProperty("mail.smtp.ssl.checkserveridentity", Boolean.toString(smtp.tls().isVerified()));
        if (!smtp.tls().isVerified()) {
            properties.setProperty("mail.smtp.ssl.trust", "*");
        } else if (smtp.trust() != null) {
            properties.put("mail.smtp.ssl.socketFactory", watch.sockets(Trust.of(smtp.trust())));
        }
        properties.put("mail.smtp.socketFactory", watch.sockets());
        properties.setProperty("mail.smtp.socketFactory.fallback", "false");
        return properties;
    }

    /** By the reply code (RFC 5321 section 4.2.1) of the command that failed. */
    static Outcome outcome(MessagingException failure) {
        Exception each = failure;
        Outcome outcome = new Outcome(Result.LATER, reason(failure)); // the connection broke
        while (each != null) {
            if (each instanceof SMTPAddressFailedException address) {
                return new Outcome(address.getReturnCode() >= 500 ? Result.NEVER : Result.LATER, line(address.getMessage()));
            } else if (each instanceof SMTPSendFailedException send && send.getReturnCode() >= 400) {
                // who refuses the sender, or wants a login first, does so for every letter
                boolean ours = send.getReturnCode() == 421 || String.valueOf(send.getCommand()).startsWith("MAIL") && send.getReturnCode() >= 500;
                Result result = send.getReturnCode() >= 500 ? Result.NEVER : Result.LATER;
                outcome = new Outcome(ours ? Result.NO_SERVER : result, line(send.getMessage()));
            }
            each = each instanceof MessagingException messaging ? messaging.getNextException() : null;
        }
        return outcome;
    }

    @Override
    public void rest() {
        if (transport != null) {
            try (Watch.Attempt attempt = watch.begin()) {
                leave();
            }
        }
    }

    /** Says good-bye, and hears what the server says to that. */
    private void leave() {
        SMTPTransport old = transport;
        transport = null;
        if (old != null) {
            try {
                old.close();
            } catch (MessagingException e) {
                LOG.debug("the connection was broken already", e);
            }
        }
    }

    /** The messages of a failure and its causes, each once, in one line: the server has a say in them. */
    static String reason(Throwable failure) {
        StringBuilder all = new StringBuilder();
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 5; depth++) {
            String message = each.getMessage() == null ? each.getClass().getSimpleName() : each.getMessage();
            if (all.indexOf(message) < 0) {
                all.append(all.isEmpty() ? "" : ": ").append(message);
            }
            each = each.getCause();
        }
        return line(all.toString());
    }

    private static String line(String text) {
        String line = String.valueOf(text).replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029\\s]+", " ").strip();
        return line.length() > MOST_REASON ? line.substring(0, MOST_REASON) + "..." : line;
    }
}
