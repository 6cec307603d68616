package io.adit.console;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class GuardTest {

    private final Guard guard = new Guard();

    @Test
    public void onlyOurOwnPagesMayChangeSomething() {
        String token = guard.token();
        assertNull(guard.refusal(token, "http://127.0.0.1:8181", "127.0.0.1:8181", "same-origin"));
        assertNull("behind a proxy that ends TLS", guard.refusal(token, "https://Console.example", "console.example", null));
        for (String[] each : new String[][] {
            {null, "http://127.0.0.1:8181", "127.0.0.1:8181", null}, {"", "http://127.0.0.1:8181", "127.0.0.1:8181", null},
            {token + "x", "http://127.0.0.1:8181", "127.0.0.1:8181", null}, {new Guard().token(), "http://127.0.0.1:8181", "127.0.0.1:8181", null},
            {token, null, "127.0.0.1:8181", null}, {token, "null", "127.0.0.1:8181", null}, {token, "http://127.0.0.1:8080", "127.0.0.1:8181", null},
            {token, "http://evil.example", "127.0.0.1:8181", null}, {token, "http://127.0.0.1:8181.evil.example", "127.0.0.1:8181", null},
            {token, "http://127.0.0.1:8181", "127.0.0.1:8181", "cross-site"}, {token, "http://127.0.0.1:8181", "127.0.0.1:8181", "none"},
            {token, "http://127.0.0.1:8181", null, null}, {token, ":// bad", "127.0.0.1:8181", null}}) {
            assertNotNull(String.join(" ", java.util.Arrays.asList(each).toString()), guard.refusal(each[0], each[1], each[2], each[3]));
        }
    }

    @Test
    public void theTokenIsLongAndNew() {
        assertEquals(43, guard.token().length());
        assertNotEquals(guard.token(), new Guard().token());
    }

    @Test
    public void theFramesOwnInlineScriptsAreAllowedByTheirHash() {
        String policy = new FramePolicy("<script type=\"text/javascript\">\na = \"${appRoot}/${head.label}\";\n</script><script src=\"x.js\"></script>"
            + "<div style=\"height:0px\">").value("/c", "adit");
        // printf '\na = "/c/adit";\n' | openssl dgst -sha256 -binary | base64
        assertTrue(policy, policy.contains("script-src 'self' 'sha256-1aOx9GZwTnGr6wDsNaAjLjSkJ4IWBqDvtsNKgYg4dVI='; style-src 'self' 'unsafe-hashes' 'sha256-"));
        assertTrue(policy, !policy.contains("unsafe-inline"));
        assertTrue(new FramePolicy("").value("/c", "adit").contains("script-src 'self' 'unsafe-inline'"));
    }
}
