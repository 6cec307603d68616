package io.adit.itests;

import static org.junit.Assert.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.Test;

/** A session that is lost while the origin thinks: what is sent again on the next one, and what must not be (RFC 9110 section 9.2.2). */
public class RetryIT extends WireTest {

    @Test
    public void whatWasNotAnsweredIsSentAgainOnlyWhereThatIsSafe() throws Exception {
        waitLongForPeers();
        for (String path : new String[] {"/get", "/post", "/empty-post", "/put"}) {
            origin.hold(path);
        }
        WireBrowser get = new WireBrowser(site.web()).ask("GET /get");
        WireBrowser post = new WireBrowser(site.web()).ask("POST /post", "Content-Length: 5").send("hello");
        WireBrowser empty = new WireBrowser(site.web()).ask("POST /empty-post", "Content-Length: 0");
        WireBrowser put = new WireBrowser(site.web()).ask("PUT /put", "Content-Length: 5").send("hello");
        try (get; post; empty; put) {
            ScriptedOrigin.Visit first = origin.take("/get");
            for (String path : new String[] {"/post", "/empty-post", "/put"}) {
                origin.take(path).body();
            }
            site.peer().kill();
            for (WireBrowser unsafe : new WireBrowser[] {post, empty, put}) {
                assertEquals("502", unsafe.page());
            }
            first.awaitEnd();
            site.startHostedPeer();
            origin.take("/get").send(PROBE).over();
            get.expect(PROBE);
            probe(get);
            probe(post);
            for (String path : new String[] {"/get", "/post", "/empty-post", "/put"}) {
                assertEquals(path, 0, origin.waiting(path));
            }
        }
    }

    /** A peer's process starts within the time for which its name is waited for, also on a slow machine. */
    private static void waitLongForPeers() throws Exception {
        site.proxy().stop();
        Path file = site.proxyHome().resolve("etc").resolve("io.adit.registry.config");
        Files.writeString(file, "grace.millis = L\"120000\"\n", StandardOpenOption.APPEND);
        // it waits that long, and the browser with it
        site.startProxyWith(Adit.HOSTED, "--set", "io.adit.proxy:response.timeout.millis=600000");
        Await.until("the peer is back", () -> {
            try (WireBrowser wire = new WireBrowser(site.web()).ask("GET /probe")) {
                return wire.head().startsWith("HTTP/1.1 200");
            }
        });
    }
}
