package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.Test;

/** Chromium with a page that has server-sent events, a WebSocket, an upload and a download under way at the same time. */
public class BrowserIT {

    @Test
    public void aPageWithAllThatAPageMayDo() throws Exception {
        Program.assumeInstalled(BrowserIT.class, DevTools.PROGRAM);
        try (PageOrigin origin = PageOrigin.start(); Site site = Site.before(origin.url(), BrowserIT.class)) {
            String direct = visit(site.folder().resolve("direct"), origin, origin.url());
            String tunnel = visit(site.folder().resolve("tunnel"), origin, site.url());
            SideBySide.same("Chromium with events, WebSocket, upload, download", direct, tunnel);
            assertTrue(tunnel, tunnel.startsWith("PASS: events 1 2 3 4 5 6, socket echo 1048576 bytes, upload 8388608 bytes, download "));
            assertTrue(tunnel, tunnel.endsWith(Pattern.sha256(PageOrigin.DOWNLOAD_BYTES)));
            assertEquals("at the origin", List.of(), origin.failures());
            site.stop();
        }
    }

    /** @return the title that the page gave itself */
    private static String visit(Path folder, PageOrigin origin, String url) throws Exception {
        Files.createDirectory(folder);
        try (DevTools browser = DevTools.start(folder)) {
            browser.open(url + "/");
            try {
                return Await.value("the page's result; failures at the origin: " + origin.failures(), () ->
                    Optional.of(browser.title()).filter(each -> each.startsWith("PASS: ") || each.startsWith("FAIL: ")));
            } finally {
                browser.screenshot(folder.resolve("screenshot.png"));
            }
        }
    }
}
