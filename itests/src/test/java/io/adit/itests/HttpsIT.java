package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** The public port over TLS: HTTP/1.1 and HTTP/2, certificates by name, and the PROXY protocol in front of it. */
public class HttpsIT {

    private static final List<String> VERSIONS = List.of("--http1.1", "--http2");
    private static final Map<String, String> STATUS = Map.of("--http1.1", "HTTP/1.1", "--http2", "HTTP/2");

    private static Site site;
    private static Path certificates;
    private static URI secure;

    @BeforeClass
    public static void start() throws Exception {
        Program.assumeInstalled(HttpsIT.class, "curl");
        certificates = Adit.folder(HttpsIT.class.getSimpleName() + "Tls");
        TlsFiles.write(certificates, "demo", "demo.localhost");
        TlsFiles.write(certificates, "other", "other.localhost");
        site = Site.shared(HttpsIT.class, "io.adit.port:certificate.directory=" + certificates);
        assertNotNull("READY tells the address", site.proxyAddress("https"));
        secure = URI.create(site.proxyAddress("https"));
        site.origin().on("/fields", exchange -> {
            StringBuilder fields = new StringBuilder();
            for (Map.Entry<String, List<String>> field : exchange.getRequestHeaders().entrySet()) {
                fields.append(field.getKey().toLowerCase(java.util.Locale.ROOT)).append('=').append(field.getValue()).append('\n');
            }
            Origin.answer(exchange, 200, fields.toString().getBytes(StandardCharsets.ISO_8859_1));
        });
    }

    @AfterClass
    public static void stop() throws Exception {
        if (site != null) {
            site.stop();
        }
    }

    @Test
    public void bothVersionsPassWhatThePlainPortPasses() throws Exception {
        Path upload = site.folder().resolve("upload");
        byte[] body = new byte[3_000_000];
        new Random(1).nextBytes(body);
        Files.write(upload, body);
        for (String version : VERSIONS) {
            String page = curl(version, "demo", "/hello", "-i");
            assertTrue(page, page.endsWith(Origin.HELLO));
            assertEquals(page, 1, page.lines().filter(each -> each.toLowerCase(Locale.ROOT).startsWith("date:")).count());
            assertEquals(STATUS.get(version) + " 200", status(page));
            Path echo = site.folder().resolve("echo" + version);
            curl(version, "demo", "/echo", "--data-binary", "@" + upload, "-o", echo.toString());
            assertArrayEquals(version, body, Files.readAllBytes(echo));
            String missing = curl(version, "nobody", "/", "-i");
            assertEquals("an error of ours: " + missing, STATUS.get(version) + " 404", status(missing));
            assertTrue(missing, missing.toLowerCase(Locale.ROOT).contains("adit-error: unknown-name"));
            String head = curl(version, "demo", "/hello", "-I");
            assertEquals(head, STATUS.get(version) + " 200", status(head));
        }
    }

    /** The origin speaks HTTP/1.1 only, so that is the direct way; the names of fields are in lower case in HTTP/2. */
    @Test
    public void curlSeesOverHttp2WhatItSeesAtTheOrigin() throws Exception {
        Path upload = site.folder().resolve("side-by-side");
        byte[] body = new byte[1_000_003];
        new Random(2).nextBytes(body);
        Files.write(upload, body);
        for (List<String> arguments : List.of(List.of("/hello"), List.of("/hello", "-I"), List.of("/echo", "--data-binary", "@" + upload),
                List.of("/no/such/page"))) {
            List<String> more = arguments.subList(1, arguments.size());
            List<String> direct = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*", site.origin().url() + arguments.get(0)));
            direct.addAll(more);
            String name = "curl --http2 " + String.join(" ", arguments);
            SideBySide.same(name.replace(upload.toString(), "FILE"), seen(direct), seen(command("--http2", "demo", arguments.get(0), more.toArray(String[]::new))));
        }
    }

    /** What curl saw: status, fields and body. */
    private static String seen(List<String> command) throws Exception {
        Path heads = site.folder().resolve("heads");
        Path content = site.folder().resolve("content");
        Files.deleteIfExists(content);
        List<String> full = new ArrayList<>(command);
        full.addAll(List.of("-D", heads.toString(), "-o", content.toString(), "-w", "status %{http_code}, downloaded %{size_download} bytes"));
        String told = Program.succeed(site.folder(), Map.of(), full).out();
        List<String> fields = Files.readAllLines(heads, StandardCharsets.ISO_8859_1).stream().filter(each -> each.contains(":"))
            .map(each -> each.substring(0, each.indexOf(':')).toLowerCase(Locale.ROOT) + each.substring(each.indexOf(':')).stripTrailing())
            .filter(each -> !each.matches("(date|connection|keep-alive|transfer-encoding):.*")).sorted().toList();
        // with -I curl takes the head for the content
        return told + "\n" + fields + "\n" + (command.contains("-I") || !Files.exists(content) ? "no body" : Pattern.sha256(new ByteArrayInputStream(Files.readAllBytes(content))));
    }

    /** HTTP/2 is for TLS: at the plain port there is none, by upgrade or without asking. */
    @Test
    public void thePlainPortSpeaksNoHttp2() throws Exception {
        URI plain = URI.create(site.proxyAddress("http"));
        String host = "demo.localhost:" + plain.getPort();
        List<String> command = List.of("curl", "-sS", "-i", "--resolve", host + ":" + plain.getHost(), "http://" + host + "/hello");
        List<String> upgrade = new ArrayList<>(command);
        upgrade.add("--http2");
        String answer = Program.succeed(site.folder(), Map.of(), upgrade).out();
        assertTrue(answer, answer.startsWith("HTTP/1.1 200 ") && answer.endsWith(Origin.HELLO));
        List<String> knowing = new ArrayList<>(command);
        knowing.add("--http2-prior-knowledge");
        Program refused = Program.run(site.folder(), Map.of(), knowing);
        assertTrue(refused.toString(), refused.exit() != 0);
    }

    @Test
    public void theOriginIsToldHowTheVisitorCame() throws Exception {
        for (String version : VERSIONS) {
            String fields = curl(version, "demo", "/fields", "-b", "a=1; b=2");
            assertTrue(fields, fields.contains("via=[" + (version.equals("--http2") ? "2.0" : "1.1") + " adit]\n"));
            assertTrue(fields, fields.contains("x-forwarded-proto=[https]\n"));
            assertTrue(fields, fields.contains("cookie=[a=1; b=2]\n"));
            assertTrue(fields, fields.contains("host=[demo.localhost:" + secure.getPort() + "]\n"));
        }
    }

    @Test
    public void aVisitorOverHttp2WhoGoesEndsTheRequestAtTheOrigin() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        site.origin().on("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            began.countDown();
            try {
                while (true) {
                    exchange.getResponseBody().write(new byte[8192]);
                    exchange.getResponseBody().flush();
                }
            } catch (IOException gone) {
                ended.countDown();
                throw gone;
            }
        });
        try (Program visitor = Program.start(site.folder(), Map.of(), command("--http2", "demo", "/endless", "-o", "/dev/null"))) {
            assertTrue(visitor.toString(), began.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        }
        assertTrue(ended.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    public void certificatesGoByNameAndAreRenewedWhileServing() throws Exception {
        assertEquals("CN=demo.localhost", certificate("demo.localhost").getSubjectX500Principal().getName());
        assertEquals("CN=other.localhost", certificate("other.localhost").getSubjectX500Principal().getName());
        assertEquals("the first by name", "CN=demo.localhost", certificate("unknown.localhost").getSubjectX500Principal().getName());
        X509Certificate renewed = TlsFiles.write(certificates, "other", "other.localhost");
        Await.until("the new certificate", () -> certificate("other.localhost").equals(renewed));
        assertTrue(curl("--http2", "demo", "/hello").endsWith(Origin.HELLO));
    }

    @Test
    public void behindALoadBalancerTheVisitorIsTheOneThatItNames() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        site.origin().on("/visitor", exchange -> {
            seen.set(exchange.getRequestHeaders().getFirst("X-Forwarded-For"));
            Origin.answer(exchange, 200, new byte[0]);
        });
        try (LiveSettings balanced = site.change("io.adit.port:proxy.protocol=true");
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.web().port())) {
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            socket.getOutputStream().write(("PROXY TCP4 192.0.2.7 192.0.2.1 4711 80\r\nGET /visitor HTTP/1.1\r\nHost: demo.localhost\r\n"
                + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(answer, answer.startsWith("HTTP/1.1 200 "));
            assertEquals("192.0.2.7", seen.get());
        }
    }

    /** The version and the status of the last head of an answer with its heads. */
    private static String status(String answer) {
        return answer.lines().filter(each -> each.startsWith("HTTP/")).reduce((first, last) -> last).orElse(answer).strip().replaceFirst("^(\\S+ \\d+).*", "$1");
    }

    private static String curl(String version, String name, String path, String... more) throws Exception {
        return Program.succeed(site.folder(), Map.of(), command(version, name, path, more)).out();
    }

    private static List<String> command(String version, String name, String path, String... more) {
        String host = name + ".localhost:" + secure.getPort();
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-k", version, "--resolve", host + ":" + secure.getHost(), "https://" + host + path));
        command.addAll(List.of(more));
        return command;
    }

    private static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustEverything()}, new SecureRandom());
        return context;
    }

    /** With a context of its own: in another one it would take up a session again, with the certificate of that. */
    private static X509Certificate certificate(String host) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = (SSLSocket) trusting().getSocketFactory().createSocket(secure.getHost(), secure.getPort())) {
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}
