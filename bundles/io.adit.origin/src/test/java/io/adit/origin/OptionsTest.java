package io.adit.origin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Method;
import java.net.URI;
import java.util.Hashtable;
import java.util.List;
import java.util.Properties;

import org.eclipse.jetty.client.HttpClient;
import org.junit.Test;

public class OptionsTest {

    @Test
    public void defaultsAreAllowed() {
        OriginOptions options = OriginOptions.of(OriginRule.config());
        assertNull(options.url());
        assertEquals(60_000, options.responseTimeout());
    }

    @Test
    public void badValuesNamePidKeyAndRange() {
        Object[][] rows = {{"connect.timeout.millis", 9L, "10..600000"}, {"response.timeout.millis", 86_400_001L, "10..86400000"},
            {"idle.timeout.millis", 0L, "10.."}, {"upgrade.idle.timeout.millis", 0L, "10.."}, {"continue.timeout.millis", -1L, "10.."},
            {"keepalive.timeout.millis", 0L, "10.."},
            {"shutdown.timeout.millis", -1L, "0..600000"}, {"max.connections", 0, "1..60000"}, {"max.queued", 0, "1.."},
            {"max.head.bytes", 1, "4096..1048576"}, {"buffer.bytes", 1, "4096.."}, {"pool.bytes", 1L, "1048576.."}, {"threads.max", 3, "4..1024"},
            {"host.policy", "x", "keep or rewrite"}, {"tls.trust", "", "jvm or all"}, {"proxy.protocol", "v3", "off, v1 or v2"}, {"hidden.paths", "system", "begin with a slash"}, {"hidden.paths", "/a//b", "begin with a slash"},
            {"url", "ftp://h", "http://HOST:PORT"},
            {"url", "http://h/path", "http://HOST:PORT"}, {"url", "http://u@h", "http://HOST:PORT"}, {"url", "localhost:3000", "http://HOST:PORT"},
            {"url", "http://h:0", "http://HOST:PORT"}, {"url", "http://h:70000", "http://HOST:PORT"}, {"url", "http://h x", "http://HOST:PORT"}};
        for (Object[] row : rows) {
            IllegalArgumentException e = assertThrows(String.valueOf(row[1]), IllegalArgumentException.class,
                () -> new OriginComponent(OriginRule.config(row[0], row[1])));
            assertTrue(e.getMessage(), e.getMessage().startsWith("io.adit.origin: " + row[0] + " must be ") && e.getMessage().contains((String) row[2]));
        }
    }

    @Test
    public void urlsAreReducedToTheirOrigin() {
        assertEquals(URI.create("http://localhost:3000"), OriginOptions.of(OriginRule.config("url", " HTTP://localhost:3000/ ")).url());
        assertEquals(URI.create("https://[::1]"), OriginOptions.of(OriginRule.config("url", "https://[::1]")).url());
    }

    /** Names of containers have them. */
    @Test
    public void aHostMayHaveUnderscores() throws Exception {
        for (String[] row : new String[][] {{" HTTP://my_container:3000/ ", "http://my_container:3000"}, {"http://_a.b_", "http://_a.b_"},
                {"https://a_1", "https://a_1"}, {"http://localhost:3000", "http://localhost:3000"}, {"http://[::1]", "http://[::1]"}}) {
            URI url = OriginOptions.of(OriginRule.config("url", row[0])).url();
            HttpClient client = new HttpClient();
            client.getTransport().setHttpClient(client);
            assertEquals(row[1], client.getTransport().newOrigin(new OriginRequest(client, url, null, "GET")).asString());
        }
        for (String bad : List.of("http://a_b/c", "http://u_v@h", "http://a_b:0", "http://a_b:70000", "ht_p://a", "http://a_b/?c", "http://a_.1")) {
            assertThrows(bad, IllegalArgumentException.class, () -> OriginOptions.of(OriginRule.config("url", bad)));
        }
    }

    @Test
    public void everyAttributeHasItsTexts() throws Exception {
        Properties texts = new Properties();
        try (java.io.InputStream in = OriginConfig.class.getResourceAsStream("/OSGI-INF/l10n/io.adit.origin.properties")) {
            texts.load(in);
        }
        for (Method method : OriginConfig.class.getDeclaredMethods()) {
            String key = method.getName().replace('_', '.');
            assertTrue(key, texts.containsKey(key + ".name"));
            assertTrue(key, texts.containsKey(key + ".description"));
        }
    }

    private static Endpoint endpoint(String name, Object value) {
        Hashtable<String, Object> properties = new Hashtable<>();
        if (name != null) {
            properties.put("org.apache.felix.http.name", name);
        }
        if (value != null) {
            properties.put("osgi.http.endpoint", value);
        }
        return Endpoint.of(properties);
    }

    @Test
    public void endpointsOfARuntime() {
        Object[][] rows = {{new String[] {"/", "https://10.0.0.1:8443/", "http://10.0.0.1:8080/", "http://127.0.0.1:8080/"}, "http://127.0.0.1:8080"},
            {new String[] {"http://*:8080/"}, "http://127.0.0.1:8080"}, {new String[] {"http://0.0.0.0:8080/ctx/"}, "http://127.0.0.1:8080"},
            {List.of("http://[::]:8080"), "http://127.0.0.1:8080"}, {"http://[::1]:80/", "http://[::1]:80"}, {new String[] {"/ctx/"}, null},
            {new String[] {"http://a_b:80/", "ftp://x/"}, null}, {new String[0], null}, {null, null}};
        for (Object[] row : rows) {
            assertEquals(row[1] == null ? null : URI.create((String) row[1]), endpoint(null, row[0]).uri());
        }
    }

    @Test
    public void theContentServerIsPreferred() {
        Endpoint admin = endpoint("admin", "http://127.0.0.1:1/");
        Endpoint content = endpoint("content", "http://127.0.0.1:2/");
        Endpoint silent = endpoint("content", "/");
        assertEquals(content, Endpoint.choose(List.of(admin, content)));
        assertEquals(admin, Endpoint.choose(List.of(silent, admin)));
        assertNull(Endpoint.choose(List.of(silent)));
        assertNull(Endpoint.choose(List.of()));
    }
}
