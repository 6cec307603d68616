package io.adit.origin;

import static org.junit.Assert.assertEquals;

import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

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
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** An https origin with a certificate that nobody signed. */
public class TlsTest {

    @Rule
    public final OriginRule rule = new OriginRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Server server;
    private String url;

    @Before
    public void start() throws Exception {
        File store = new File(folder.getRoot(), "keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-keyalg", "EC",
            "-alias", "a", "-dname", "CN=localhost", "-storetype", "PKCS12", "-storepass", "secret", "-keystore", store.getPath())
            .redirectErrorStream(true).redirectOutput(new File(folder.getRoot(), "keytool.log")).start();
        assertEquals(true, keytool.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, keytool.exitValue());
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(store.getPath());
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
}
