package io.adit.mail;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.adit.mail.Sender.Outcome;
import io.adit.mail.Sender.Result;
import jakarta.mail.internet.MimeMessage;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Against real mail servers on loopback ports: what goes out, over what, and what their answers mean. */
public class SmtpSenderTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private SmtpSender sender;
    private Letter letter;

    private SmtpSender sender(int port, Object... settings) throws Exception {
        Map<String, Object> all = new HashMap<>(Map.of("smtp.port", port));
        for (int i = 0; i < settings.length; i += 2) {
            all.put((String) settings[i], settings[i + 1]);
        }
        Options options = Fixtures.options(all);
        letter = Fixtures.composer(options).compose(List.of(Fixtures.event(Event.Kind.SHOWN, "Gr\u00fc\u00dfe", "de")), Fixtures.START);
        sender = new SmtpSender(options.smtp(), options.from());
        return sender;
    }

    @After
    public void rest() {
        if (sender != null) {
            sender.rest();
        }
    }

    private static GreenMail greenMail(String protocol) {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", protocol);
        setup.setServerStartupTimeout(60_000);
        GreenMail server = new GreenMail(setup);
        server.start();
        return server;
    }

    @Test
    public void aServerGetsTheMessageAsItIsForOneRecipient() throws Exception {
        GreenMail server = greenMail(ServerSetup.PROTOCOL_SMTP);
        try {
            sender(server.getSmtp().getPort());
            assertEquals(new Outcome(Result.SENT, ""), sender.send(letter));
            assertEquals("on the same connection", Result.SENT, sender.send(letter).result());
            MimeMessage[] received = server.getReceivedMessagesForDomain("example.net");
            assertEquals(2, received.length);
            assertEquals("<" + letter.id() + ">", received[0].getMessageID());
            assertEquals("alice.tunnel.example: Gr\u00fc\u00dfe", received[0].getSubject());
            String raw = com.icegreen.greenmail.util.GreenMailUtil.getWholeMessage(received[1]).stripTrailing();
            assertTrue(raw, raw.endsWith(Fixtures.raw(letter).stripTrailing()));
        } finally {
            server.stop();
        }
    }

    @Test
    public void whoHasALoginLogsIn() throws Exception {
        GreenMail server = greenMail(ServerSetup.PROTOCOL_SMTP);
        try {
            server.getUserManager().setAuthRequired(true);
            server.setUser("adit@example.org", "adit", "geheim");
            assertEquals(Result.SENT, sender(server.getSmtp().getPort(), "user", "adit", "password", "geheim").send(letter).result());
            Outcome refused = sender(server.getSmtp().getPort(), "user", "adit", "password", "wrong-one").send(letter);
            assertEquals(Result.NO_SERVER, refused.result());
            assertTrue(refused.reason(), refused.reason().startsWith("login refused") && !refused.reason().contains("wrong-one"));
        } finally {
            server.stop();
        }
    }

    @Test
    public void aCertificateThatNobodyTrustsIsNotTrusted() throws Exception {
        GreenMail server = greenMail(ServerSetup.PROTOCOL_SMTPS);
        try {
            Outcome outcome = sender(server.getSmtps().getPort(), "tls", "implicit").send(letter);
            assertEquals(Result.NO_SERVER, outcome.result());
            assertTrue(outcome.reason(), outcome.reason().contains("PKIX") || outcome.reason().contains("certificate"));
        } finally {
            server.stop();
        }
    }

    @Test
    public void tlsFromTheFirstByteOrByStarttlsWithACertificateThatIsTrusted() throws Exception {
        for (ScriptedSmtp.Tls tls : List.of(ScriptedSmtp.Tls.IMPLICIT, ScriptedSmtp.Tls.STARTTLS)) {
            try (ScriptedSmtp server = new ScriptedSmtp(tls)) {
                String mode = tls == ScriptedSmtp.Tls.IMPLICIT ? "implicit" : "required";
                Outcome outcome = sender(server.port(), "tls", mode, "trust.file", server.trust(temporary.getRoot().toPath()).toString(), "user", "adit", "password",
                        "geheim").send(letter);
                assertEquals(outcome.reason(), Result.SENT, outcome.result());
                rest();
                assertTrue(server.seen.toString(), server.seen.contains("TLS AUTH PLAIN "
                        + Base64.getEncoder().encodeToString("adit\0adit\0geheim".getBytes(StandardCharsets.US_ASCII))));
                assertTrue(server.seen.toString(), server.seen.contains("TLS MAIL FROM:<adit@example.org>"));
                assertTrue(server.seen.toString(), server.seen.contains("TLS RCPT TO:<bob@example.net>"));
            }
        }
    }

    private static Options.Smtp smtp(int port, Options.Tls tls, Path trust, Duration timeout) {
        return new Options.Smtp("127.0.0.1", port, tls, trust, "", "", "", timeout);
    }

    /** Each read is within its time-out, and the attempt would never end; it is too long when the server has been heard to go on. */
    @Test(timeout = 60_000)
    public void aServerThatComesToNoEndIsLeft() throws Exception {
        for (ScriptedSmtp.Tls tls : ScriptedSmtp.Tls.values()) {
            for (String command : List.of("CONNECT", "EHLO", ".", "QUIT")) {
                try (ScriptedSmtp server = new ScriptedSmtp(tls)) {
                    server.replies.put(command, ScriptedSmtp.ENDLESS);
                    sender(server.port());
                    boolean implicit = tls == ScriptedSmtp.Tls.IMPLICIT;
                    sender = new SmtpSender(smtp(server.port(), implicit ? Options.Tls.IMPLICIT : Options.Tls.OPTIONAL, implicit ? server.trust(temporary.getRoot().toPath()) : null,
                        Duration.ofSeconds(30)), "adit@example.org", new Watch(Duration.ofSeconds(1), over -> !server.goesOn.await(30, TimeUnit.SECONDS)));
                    Outcome outcome = sender.send(letter);
                    Result expected = command.equals("QUIT") ? Result.SENT : command.equals(".") ? Result.LATER : Result.NO_SERVER;
                    assertEquals(tls + " " + command + " " + outcome.reason(), expected, outcome.result());
                    rest();
                }
            }
        }
    }

    @Test(timeout = 60_000)
    public void anAttemptMayTakeSoManyTimeOuts() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(ScriptedSmtp.Tls.NONE)) {
            server.replies.put("CONNECT", ScriptedSmtp.ENDLESS);
            sender(server.port());
            sender = new SmtpSender(smtp(server.port(), Options.Tls.OFF, null, Duration.ofMillis(30)), "adit@example.org");
            assertEquals(Result.NO_SERVER, sender.send(letter).result());
        }
    }

    /** It was looking for the address, say, when its time was over. */
    @Test(timeout = 60_000)
    public void anAttemptThatTookTooLongBeforeItHadAConnectionGetsNone() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(ScriptedSmtp.Tls.NONE)) {
            CountDownLatch late = new CountDownLatch(1);
            Watch watch = new Watch(Duration.ofSeconds(1), over -> {
                late.countDown();
                return false;
            });
            try (Watch.Attempt attempt = watch.begin()) {
                late.await();
                SocketException e = null;
                while (e == null) {
                    try (Socket made = watch.sockets().createSocket("127.0.0.1", server.port())) {
                        Thread.onSpinWait(); // the watch is about to say so
                    } catch (SocketException refused) {
                        e = refused;
                    }
                }
                assertEquals("the attempt took too long", e.getMessage());
            }
        }
    }

    /** Its watch wakes up too late, as on a machine that is busy. */
    @Test(timeout = 60_000)
    public void aConnectionThatWasInTimeIsKeptForTheNextLetter() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(ScriptedSmtp.Tls.NONE)) {
            sender(server.port());
            List<Thread> watches = new CopyOnWriteArrayList<>();
            CountDownLatch sent = new CountDownLatch(1);
            sender = new SmtpSender(smtp(server.port(), Options.Tls.OFF, null, Duration.ofSeconds(30)), "adit@example.org", new Watch(Duration.ofSeconds(1), over -> {
                watches.add(Thread.currentThread());
                sent.await();
                return watches.size() > 1; // in the second attempt
            }));
            assertEquals(Result.SENT, sender.send(letter).result());
            while (watches.isEmpty()) {
                Thread.onSpinWait();
            }
            sent.countDown();
            watches.get(0).join();
            assertEquals(Result.SENT, sender.send(letter).result());
            assertEquals("one connection", 1, server.seen.stream().filter(each -> each.startsWith("EHLO")).count());
        }
    }

    @Test
    public void theCertificateHasToNameTheHost() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(ScriptedSmtp.Tls.STARTTLS, new GeneralName(GeneralName.dNSName, "mail.example.org"))) {
            String trust = server.trust(temporary.getRoot().toPath()).toString();
            assertEquals(Result.NO_SERVER, sender(server.port(), "tls", "required", "trust.file", trust).send(letter).result());
            assertFalse(server.seen.toString(), server.seen.stream().anyMatch(each -> each.contains("MAIL")));
        }
    }

    @Test
    public void whereTlsIsOptionalItIsUsedAndWhereItIsRequiredNothingGoesWithoutIt() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(ScriptedSmtp.Tls.STARTTLS)) {
            assertEquals(Result.SENT, sender(server.port(), "tls", "optional").send(letter).result());
            rest();
            assertTrue(server.seen.toString(), server.seen.contains("TLS MAIL FROM:<adit@example.org>"));
            server.seen.clear();
            assertEquals(Result.SENT, sender(server.port(), "tls", "off").send(letter).result());
            rest();
            assertTrue(server.seen.toString(), server.seen.contains("MAIL FROM:<adit@example.org>"));
        }
        try (ScriptedSmtp server = new ScriptedSmtp(ScriptedSmtp.Tls.NONE)) {
            assertEquals(Result.SENT, sender(server.port(), "tls", "optional").send(letter).result());
            rest();
            server.seen.clear();
            Outcome outcome = sender(server.port(), "tls", "required", "user", "adit", "password", "geheim").send(letter);
            assertEquals(Result.NO_SERVER, outcome.result());
            assertTrue(outcome.reason(), outcome.reason().contains("STARTTLS"));
            assertFalse(server.seen.toString(), server.seen.stream().anyMatch(each -> each.contains("MAIL") || each.contains("AUTH")));
        }
    }

    @Test
    public void replyCodesAreToldApart() throws Exception {
        Object[][] table = {
            {"CONNECT", "554 no service for you", Result.NO_SERVER}, {"CONNECT", "421 too busy", Result.NO_SERVER},
            {"MAIL", "550 not from you", Result.NO_SERVER}, {"MAIL", "530 log in first", Result.NO_SERVER}, {"MAIL", "451 not now", Result.LATER},
            {"MAIL", "421 closing", Result.NO_SERVER},
            {"RCPT", "550 no such user", Result.NEVER}, {"RCPT", "554 never", Result.NEVER}, {"RCPT", "450 greylisted", Result.LATER},
            {"RCPT", "451 not now", Result.LATER}, {"RCPT", "452 full", Result.LATER},
            {"DATA", "554 no", Result.NEVER}, {"DATA", "451 not now", Result.LATER}, {".", "552 too large", Result.NEVER}, {".", "554 spam", Result.NEVER},
            {".", "452 full", Result.LATER}, {".", "421 closing", Result.NO_SERVER}, {".", "", Result.LATER}, {"RCPT", "", Result.LATER}};
        for (Object[] row : table) {
            try (ScriptedSmtp server = new ScriptedSmtp(ScriptedSmtp.Tls.NONE)) {
                server.replies.put((String) row[0], (String) row[1]);
                Outcome outcome = sender(server.port()).send(letter);
                assertEquals(row[0] + " " + row[1] + ": " + outcome.reason(), row[2], outcome.result());
                assertEquals("one line", 1, outcome.reason().lines().count());
                server.replies.clear();
                outcome = sender.send(letter);
                assertEquals("goes on after " + row[0] + " " + row[1] + ": " + outcome.reason(), Result.SENT, outcome.result());
                rest();
            }
        }
    }

    @Test
    public void aServerThatIsNotThereIsNoFaultOfTheLetter() throws Exception {
        int port;
        try (ScriptedSmtp server = new ScriptedSmtp(ScriptedSmtp.Tls.NONE)) {
            port = server.port();
        }
        assertEquals(Result.NO_SERVER, sender(port).send(letter).result());
    }

    @Test
    public void aDotAtTheBeginningOfALineIsNoEnd() throws Exception {
        try (ScriptedSmtp server = new ScriptedSmtp(ScriptedSmtp.Tls.NONE)) {
            sender(server.port());
            Letter dotted = new Letter("x@example.org", "alice", letter.recipient(), "Subject: x\r\n\r\n.\r\n.dot\r\n".getBytes(StandardCharsets.US_ASCII), Fixtures.START,
                    Fixtures.START, 0);
            assertEquals(Result.SENT, sender.send(dotted).result());
            assertTrue(server.seen.toString(), server.seen.contains("Subject: x\n\n..\n..dot\n"));
            assertNull(server.replies.get("."));
        }
    }
}
