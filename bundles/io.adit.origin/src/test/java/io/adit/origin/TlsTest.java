package io.adit.origin;

import static org.junit.Assert.assertEquals;

import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocket;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** An https origin with a certificate that nobody signed. */
public class TlsTest {

    @Rule
    public final OriginRule rule = new OriginRule();

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private Server server;
    private SslContextFactory.Server tls;
    private String url;

    private static File store() {
        return new File(FOLDER.getRoot(), "keys.jks");
    }

    @BeforeClass
    public static void makeKeys() throws Exception {
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-J-XX:TieredStopAtLevel=1", "-genkeypair",
            "-keyalg", "EC", "-alias", "a", "-dname", "CN=localhost", "-storetype", "JKS", "-storepass", "secret", "-keypass", "secret", "-keystore", store().getPath())
            .redirectErrorStream(true).redirectOutput(new File(FOLDER.getRoot(), "keytool.log")).start();
        assertEquals(true, keytool.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, keytool.exitValue());
    }

    @Before
    public void start() throws Exception {
        tls = new SslContextFactory.Server();
        tls.setKeyStorePath(store().getPath());
        tls.setKeyStoreType("JKS"); // each test reads it; PKCS12 would derive keys from the password each time, which takes longer than a test
        tls.setKeyStorePassword("secret");
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1, new SslConnectionFactory(tls, "http/1.1"),
            new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                org.eclipse.jetty.io.Content.Sink.write(response, true, request.getHttpURI().getPath(), callback);
                return true;
            }
        });
        server.start();
        url = "https://127.0.0.1:" + connector.getLocalPort();
    }

    @After
    public void stop() throws Exception {
        server.stop();
    }

    @Test
    public void anyCertificateIsTakenOnlyWhenToldSo() throws Exception {
        FakeStream trusting = rule.stream();
        rule.handler("url", url, "tls.trust", "all").handle(OriginRule.get("/over/tls", "Host", "demo.localhost"), true, trusting);
        assertEquals("/over/tls", trusting.all());
        FakeStream careful = rule.stream();
        rule.handler("url", url).handle(OriginRule.get("/"), true, careful);
        assertEquals("ORIGIN_UNREACHABLE", careful.resetCode());
    }

    /** Plays the origin for one connection: reads the request, writes, and ends with or without the word of TLS that it ends. */
    private FakeStream answer(String response, boolean closeNotify) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            FakeStream stream = rule.stream();
            rule.handler("url", "https://127.0.0.1:" + listening.getLocalPort(), "tls.trust", "all").handle(OriginRule.get("/"), true, stream);
            Socket tcp = listening.accept();
            tcp.setSoTimeout((int) FakeStream.WAIT_SECONDS * 1000);
            SSLSocket secure = (SSLSocket) tls.getSslContext().getSocketFactory().createSocket(tcp, null, false);
            secure.setUseClientMode(false);
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) secure.getInputStream().read());
            }
            secure.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
            if (closeNotify) {
                secure.close();
            }
            tcp.close();
            return stream;
        }
    }

    @Test
    public void anEndThatTlsDoesNotAnnounceIsNone() throws Exception {
        FakeStream cut = answer("HTTP/1.1 200 OK\r\n\r\nhalf", false);
        assertEquals("CUT", cut.resetCode());
        assertEquals("half", answer("HTTP/1.1 200 OK\r\n\r\nhalf", true).all());
    }

    @Test
    public void aResponseThatTellsItsEndNeedsNoWord() throws Exception {
        assertEquals("whole", answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole", false).all());
        assertEquals("whole", answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n0\r\n\r\n", false).all());
    }

    @Test
    public void noAnswerAtAllIsNoMatterOfCertificates() throws Exception {
        assertEquals("ORIGIN_BROKEN", answer("HTTP/1.1 2", false).resetCode());
    }

    @Test
    public void namesKeepTheirCase() throws Exception {
        FakeStream stream = answer("HTTP/1.1 200 OK\r\nSERVER: a\r\netag: b\r\nX-own: c\r\nDate: d\r\ncontent-length: 2\r\n\r\nok", true);
        FakeStream.Op op = stream.next();
        StringBuilder names = new StringBuilder();
        op.head().fields().forEach((name, value) -> names.append(name).append(' '));
        assertEquals("SERVER etag X-own Date content-length ", names.toString());
    }

    @Test
    public void whatExceedsAResponseIsNoOther() throws Exception {
        assertEquals("ok", answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\npoison", true).all());
    }
}
