package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.imageio.ImageIO;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import org.junit.Test;

/**
 * The whole walk (claims 8 and 9): a peer shares a folder, somebody gets a mail, clicks on its link, and sees the folder; and clicks on the other link to
 * get no more. What was seen is kept as pictures in target/it/WalkIT.
 *
 * <p>Who asks whom: Chromium has no other name server than ours. Its own resolver makes the questions and reads the answers; since it can only be told of a
 * name server at another port than 53 when that speaks HTTPS, {@link DnsOverHttps} carries the bytes from there to the UDP port of {@code adit proxy}, and
 * back, and knows nothing of names itself. In this mode ("secure") Chromium asks nobody else, neither the system nor a hosts file, as the name that there is
 * not shows. The domain is one that no other name server has (RFC 6761).
 */
public class WalkIT {

    private static final String DOMAIN = "tunnel.example.test";
    private static final String TITLE = "Photos of the trip";

    @Test
    public void aPeerIsSharedAndSomebodyClicksAndArrives() throws Exception {
        Program.assumeInstalled(WalkIT.class, DevTools.PROGRAM);
        Path folder = Adit.folder("WalkIT");
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(Await.DEADLINE.toMillis());
        GreenMail mail = new GreenMail(setup);
        mail.start();
        String home = folder.resolve("proxy").toString();
        try (Adit proxy = Adit.start("proxy", "--home", home, "--domain", DOMAIN, "--http-port", "0", "--tunnel-port", "0", "--admin-port", "0", "--dns-port", "0",
                "--smtp", "127.0.0.1:" + mail.getSmtp().getPort(), "--mail-from", "adit@" + DOMAIN, "--set", "io.adit.mail:announce.after.seconds=0")) {
            Map<String, String> ready = proxy.awaitReady();
            try (DnsOverHttps names = DnsOverHttps.before(ready.get("dns")); DevTools browser = DevTools.asking(names.template(), folder)) {
                String invitation = Adit.run("invite", "--home", home, "alice").get(0);
                try (Adit peer = Adit.start("peer", "--home", folder.resolve("peer").toString(), "--invite", invitation, "--share", shared(folder).toString(),
                        "--notify", "someone@example.test", "--title", TITLE)) {
                    String url = peer.awaitReady().get("url");
                    assertEquals("http://alice." + DOMAIN + ":" + URI.create(ready.get("http")).getPort() + "/", url);
                    Await.until("a mail", () -> mail.getReceivedMessages().length > 0);
                    MimeMessage message = mail.getReceivedMessages()[0];
                    assertEquals("someone@example.test", message.getAllRecipients()[0].toString());
                    assertEquals(url, MailText.link(message).toString());

                    String nobody = browser.open("http://nobody." + DOMAIN + ":" + URI.create(url).getPort() + "/");
                    assertTrue(nobody, nobody.contains("net::ERR_NAME_NOT_RESOLVED"));
                    assertEquals("no such name, says our name server", Map.of("nobody." + DOMAIN, 3), only(names, "nobody"));
                    assertEquals("nobody knows it yet", Map.of(), only(names, "alice"));

                    read(browser, message, folder);
                    browser.text("document.querySelector('a').click()");
                    Await.until("the page that the link leads to", () -> browser.text("location.href").equals(url));
                    Await.until("its pictures", () -> browser.text(
                        "'' + (document.readyState == 'complete' && document.images.length > 0 && [...document.images].every(i => i.naturalWidth > 0))").equals("true"));
                    pictures(browser, folder, "page");
                    assertEquals(TITLE, browser.text("document.querySelector('h1').innerText"));
                    assertEquals("what the peer shares", "notes.txt garden.png harbour.png", browser.text("[...document.querySelectorAll('a')]"
                        + ".map(a => decodeURIComponent(a.getAttribute('href'))).filter(h => h.includes('.')).join(' ')"));
                    assertEquals("by the address of our name server", Map.of("alice." + DOMAIN, 0), only(names, "alice"));

                    browser.open(MailText.unsubscribe(message).toString());
                    Await.until("the question", () -> browser.text("document.body.innerText").contains("Do you want no more e-mail about alice?"));
                    pictures(browser, folder, "unsubscribe");
                    browser.text("document.querySelector('button').click()");
                    Await.until("the answer", () -> browser.text("document.body.innerText").contains("Done. You will get no more e-mail about alice."));
                    peer.stop();
                }
            }
            proxy.stop();
            assertEquals(List.of(), proxy.err());
        } finally {
            mail.stop();
        }
    }

    private static Map<String, Integer> only(DnsOverHttps names, String name) {
        String host = name + "." + DOMAIN;
        return Optional.ofNullable(names.addressAnswers().get(host)).map(code -> Map.of(host, code)).orElse(Map.of());
    }

    /** The mail's HTML, as a program for mail shows it. */
    private static void read(DevTools browser, MimeMessage message, Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("mail.html"), MailText.html(message));
        browser.open(file.toUri().toString());
        Await.until("the mail is shown", () -> browser.title().contains(TITLE));
        pictures(browser, folder, "mail");
    }

    /** What is seen, on a desk and in a hand. */
    private static void pictures(DevTools browser, Path folder, String name) throws Exception {
        browser.size(390, 700, true);
        browser.screenshot(folder.resolve(name + "-phone.png"));
        browser.size(1000, 700, false);
        browser.screenshot(folder.resolve(name + ".png"));
    }

    private static Path shared(Path folder) throws Exception {
        Path shared = Files.createDirectories(folder.resolve("shared"));
        Files.writeString(shared.resolve("notes.txt"), "Tuesday: rain, so the museum.\n");
        picture(shared.resolve("garden.png"), new Color(0x2f7d4f), new Color(0xf2d16b));
        picture(shared.resolve("harbour.png"), new Color(0x1d3f72), new Color(0xf0a58f));
        return shared;
    }

    private static void picture(Path file, Color top, Color bottom) throws Exception {
        BufferedImage image = new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, top, 0, 480, bottom));
        graphics.fillRect(0, 0, 640, 480);
        graphics.dispose();
        ImageIO.write(image, "png", file.toFile());
    }
}
