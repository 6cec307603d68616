package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.ClassRule;
import org.junit.Test;

/** The request line to the byte (RFC 9112 section 3, RFC 9110 sections 7.6.2 and 9). */
public class RequestTargetWireIT {

    @ClassRule
    public static final WireSite SITE = new WireSite();

    private final WireSite.Table table = new WireSite.Table();

    private static String host() {
        return "Host: " + SITE.host() + "\r\n";
    }

    private static String line(String line) throws Exception {
        String head = SITE.pass(line + "\r\n" + host() + "\r\n").head();
        String rest = host() + SITE.ours() + "\r\n";
        return head.endsWith("\r\n" + rest) ? head.substring(0, head.length() - rest.length() - 2) : "ANOTHER HEAD " + head;
    }

    @Test
    public void targetsPassUnchanged() {
        String[] targets = {"/", "/?", "/??", "/a?", "/a?b=c&&d", "/a?b?c", "//", "//a", "//a//b/", "/a/./b/../c", "/.", "/./", "/a/..", "/a%2Fb",
            "/%41", "/%E9", "/%c3%A9", "/%25", "/%2525", "/a;b=c/..;/d", "/a|b[c]{d}", "/a?x=|[]{}", "/\"<>\\^`", "/?\"<>\\^`", "/a:b@c",
            "/http://x/y", "/?http://x/y", "/~!$&'()*+,;=-._", "/%20", "/a%0d%0aX:%20y", "/%7F", "/a%5Cb", "/?%zz", "/?%", "/a?%00", "/*",
            "/" + "x".repeat(8000), "/?" + "x".repeat(8000)};
        for (String target : targets) {
            table.row(target, "GET " + target + " HTTP/1.1", () -> line("GET " + target + " HTTP/1.1"));
        }
        table.check();
    }

    @Test
    public void dotSegmentsAboveTheRootPassUnchanged() {
        for (String target : new String[] {"/..", "/../..", "/a/../../b", "/%2e%2E/x"}) {
            table.row(target, "GET " + target + " HTTP/1.1", () -> line("GET " + target + " HTTP/1.1"));
        }
        table.check();
    }

    /** What Jetty or a codec on the way cannot carry may be refused, but not altered. */
    @Test
    public void otherTargetsAreRefusedOrPassUnchanged() {
        String[] targets = {"/%00", "/a%00b", "/%zz", "/%", "/%2", "/%u0041", "/a%%b", "/\u00e9", "/\u00c3\u00a9", "/?\u00e9", "/\u00ff", "/a\u0080b"};
        for (String target : targets) {
            table.row(target, true, () -> {
                try (Wire wire = SITE.open()) {
                    wire.send("GET " + target + " HTTP/1.1\r\n" + host() + "\r\n");
                    if (wire.read().status() == 400) {
                        return wire.ends() ? "true" : "400 but open";
                    }
                }
                String head = SITE.origin().next().head();
                return head.startsWith("GET " + target + " HTTP/1.1\r\n") ? "true" : head;
            });
        }
        table.check();
    }

    @Test
    public void badTargetsAreRefused() {
        String[] targets = {"/a#b", "/#", "/?a#b", "#", "/a\u0001b", "/a\u007fb", "/a\tb", "a", "?a", "*", "*a", "a/b", "://", ":1", "http:", "http:///x",
            "http://user@" + SITE.host() + "/", "http://" + SITE.host() + "/a#b"};
        for (String target : targets) {
            table.row(target, "400 closed", () -> SITE.refusal("GET " + target + " HTTP/1.1\r\n" + host() + "\r\n"));
        }
        table.check();
    }

    @Test
    public void tooLongTargetsAreRefused() throws Exception {
        assertEquals("414 closed", SITE.refusal("GET /" + "x".repeat(200_000) + " HTTP/1.1\r\n" + host() + "\r\n"));
    }

    @Test
    public void methodsPassUnchanged() {
        String[] methods = {"head", "PROPFIND", "QUERY", "M-SEARCH", "get", "Get", "PATCH", "LOCK", "PRI", "X".repeat(100), "!#$%&'*+-.^_`|~09azAZ",
            "post", "put", "DELETE", "OPTIONS", "trace", "GETX", "G"};
        for (String method : methods) {
            table.row(method, method + " /x HTTP/1.1", () -> line(method + " /x HTTP/1.1"));
        }
        table.check();
    }

    @Test
    public void badMethodsAreRefused() {
        for (String method : new String[] {"", "GE(T", "G@T", "G\u00c9T", "G:T", "G\"T", "G\tT", "GET/", "G,T", "G\u0000T", "\u000bGET", "G[T"}) {
            table.row(method, "400 closed", () -> SITE.refusal(method + " /x HTTP/1.1\r\n" + host() + "\r\n"));
        }
        table.check();
    }

    @Test
    public void postAndPutWithoutABodyGetNoLength() {
        for (String method : new String[] {"POST", "PUT", "PATCH"}) {
            table.row(method, method + " /x HTTP/1.1", () -> line(method + " /x HTTP/1.1"));
        }
        table.check();
    }

    /** RFC 9112 section 3.2.2: the target's authority counts, and the origin gets the origin form. */
    @Test
    public void absoluteFormBecomesOriginForm() {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("GET http://H/x?y", "GET /x?y");
        rows.put("GET http://H/", "GET /");
        rows.put("GET http://H", "GET /");
        rows.put("GET http://H?q", "GET /?q");
        rows.put("GET HTTP://H/%41//", "GET /%41//");
        rows.put("OPTIONS http://H/", "OPTIONS /");
        rows.forEach((sent, got) -> table.row(sent, got + " HTTP/1.1", () -> line(sent.replace("//H", "//" + SITE.host()) + " HTTP/1.1")));
        table.check();
    }

    /** RFC 9112 section 3.2.4. */
    @Test
    public void optionsOfAnAbsoluteTargetWithoutAPath() throws Exception {
        assertEquals("OPTIONS * HTTP/1.1", line("OPTIONS http://" + SITE.host() + " HTTP/1.1"));
    }

    @Test
    public void absoluteFormWithAnotherAuthorityThanHost() {
        table.row("to us, whatever Host says", "GET /x HTTP/1.1\r\n" + host() + SITE.ours() + "\r\n",
            () -> SITE.pass("GET http://" + SITE.host() + "/x HTTP/1.1\r\nHost: other.example\r\n\r\n").head());
        table.row("HTTP/1.0, without Host", "GET /x HTTP/1.1\r\n" + host() + SITE.ours("1.0", SITE.host()) + "\r\n",
            () -> SITE.pass("GET http://" + SITE.host() + "/x HTTP/1.0\r\n\r\n").head());
        table.row("to another, whatever Host says", "404 closed",
            () -> SITE.refusal("GET http://other.example/x HTTP/1.1\r\n" + host() + "Connection: close\r\n\r\n"));
        table.check();
    }

    @Test
    public void optionsOfTheWholeServer() throws Exception {
        assertEquals("OPTIONS * HTTP/1.1", line("OPTIONS * HTTP/1.1"));
    }

    @Test
    public void maxForwards() {
        String target = "OPTIONS /x HTTP/1.1\r\n" + host() + "Max-Forwards:  ";
        table.row("counts down", "OPTIONS /x HTTP/1.1\r\n" + host() + "Max-Forwards: 6\r\n" + SITE.ours() + "\r\n",
            () -> SITE.pass(target + "7\r\n\r\n").head());
        table.row("huge", "OPTIONS /x HTTP/1.1\r\n" + host() + "Max-Forwards: 2147483646\r\n" + SITE.ours() + "\r\n",
            () -> SITE.pass(target + "99999999999999999999\r\n\r\n").head());
        table.row("GET is not concerned", "GET /x HTTP/1.1\r\n" + host() + "Max-Forwards: 0\r\n" + SITE.ours() + "\r\n",
            () -> SITE.pass("GET /x HTTP/1.1\r\n" + host() + "Max-Forwards: 0\r\n\r\n").head());
        for (String bad : new String[] {"-1", "+1", "x", "", "1, 2", "1\r\nMax-Forwards: 1"}) {
            table.row(bad, "400 closed", () -> SITE.refusal(target + bad + "\r\n\r\n"));
        }
        table.check();
    }

    @Test
    public void theLastOneAnswersOptionsItself() throws Exception {
        int before = SITE.origin().targets().size();
        try (Wire wire = SITE.open()) {
            wire.send("OPTIONS /x HTTP/1.1\r\n" + host() + "Max-Forwards: 0\r\n\r\n");
            Wire.Reply reply = wire.read();
            assertEquals(reply.line(), 200, reply.status());
            assertEquals("0", reply.field("Content-Length"));
            wire.send("GET /after HTTP/1.1\r\n" + host() + "\r\n");
            assertEquals(200, wire.read().status());
        }
        assertEquals("/after", SITE.origin().next().target());
        assertEquals(before + 1, SITE.origin().targets().size());
    }

    @Test
    public void connectIsRefused() {
        for (String target : new String[] {"CONNECT " + SITE.host(), "CONNECT 127.0.0.1:22", "CONNECT example.org:443", "CONNECT /x", "connect /x"}) {
            table.row(target, true, () -> SITE.refusal(target + " HTTP/1.1\r\n" + host() + "\r\n").matches("(400|405|501) closed"));
        }
        table.check();
    }

    /** RFC 9110 section 9.3.8: a TRACE would show a script what its browser hides from it. */
    @Test
    public void traceIsNeverReflected() throws Exception {
        SITE.origin().answer(talk -> talk.write("HTTP/1.1 200 OK\r\nContent-Length: " + talk.head().length() + "\r\n\r\n" + talk.head()));
        int before = SITE.origin().targets().size();
        try (Wire wire = SITE.open()) {
            wire.send("TRACE /x HTTP/1.1\r\n" + host() + "Cookie: secret\r\nAuthorization: secret\r\nX-Key: secret\r\n\r\n");
            Wire.Reply reply = wire.read();
            assertEquals(405, reply.status());
            assertFalse(reply.toString(), reply.toString().contains("secret") || reply.field("Allow") == null);
        } finally {
            SITE.origin().answer(null);
        }
        assertEquals(before, SITE.origin().targets().size());
    }
}
