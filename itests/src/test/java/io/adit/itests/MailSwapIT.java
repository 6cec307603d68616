package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

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
    /** Each time that the bundle is there anew. */
    private static final String GOES_OUT = "mail goes out server=";

    @Test
    public void noMailIsLostOrDoubledByAnUpdate() throws Exception {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(Await.DEADLINE.toMillis());
        GreenMail mail = new GreenMail(setup);
        mail.start();
        try (Site site = Site.shared(MailSwapIT.class);
                ProxyFile sent = ProxyFile.add(site, "io.adit.mail", GOES_OUT, "smtp.host=\"127.0.0.1\"", "smtp.port=I\"" + mail.getSmtp().getPort() + "\"",
                    "from=\"adit@example.test\"", "announce.after.seconds=I\"0\"")) {
            List<String> invitations = new ArrayList<>();
            for (String name : names()) {
                invitations.add(site.invite(name));
            }
            String since = demo(site);
            for (int i = 0; i < NAMES; i++) {
                Connectors.add(site.peerHome(), names().get(i), invitations.get(i), "notify=[\"" + names().get(i) + "@example.test\"]");
                update(site, sent);
                assertEquals(200, site.web().status("/hello"));
            }
            Await.until("everybody is told", () -> mail.getReceivedMessages().length >= NAMES);
            Await.until("and that is in the log", () -> sent.lines("mail sent name=") >= NAMES);
            Connectors.remove(site, names());
            update(site, sent); // the one that ends finishes the mail that is under way: doubled mail is there then
            TreeMap<String, Long> received = Arrays.stream(mail.getReceivedMessages()).collect(Collectors.groupingBy(each -> {
                try {
                    return each.getRecipients(Message.RecipientType.TO)[0].toString();
                } catch (jakarta.mail.MessagingException e) {
                    throw new AssertionError(e);
                }
            }, TreeMap::new, Collectors.counting()));
            TreeMap<String, Long> expected = new TreeMap<>();
            names().forEach(each -> expected.put(each + "@example.test", 1L));
            assertEquals(expected, received);
            assertEquals("the same session", since, demo(site));
            assertEquals("sent, by the log", NAMES, sent.lines("mail sent name="));
            assertFalse("nothing was broken off", sent.lines("still waits for the mail server") > 0);
        } finally {
            mail.stop();
        }
    }

    /** Until the bundle has ended, and is there anew. */
    private static void update(Site site, ProxyFile sent) throws Exception {
        long before = sent.lines(GOES_OUT);
        Path jar = site.proxyHome().resolve("load/io.adit.mail.jar");
        Path aside = Files.copy(jar, jar.resolveSibling("io.adit.mail.jar.part"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(aside, jar, StandardCopyOption.ATOMIC_MOVE);
        Await.until("the mail bundle is updated", () -> sent.lines(GOES_OUT) > before);
    }

    private static List<String> names() {
        return IntStream.range(0, NAMES).mapToObj(i -> "peer" + i).toList();
    }

    private static String demo(Site site) throws Exception {
        return site.names().stream().filter(each -> each.startsWith("demo\t")).findFirst().orElseThrow();
    }
}
