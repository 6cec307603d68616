package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Message;
import org.junit.Test;

/** The mail bundle is replaced again and again while names register: the tunnel stays, and everybody gets one mail. */
public class MailSwapIT {

    private static final int NAMES = 6;

    @Test
    public void noMailIsLostOrDoubledByAnUpdate() throws Exception {
        Path folder = Adit.folder("MailSwapIT");
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(Await.DEADLINE.toMillis());
        GreenMail mail = new GreenMail(setup);
        mail.start();
        try (Origin origin = Origin.start();
                Adit proxy = Adit.start("proxy", "--home", folder.resolve("proxy").toString(), "--http-port", "0", "--tunnel-port", "0", "--admin-port", "0", "--smtp",
                    "127.0.0.1:" + mail.getSmtp().getPort(), "--mail-from", "adit@example.test", "--set", "io.adit.mail:announce.after.seconds=0")) {
            Web web = new Web(proxy.awaitReady().get("http"), "demo");
            List<String> invitations = new ArrayList<>();
            for (String name : names()) {
                invitations.add(new Control(folder.resolve("proxy")).invite(name));
            }
            try (Adit peer = Adit.start("peer", "--home", folder.resolve("peer").toString(), "--invite",
                    new Control(folder.resolve("proxy")).invite("demo"), "--origin", origin.url(), "--notify", "demo@example.test")) {
                peer.awaitReady();
                String since = demo(folder);
                Path jar = folder.resolve("proxy/load/io.adit.mail.jar");
                for (int i = 0; i < NAMES; i++) {
                    long before = lines(folder, "mail goes out server=");
                    // another tunnel of the same peer
                    Connectors.add(folder.resolve("peer"), names().get(i), invitations.get(i), "notify=[\"" + names().get(i) + "@example.test\"]");
                    Path aside = Files.copy(jar, jar.resolveSibling("io.adit.mail.jar.part"), StandardCopyOption.REPLACE_EXISTING);
                    Files.move(aside, jar, StandardCopyOption.ATOMIC_MOVE);
                    Await.until("update " + i, () -> lines(folder, "mail goes out server=") > before);
                    assertEquals(200, web.get("/hello").statusCode());
                }
                Await.until("everybody is told", () -> mail.getReceivedMessages().length > NAMES);
                TreeMap<String, Long> received = Arrays.stream(mail.getReceivedMessages()).collect(Collectors.groupingBy(each -> {
                    try {
                        return each.getRecipients(Message.RecipientType.TO)[0].toString();
                    } catch (jakarta.mail.MessagingException e) {
                        throw new AssertionError(e);
                    }
                }, TreeMap::new, Collectors.counting()));
                TreeMap<String, Long> expected = new TreeMap<>();
                expected.put("demo@example.test", 1L);
                names().forEach(each -> expected.put(each + "@example.test", 1L));
                assertEquals(expected, received);
                assertEquals("the same session", since, demo(folder));
                peer.stop();
            }
            proxy.stop();
            assertEquals("sent, by the log", NAMES + 1L, lines(folder, "mail sent name="));
            assertFalse("nothing was broken off", lines(folder, "still waits for the mail server") > 0);
        } finally {
            mail.stop();
        }
    }

    private static List<String> names() {
        return IntStream.range(0, NAMES).mapToObj(i -> "peer" + i).toList();
    }

    private static String demo(Path folder) throws Exception {
        return new Control(folder.resolve("proxy")).names().stream().filter(each -> each.startsWith("demo\t")).findFirst().orElseThrow();
    }

    private static long lines(Path folder, String with) throws IOException {
        try (var lines = Files.lines(folder.resolve("proxy/log/adit.log"))) {
            return lines.filter(each -> each.contains(with)).count();
        }
    }
}
