package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** People are told by e-mail of what a peer shares, and what they find in the mail works. The mail server is GreenMail, in this process. */
public class MailIT {

    private static final String PAGE = "<h1>What the mail is about</h1>";
    private static final String NOT_OUT = " no mail goes out ";
    private static final String SECRET = "sixteen or more.";

    private final BlockingQueue<String[]> hooked = new LinkedBlockingQueue<>();
    private Path folder;
    private GreenMail mail;
    private HttpServer hook;
    private Adit proxy;
    private Adit peer;
    private int http;

    @Before
    public void start() throws Exception {
        folder = Adit.folder("MailIT");
        mail = mailServer(0);
        hook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hook.createContext("/", exchange -> {
            hooked.add(new String[] {exchange.getRequestHeaders().getFirst("Adit-Signature"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)});
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        hook.start();
        Files.writeString(Files.createDirectories(folder.resolve("shared")).resolve("index.html"), PAGE);
        proxy("--http-port", "0", "--tunnel-port", "0", "--admin-port", "0", "--smtp", "127.0.0.1:" + mail.getSmtp().getPort(), "--mail-from", "adit@tunnel.example",
            "--set", "io.adit.mail:announce.after.seconds=0", "--set", "io.adit.mail:digest.minutes=0", "--set", "io.adit.mail:retry.seconds=1",
            "--set", "io.adit.mail:retry.max.seconds=1", "--set", "io.adit.registry:grace.millis=100", "--set", "io.adit.mail:offline.after.seconds=0",
            "--set", "io.adit.webhook~test:url=http://127.0.0.1:" + hook.getAddress().getPort() + "/hook", "--set", "io.adit.webhook~test:secret=" + SECRET);
    }

    private static GreenMail mailServer(int port) {
        ServerSetup setup = new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(Await.DEADLINE.toMillis());
        GreenMail server = new GreenMail(setup);
        server.start();
        return server;
    }

    private void proxy(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("proxy", "--home", folder.resolve("proxy").toString()));
        arguments.addAll(List.of(more));
        // it is killed once
        proxy = Adit.start(Files.notExists(folder.resolve("proxy")) ? Adit.QUICK : Adit.HOSTED, arguments);
        http = URI.create(proxy.awaitReady().get("http")).getPort();
        assertEquals("one line: " + proxy, 1, proxy.out().size());
        assertEquals(List.of(), proxy.err());
    }

    private void peer(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("peer", "--home", folder.resolve("peer").toString(), "--share", folder.resolve("shared").toString()));
        if (Files.notExists(folder.resolve("peer/etc/io.adit.connector-main.config"))) {
            arguments.addAll(List.of("--invite", new Control(folder.resolve("proxy")).invite("demo")));
        }
        arguments.addAll(List.of(more));
        peer = Adit.start(Adit.HOSTED, arguments);
        peer.awaitReady();
    }

    /** While it runs: it is back with that. */
    private void title(String title) throws Exception {
        long sessions = lines("peer", " connected name=demo ");
        Connectors.change(folder.resolve("peer"), "main", "title=\"" + title + "\"");
        Await.until("it is back with the title " + title, () -> lines("peer", " connected name=demo ") > sessions);
    }

    /** Each, whatever becomes of the others. */
    @After
    public void stop() throws Exception {
        try (AutoCloseable smtp = () -> mail.stop(); AutoCloseable told = () -> hook.stop(0); AutoCloseable second = proxy; AutoCloseable first = peer) {
            return;
        }
    }

    @Test
    public void peopleAreToldOnceAndCanOpenItAndCanHaveNoMoreOfIt() throws Exception {
        peer("--notify", "someone@example.test", "--notify", "other@example.test", "--owner", "me@example.test", "--title", "Gr\u00fc\u00dfe aus dem Garten", "--language", "de-AT");
        MimeMessage message = awaitMail("someone@example.test", 1).get(0);
        assertEquals("demo.localhost: Gr\u00fc\u00dfe aus dem Garten", message.getSubject());
        assertEquals("adit@tunnel.example", message.getFrom()[0].toString());
        assertEquals("each gets one of his own", 1, message.getAllRecipients().length);
        awaitMail("other@example.test", 1);
        URI link = MailText.link(message);
        assertEquals("http://demo.localhost:" + http + "/", link.toString());
        assertTrue(MailText.html(message), MailText.html(message).contains("<a href=\"" + link + "\">"));
        HttpResponse<String> page = ask("GET", link);
        assertEquals(200, page.statusCode());
        assertEquals("through the tunnel", PAGE, page.body());

        String[] call = hooked.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        while (!call[1].contains("\"online\"")) { // it was away when the proxy started
            call = hooked.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        }
        assertTrue(call[1], call[1].contains("\"name\":\"demo\",\"url\":\"" + link + "\""));
        String time = call[0].substring("t=".length(), call[0].indexOf(','));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        assertEquals("t=" + time + ",v1=" + HexFormat.of().formatHex(mac.doFinal((time + "." + call[1]).getBytes(StandardCharsets.UTF_8))), call[0]);

        URI stop = MailText.unsubscribe(message);
        assertEquals("the proxy's own host, not the peer's", "localhost:" + http, stop.getAuthority());
        HttpResponse<String> question = ask("GET", stop);
        assertEquals(200, question.statusCode());
        assertTrue(question.body(), question.body().contains("<form method=\"post\"") && question.body().contains("Keine mehr zu demo"));
        HttpResponse<String> done = ask("POST", stop);
        assertEquals(200, done.statusCode());
        assertTrue(done.body(), done.body().contains("Sie erhalten keine E-Mail mehr zu demo."));
        assertEquals("a link that nobody made leads nowhere", 404, ask("POST", URI.create(stop + "x")).statusCode());

        peer.stop();
        MimeMessage away = awaitMail("me@example.test", 1).get(0);
        assertEquals("demo.localhost ist nicht erreichbar", away.getSubject());
        peer(); // the same title, whom to tell is remembered
        assertEquals("demo.localhost ist wieder da", awaitMail("me@example.test", 2).get(1).getSubject());
        title("Neues aus dem Garten");
        List<MimeMessage> others = awaitMail("other@example.test", 2);
        assertEquals("nothing of the old title in between", "demo.localhost: Neues aus dem Garten", others.get(1).getSubject());

        // the mail server goes, and then the proxy, in the middle of it
        int port = mail.getSmtp().getPort();
        int before = mail.getReceivedMessages().length;
        mail.stop();
        title("Zum Dritten");
        // a first one may be of what was to be told before; with the second the title is in the store
        long failures = lines("proxy", NOT_OUT);
        Await.until("no mail goes out", () -> lines("proxy", NOT_OUT) > failures + 1);
        proxy.kill();
        mail = mailServer(port);
        proxy();
        List<MimeMessage> after = awaitMail("other@example.test", 1);
        assertEquals("demo.localhost: Zum Dritten", after.get(0).getSubject());
        Await.until("the peer is back", () -> ask("GET", link).statusCode() == 200);
        title("Zum Letzten");
        assertEquals("once", List.of("demo.localhost: Zum Dritten", "demo.localhost: Zum Letzten"), awaitMail("other@example.test", 2).stream().map(MailIT::subject).toList());
        assertTrue(before >= 4);
        assertEquals("someone got what came before he wanted no more", List.of(), received("someone@example.test"));

        String log = log();
        for (String secret : List.of("someone@", "other@", "me@", SECRET, Files.readString(folder.resolve("proxy/data/mail/unsubscribe.key")).strip(),
            stop.getPath().substring(stop.getPath().lastIndexOf('/') + 1))) {
            assertFalse("in the log: " + secret, log.contains(secret));
        }
        assertFalse("warnings of the library", log.contains("jakarta.mail"));
        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(folder.resolve("proxy/data/mail/unsubscribe.key")));
        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(folder.resolve("proxy/data/mail/mail.mv.db")));
        peer.stop();
        assertTrue(Files.exists(folder.resolve("proxy/data/run.properties")));
        proxy.stop();
        assertFalse(Files.exists(folder.resolve("proxy/data/run.properties")));
        assertEquals(List.of(), proxy.err());
    }

    private long lines(String home, String with) throws Exception {
        try (Stream<String> lines = Files.lines(folder.resolve(home).resolve("log/adit.log"))) {
            return lines.filter(each -> each.contains(with)).count();
        }
    }

    private String log() throws Exception {
        return Files.readString(folder.resolve("proxy/log/adit.log"));
    }

    private List<MimeMessage> awaitMail(String address, int count) throws Exception {
        Await.until(count + " mails for " + address, () -> received(address).size() >= count);
        List<MimeMessage> received = received(address);
        assertEquals("mails for " + address, count, received.size());
        return received;
    }

    private List<MimeMessage> received(String address) {
        return Arrays.stream(mail.getReceivedMessages()).filter(each -> {
            try {
                return each.getRecipients(Message.RecipientType.TO)[0].toString().equals(address);
            } catch (MessagingException e) {
                throw new AssertionError(e);
            }
        }).toList();
    }

    private static String subject(MimeMessage message) {
        try {
            return message.getSubject();
        } catch (MessagingException e) {
            throw new AssertionError(e);
        }
    }

    /** As a browser would, but without a name server. */
    private HttpResponse<String> ask(String method, URI url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + url.getPort() + url.getRawPath())).header("Host", url.getRawAuthority())
            .timeout(Await.DEADLINE).header("Content-Type", "application/x-www-form-urlencoded")
            .method(method, method.equals("POST") ? HttpRequest.BodyPublishers.ofString("List-Unsubscribe=One-Click") : HttpRequest.BodyPublishers.noBody()).build();
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build()
            .send(request, HttpResponse.BodyHandlers.ofString());
    }
}
