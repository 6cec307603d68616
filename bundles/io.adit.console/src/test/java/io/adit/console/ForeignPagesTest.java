package io.adit.console;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class ForeignPagesTest {

    private static final String HOST = "127.0.0.1:8181";

    @Test
    public void theConsoleAndTheHealthChecksAreGuardedHoweverTheyAreSpelled() {
        for (String uri : new String[] {"/system/console", "/system/console/bundles/7", "/x/..;/system/console", "/system/.;/console/", "/system/x/%2e%2e/console", "//system//console",
                "/SYSTEM/Console", "/system;a=b/console;c", "/app/system/console", "/system/health", "/system/health.jsonp"}) {
            assertEquals(uri, true, ForeignPages.isGuarded(uri));
        }
        for (String uri : new String[] {"/", "/system", "/systems/console", "/console", "/metrics", "/system/photos", "/%zz"}) {
            assertEquals(uri, false, ForeignPages.isGuarded(uri));
        }
    }

    @Test
    public void whatABrowserSaysOfWhereItComesFromCounts() {
        assertEquals("a form of another page", true, ForeignPages.isForeign("POST", HOST, "http://evil.example", "cross-site", "navigate", "document"));
        assertEquals("of another port", true, ForeignPages.isForeign("POST", HOST, "http://127.0.0.1:3000", "same-site", "cors", "empty"));
        assertEquals("of an older browser", true, ForeignPages.isForeign("POST", HOST, "http://evil.example", null, null, null));
        assertEquals("of a page without an origin", true, ForeignPages.isForeign("POST", HOST, "null", null, null, null));
        assertEquals("a script of another page", true, ForeignPages.isForeign("GET", HOST, null, "cross-site", "no-cors", "script"));
        assertEquals("a frame in another page", true, ForeignPages.isForeign("GET", HOST, null, "cross-site", "navigate", "iframe"));
        assertEquals("a link in another page", false, ForeignPages.isForeign("GET", HOST, null, "cross-site", "navigate", "document"));
        assertEquals("an address that was typed", false, ForeignPages.isForeign("GET", HOST, null, "none", "navigate", "document"));
        assertEquals("a page of the console", false, ForeignPages.isForeign("POST", HOST, "http://127.0.0.1:8181", "same-origin", "cors", "empty"));
        assertEquals("no browser", false, ForeignPages.isForeign("POST", HOST, null, null, null, null));
    }
}
