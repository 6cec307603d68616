package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Optional;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** Chromium with a page that has server-sent events, a WebSocket, an upload and a download under way at the same time. */
public class BrowserIT {

    private static PageOrigin origin;
    private static Site site;
    private static DevTools browser;

    @BeforeClass
    public static void start() throws Exception {
        Program.assumeInstalled(BrowserIT.class, DevTools.PROGRAM);
        origin = PageOrigin.start();
        site = Site.sharedBefore(origin.url(), BrowserIT.class);
        browser = DevTools.start(site.folder());
    }

    @AfterClass
    public static void stop() throws Exception {
        try (PageOrigin closed = origin; Site left = site) {
            if (browser != null) {
                browser.close();
            }
        }
    }

    @Test
    public void aPageWithAllThatAPageMayDo() throws Exception {
        String direct = visit("direct", origin.url());
        String tunnel = visit("tunnel", site.url());
        SideBySide.same("Chromium with events, WebSocket, upload, download", direct, tunnel);
        assertTrue(tunnel, tunnel.startsWith("PASS: events 1 2 3 4 5 6, socket echo 1048576 bytes, upload 8388608 bytes, download "));
        assertTrue(tunnel, tunnel.endsWith(Pattern.sha256(PageOrigin.DOWNLOAD_BYTES)));
        assertEquals("at the origin", List.of(), origin.failures());
    }

    /** Over HTTPS all of it is in streams of one connection of HTTP/2, the WebSocket too (RFC 8441): the origin is told which version came. */
    @Test
    public void thePageOverHttp2() throws Exception {
        int before = origin.socketVias().size();
        String url = "https://" + Site.NAME + ".localhost:" + URI.create(site.proxyAddress("https")).getPort();
        String tunnel = visit("http2", url);
        assertTrue(tunnel, tunnel.startsWith("PASS: events 1 2 3 4 5 6, socket echo 1048576 bytes, upload 8388608 bytes, download "));
        assertEquals("at the origin", List.of(), origin.failures());
        List<String> vias = origin.socketVias();
        assertEquals("the WebSocket came in a stream of HTTP/2", List.of("2.0 adit"), vias.subList(before, vias.size()));
    }

    /** @return the title that the page gave itself */
    private static String visit(String name, String url) throws Exception {
        String page = url + "/";
        browser.open(page);
        try {
            return Await.value("the page's result; failures at the origin: " + origin.failures(), () ->
                Optional.of(browser.text("document.URL + ' ' + document.title"))
                    .filter(each -> each.startsWith(page + " PASS: ") || each.startsWith(page + " FAIL: "))).substring(page.length() + 1);
        } finally {
            browser.screenshot(site.folder().resolve(name + ".png"));
        }
    }
}
