package io.adit.connector;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import io.adit.way.Login;
import io.adit.way.Via;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What configuration and environment make of the way to the proxy. */
public class RouteTest {

    private static final String PID = "io.adit.connector~demo";
    private static final String HOST = "tunnel.example";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void theFormsOfAForwardProxy() {
        Map<String, String> table = new LinkedHashMap<>();
        table.put("", "");
        table.put("env", "");
        table.put("http://proxy.corp:3128", "http://proxy.corp:3128");
        table.put(" HTTP://proxy_1:80/ ", "http://proxy_1:80");
        table.put("socks5://10.0.0.1:1080", "socks5://10.0.0.1:1080");
        table.put("socks5h://[2001:db8::1]:1080", "socks5://[2001:db8::1]:1080");
        table.forEach((text, expected) -> assertEquals(expected, route(Map.of("dial.via", text), Map.of()).toString()));
    }

    @Test
    public void theEnvironmentIsReadAsCurlDoes() {
        Map<Map<String, String>, String> table = new LinkedHashMap<>();
        table.put(Map.of("https_proxy", "http://a:1", "HTTPS_PROXY", "http://b:2", "all_proxy", "http://c:3"), "http://a:1 (of https_proxy)");
        table.put(Map.of("https_proxy", " ", "HTTPS_PROXY", "b:2", "all_proxy", "http://c:3"), "http://b:2 (of HTTPS_PROXY)");
        table.put(Map.of("http_proxy", "http://a:1", "all_proxy", "socks5h://c:3"), "socks5://c:3 (of all_proxy)");
        table.put(Map.of("ALL_PROXY", "http://user:pa%40ss@d:4/"), "http://d:4 (of ALL_PROXY)");
        table.put(Map.of("http_proxy", "http://a:1"), "");
        for (String list : new String[] {"*", "example", "a, .example", "tunnel.example", "TUNNEL.EXAMPLE.", "*.example", "b tunnel.example"}) {
            table.put(Map.of("https_proxy", "http://a:1", "no_proxy", list), "");
            table.put(Map.of("https_proxy", "http://a:1", "NO_PROXY", list), "");
        }
        for (String list : new String[] {"", ",", "nel.example", "xexample", "other.example", "a.tunnel.example", "10.0.0.0/8"}) {
            table.put(Map.of("https_proxy", "http://a:1", "no_proxy", list), "http://a:1 (of https_proxy)");
        }
        table.forEach((environment, expected) -> assertEquals(environment.toString(), expected,
                route(Map.of("dial.via", "env"), environment).toString()));
        assertEquals("", route(Map.of(), Map.of("https_proxy", "http://a:1")).toString());
    }

    @Test
    public void theEnvironmentIsNotForThisMachineNorForListedAddresses() {
        Map<String, String> environment = Map.of("https_proxy", "http://a:1", "no_proxy", "10.0.0.0/8,192.0.2.7,[2001:db8::]/32,172.16.0.0/12,1.2.3.4/x");
        for (String host : new String[] {"localhost", "demo.LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "10.1.2.3", "192.0.2.7", "2001:db8::5", "172.31.0.1"}) {
            assertEquals(host, "", new Route(PID, Config.of(Map.of("dial.via", "env")), environment, Path.of(""), host).toString());
        }
        for (String host : new String[] {"localhost.example", "11.1.2.3", "192.0.2.8", "2001:db9::5", "172.32.0.1", "1.2.3.4", "::2"}) {
            assertFalse(host, new Route(PID, Config.of(Map.of("dial.via", "env")), environment, Path.of(""), host).isDirect());
        }
    }

    @Test
    public void theLoginIsThatOfTheEnvironmentElseThatOfTheConfiguration() throws Exception {
        assertEquals("Basic dXNlcjpwYUBzcw==", authorization(route(Map.of("dial.via", "env", "dial.via.user", "other"),
                Map.of("https_proxy", "http://user:pa%40ss@a:1"))));
        assertEquals("Basic dTpw", authorization(route(Map.of("dial.via", "env", "dial.via.user", "u", "dial.via.password", "p"),
                Map.of("https_proxy", "http://a:1"))));
        assertEquals("Basic dTpw", authorization(route(Map.of("dial.via", "http://a:1", "dial.via.user", "u", "dial.via.password", "p"), Map.of())));
        assertEquals("none", authorization(route(Map.of("dial.via", "http://a:1"), Map.of())));
        assertTrue("a direct way needs no login", route(Map.of("dial.via.password", "p"), Map.of()).isDirect());
    }

    @Test
    public void thePasswordFileIsReadForEachAttempt() throws Exception {
        Path file = folder.getRoot().toPath().resolve("password");
        Route route = new Route(PID, Config.of(Map.of("dial.via", "http://a:1", "dial.via.user", "u", "dial.via.password.file", "password")), Map.of(),
                folder.getRoot().toPath(), HOST);
        assertTrue(assertThrows(DialException.class, () -> route.dialogue(1, "a")).getMessage().startsWith("dial.via.password.file " + file + " cannot be read"));
        for (String text : new String[] {"p", "p\n", "p\r\nsecond line\n"}) {
            Files.writeString(file, text);
            assertEquals("Basic dTpw", authorization(route));
        }
        Files.writeString(file, "q\n");
        assertEquals("Basic dTpx", authorization(route));
        for (String text : new String[] {"", "\n", "p\0", "x".repeat(5000)}) {
            Files.writeString(file, text);
            String message = assertThrows(DialException.class, () -> route.dialogue(1, "a")).getMessage();
            assertTrue(message, message.contains(file.toString()) && !message.contains("\n"));
        }
    }

    @Test
    public void whatIsWrongIsNamedAndNoPasswordIsTold() {
        Map<Map<String, Object>, String> table = new LinkedHashMap<>();
        table.put(Map.of("dial.via", "proxy:3128"), "dial.via must be empty, env, http://HOST:PORT or socks5://HOST:PORT, not 'proxy:3128'");
        table.put(Map.of("dial.via", "http://proxy"), "not 'http://proxy'");
        table.put(Map.of("dial.via", "http://proxy:0"), "a port in 1..65535");
        table.put(Map.of("dial.via", "http://proxy:65536"), "a port in 1..65535");
        table.put(Map.of("dial.via", "http://proxy:1/path"), "not 'http://proxy:1/path'");
        table.put(Map.of("dial.via", "https://proxy:1"), "TLS to the forward proxy itself is not supported");
        table.put(Map.of("dial.via", "socks4://proxy:1"), "not 'socks4://proxy:1'");
        table.put(Map.of("dial.via", "http://user:secret@proxy:1"), "dial.via.user");
        table.put(Map.of("dial.via", "http://user:secret@@proxy"), "not 'http://***@proxy'");
        table.put(Map.of("dial.via", "http://proxy:1", "dial.via.password", "secret"), "no dial.via.user");
        table.put(Map.of("dial.via", "http://proxy:1", "dial.via.password.file", "f"), "no dial.via.user");
        table.put(Map.of("dial.via", "http://proxy:1", "dial.via.user", "u", "dial.via.password", "secret", "dial.via.password.file", "f"), "both set");
        table.put(Map.of("dial.via", "http://proxy:1", "dial.via.user", "a:b"), "a colon");
        table.put(Map.of("dial.via", "http://proxy:1", "dial.via.user", "a\r\nX: y"), "a control character");
        table.put(Map.of("dial.via", "http://proxy:1", "dial.via.user", "u", "dial.via.password", "secret\n"), "a control character");
        table.put(Map.of("dial.via", "socks5://proxy:1", "dial.via.user", "u".repeat(256)), "255 bytes");
        table.put(Map.of("dial.via", "socks5://proxy:1", "dial.via.user", "u", "dial.via.password", "é".repeat(128)), "255 bytes");
        table.put(Map.of("dial.via.timeout.millis", 99), "dial.via.timeout.millis must be in 100..120000, not '99'");
        table.put(Map.of("dial.via.refused.millis", 999), "dial.via.refused.millis must be in 1000..86400000, not '999'");
        table.put(Map.of("dial.via.head.max.bytes", 1023), "dial.via.head.max.bytes must be in 1024..1048576, not '1023'");
        Map<String, Object> environment = new HashMap<>(Map.of("dial.via", "env"));
        table.forEach((configuration, part) -> {
            String message = assertThrows(part, IllegalArgumentException.class, () -> route(configuration, Map.of())).getMessage();
            assertTrue(message, message.startsWith(PID + ": ") && message.contains(part) && !message.contains("secret"));
        });
        for (String url : new String[] {"https://user:secret@proxy:1", "http://user:sec%ret@proxy:1", "http://user:secret@proxy"}) {
            String message = assertThrows(url, IllegalArgumentException.class, () -> route(environment, Map.of("https_proxy", url))).getMessage();
            assertTrue(message, message.startsWith(PID + ": dial.via is env, and the environment variable https_proxy must be http://HOST:PORT")
                    && !message.contains("sec"));
        }
        assertThrows(IllegalArgumentException.class, () -> new Route(PID, Config.of(Map.of("dial.via", "socks5://a:1")), Map.of(), Path.of(""), "a".repeat(256)));
    }

    @Test
    public void noTextFormTellsThePassword() {
        assertFalse(Via.parse("http://user:secret@a:1").toString().contains("secret"));
        assertFalse(new Login("user", "secret").toString().contains("secret"));
    }

    private static Route route(Map<String, ?> configuration, Map<String, String> environment) {
        return new Route(PID, Config.of(new HashMap<>(configuration)), environment, Path.of(""), HOST);
    }

    private static String authorization(Route route) throws DialException {
        String head = new String(route.dialogue(7443, "adit").begin(), StandardCharsets.US_ASCII);
        int at = head.indexOf("Proxy-Authorization: ");
        return at < 0 ? "none" : head.substring(at + "Proxy-Authorization: ".length(), head.indexOf("\r\n", at));
    }
}
