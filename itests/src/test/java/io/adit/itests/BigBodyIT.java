package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.Test;

/** Bodies as large as the heap of either side pass unchanged, and memory stays where it was. */
public class BigBodyIT {

    private static final long MIB = 1 << 20;
    private static final long SIZE = 64 * MIB;
    private static final String HEAP = "-Xmx64m";
    /** The heap's limit, and some for the JVM itself. */
    private static final long RESIDENT_KIB = 384 * 1024;

    @Test
    public void asMuchAsTheHeapEachWay() throws Exception {
        try (Site site = Site.start("BigBodyIT", HEAP, List.of())) {
            site.origin().on("/down", exchange -> {
                exchange.sendResponseHeaders(200, SIZE);
                new Pattern(SIZE).transferTo(exchange.getResponseBody());
            });
            site.origin().on("/up", exchange ->
                Origin.answer(exchange, 200, Pattern.checksum(exchange.getRequestBody()).getBytes(StandardCharsets.US_ASCII)));
            String expected = Pattern.checksum(SIZE);
            Web web = site.web();
            site.awaitServing();
            tell("before", site);
            try (InputStream down = web.stream("/down").body()) {
                assertEquals("down", expected, Pattern.checksum(down));
            }
            tell("after 64 MiB down", site);
            HttpResponse<String> up = web.client().send(web.request("/up")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new Pattern(SIZE))).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals("up", expected, up.body());
            tell("after 64 MiB up", site);
            assertTrue(site.proxy().residentKiB() < RESIDENT_KIB);
            assertTrue(site.peer().residentKiB() < RESIDENT_KIB);
            site.peer().stop();
            site.proxy().stop();
        }
    }

    private static void tell(String when, Site site) throws Exception {
        System.out.printf("BigBodyIT %s: resident proxy %d MiB, peer %d MiB%n", when, site.proxy().residentKiB() / 1024,
            site.peer().residentKiB() / 1024);
    }
}
