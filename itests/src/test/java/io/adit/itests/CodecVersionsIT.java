package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * Containers with the old codec only, as a release without the new one is, against containers with both: every pair works, with
 * the highest version that both have. A version is taken out as a user does it, by removing its file from {@code load/}.
 */
public class CodecVersionsIT {

    private static final String NEW = "io.adit.codec.v2.jar";

    private Site site;

    @Before
    public void start() throws Exception {
        site = Site.start("CodecVersionsIT", Adit.QUICK, List.of());
    }

    @After
    public void stop() throws Exception {
        if (site != null) {
            site.close();
        }
    }

    @Test
    public void oldAndNewPeersWorkWithOldAndNewProxies() throws Exception {
        assertServesIn("v2");
        newCodec(site.proxyHome(), false);
        assertServesIn("v1");
        site.peer().stop();
        site.startPeer();
        assertServesIn("v1"); // a new peer with an old proxy
        newCodec(site.proxyHome(), true);
        assertServesIn("v2");
        newCodec(site.peerHome(), false);
        assertServesIn("v1");
        site.peer().stop();
        site.startPeer();
        assertServesIn("v1"); // an old peer with a new proxy
        site.stop();
        assertEquals(List.of(), site.proxy().err());
        assertEquals(List.of(), site.peer().err());
    }

    private static void newCodec(Path home, boolean wanted) throws Exception {
        Path loaded = home.resolve("load").resolve(NEW);
        Path aside = home.resolve(NEW);
        if (wanted && Files.exists(aside)) {
            Files.move(aside, loaded, StandardCopyOption.ATOMIC_MOVE);
        } else if (!wanted && Files.exists(loaded)) {
            Files.move(loaded, aside, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void assertServesIn(String version) throws Exception {
        site.awaitServing();
        Await.until("the session's codec is " + version, () -> site.names().stream().anyMatch(line -> line.matches("demo\tonline\t.*\t" + version)));
        site.awaitServing();
        for (int size : new int[] {0, 1, 300_000}) {
            byte[] body = new byte[size];
            new Random(size).nextBytes(body);
            HttpResponse<byte[]> echo = site.web().post("/echo", body);
            assertEquals(200, echo.statusCode());
            assertArrayEquals(body, echo.body());
        }
    }
}
