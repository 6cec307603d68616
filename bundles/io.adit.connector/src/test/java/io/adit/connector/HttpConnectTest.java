package io.adit.connector;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import io.adit.way.Login;

import org.junit.Test;

/** RFC 9110 section 9.3.6, answer by answer; each whole and byte by byte. */
public class HttpConnectTest {

    private static final int MOST = 2048;
    private static final Login LOGIN = new Login("user", "pa:ss");

    @Test
    public void theRequestNamesTheTargetAndSendsTheLoginAtOnce() {
        assertEquals("CONNECT tunnel.example:7443 HTTP/1.1\r\nHost: tunnel.example:7443\r\nUser-Agent: adit/1\r\n\r\n", text(connect(null).begin()));
        assertEquals("CONNECT tunnel.example:7443 HTTP/1.1\r\nHost: tunnel.example:7443\r\nUser-Agent: adit/1\r\n"
                + "Proxy-Authorization: Basic dXNlcjpwYTpzcw==\r\n\r\n", text(connect(LOGIN).begin()));
        assertTrue(text(new HttpConnect("2001:db8::1", 443, "adit/1", null, MOST).begin())
                .startsWith("CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n"));
        assertTrue("UTF-8", text(new HttpConnect("a", 443, "adit/1", new Login("ü", "é"), MOST).begin()).contains("Basic w7w6w6k=\r\n"));
    }

    @Test
    public void whatFollowsTheHeadOfASuccessIsLeftForTheTunnel() throws Exception {
        for (String head : new String[] {
            "HTTP/1.1 200 Connection established\r\n\r\n",
            "HTTP/1.0 200 OK\r\nProxy-agent: tinyproxy/1.11.1\r\n\r\n",
            "HTTP/1.1 200\r\n\r\n",
            "HTTP/1.1 200 \r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 200 OK\n\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        }) {
            HttpConnect whole = connect(LOGIN);
            ByteBuffer in = bytes(head + "\u0016\u0003HTTP/1.1 500 No\r\n\r\n");
            assertEquals(0, whole.received(in).length);
            assertTrue(head, whole.isDone());
            assertEquals(head, "\u0016\u0003HTTP/1.1 500 No\r\n\r\n", StandardCharsets.ISO_8859_1.decode(in).toString());

            HttpConnect drops = connect(LOGIN);
            for (int i = 0; i < head.length(); i++) {
                assertFalse(head, drops.isDone());
                ByteBuffer drop = bytes(head.substring(i, i + 1));
                drops.received(drop);
                assertFalse("taken", drop.hasRemaining());
            }
            assertTrue(head, drops.isDone());
        }
    }

    @Test
    public void everyRefusalIsOneLineThatSaysWhy() {
        Map<String, String> table = new LinkedHashMap<>();
        table.put("HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\n", "refuses a connection to tunnel.example:7443 (403 Forbidden)");
        table.put("HTTP/1.1 400\r\n\r\n", "refuses a connection to tunnel.example:7443 (400)");
        table.put("HTTP/1.1 502 Bad Gateway\r\n\r\n", "cannot connect to tunnel.example:7443 (502 Bad Gateway)");
        table.put("HTTP/1.1 302 Found\r\nLocation: http://login/\r\n\r\n", "does not connect to tunnel.example:7443 but answers something else (302 Found)");
        table.put("HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "does not connect to tunnel.example:7443 but answers something else (101 Switching Protocols)");
        table.put("HTTP/1.1 403 a\u001b[31m\u00fc\r\n\r\n", "refuses a connection to tunnel.example:7443 (403 a?[31m?)");
        table.put("HTTP/1.1 403 " + "x".repeat(200) + "\r\n\r\n", "refuses a connection to tunnel.example:7443 (403 " + "x".repeat(80) + "...)");
        table.put("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"a, b\"\r\n\r\n",
                "does not accept the user and the password (407 Proxy Authentication Required)");
        table.put("HTTP/1.1 401 Unauthorized\r\nServer: tinyproxy\r\n\r\n", "does not accept the user and the password (401 Unauthorized)");
        table.put("HTTP/1.1 407 No\r\n\r\n", "does not accept the user and the password (407 No)");
        table.put("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nPROXY-AUTHENTICATE: NTLM, Digest realm=\"x\\\"Basic, \", nonce=\"1\", qop=auth\r\n\r\n",
                "wants a login by Negotiate, NTLM, Digest, and only Basic is known here (407 No)");
        table.put("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate,basic realm=x\r\n\r\n", "does not accept the user and the password (407 No)");
        table.put("SSH-2.0-OpenSSH_9.2\r\n", "is no HTTP proxy: its answer begins with 'SSH-2.0-OpenSSH_9.2'");
        table.put("\u0015\u0003\u0003", "is no HTTP proxy: its answer begins with '???'");
        table.put("HTTP/2 200 OK\r\n\r\n", "is no HTTP proxy: its answer begins with 'HTTP/2 200 OK'");
        table.put("HTTP/1.1 2000 OK\r\n\r\n", "is no HTTP proxy: its answer begins with 'HTTP/1.1 2000 OK'");
        table.put("HTTP/1.1 600 OK\r\n\r\n", "is no HTTP proxy: its answer begins with 'HTTP/1.1 600 OK'");
        table.put("HTTP/1.1 403 a\rb\r\n\r\n", "is no HTTP proxy: its answer begins with 'HTTP/1.1 403 a'");
        table.put("HTTP/1.1  200 OK\r\n\r\n", "is no HTTP proxy: its answer begins with 'HTTP/1.1  200 OK'");
        table.put("\r\nHTTP/1.1 200 OK\r\n\r\n", "is no HTTP proxy: its answer begins with ''");
        table.put("HTTP/1.1 200 OK" + "k".repeat(MOST), "answers with a head of more than 2048 bytes");
        table.put("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(MOST), "answers with a head of more than 2048 bytes");
        table.put("HTTP/1.1 100 Continue\r\n\r\n".repeat(MOST), "answers with a head of more than 2048 bytes");
        table.put("HTTP/1.1 407 No\r\nProxy-Authenticate: " + "\"".repeat(MOST), "answers with a head of more than 2048 bytes");
        table.forEach((answer, message) -> {
            DialException refused = assertThrows(message, DialException.class, () -> connect(LOGIN).received(bytes(answer)));
            assertEquals(message, refused.getMessage());
            assertEquals(message, answer.matches("(?s)HTTP/1.1 40[17] .*") && !message.contains("more than"), refused.isLogin());
            DialException again = assertThrows(message, DialException.class, () -> {
                HttpConnect drops = connect(LOGIN);
                for (int i = 0; i < answer.length(); i++) {
                    drops.received(bytes(answer.substring(i, i + 1)));
                }
            });
            // what is no HTTP is told at its first wrong byte
            assertTrue(again.getMessage(), message.startsWith("is no") ? again.getMessage().startsWith("is no HTTP proxy") : again.getMessage().equals(message));
        });
        DialException none = assertThrows(DialException.class, () -> connect(null).received(bytes("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n")));
        assertEquals("wants a user and a password (407 No)", none.getMessage());
        assertFalse("none was refused", none.isLogin());
    }

    @Test
    public void anAnswerThatIsCutIsNoSuccess() throws Exception {
        String answer = "HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nC: d\r\n\r\n";
        for (int i = 0; i < answer.length(); i++) {
            HttpConnect connect = connect(LOGIN);
            connect.received(bytes(answer.substring(0, i)));
            assertFalse(answer.substring(0, i), connect.isDone());
        }
    }

    private static HttpConnect connect(Login login) {
        return new HttpConnect("tunnel.example", 7443, "adit/1", login, MOST);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
