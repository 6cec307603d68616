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
    private Relay relay;

    @Before
    public void start() throws Exception {
        site = Site.start("CodecVersionsIT", Adit.QUICK, List.of());
        relay = Relay.start(site.proxyAddress("tunnel"));
        site.peer().stop();
        site.startPeer("--invite", relay.through(site.invite(Site.NAME)), "--origin", site.origin().url());
    }

    @After
    public void stop() throws Exception {
        if (site != null) {
            site.close();
        }
        if (relay != null) {
            relay.close();
        }
    }

    @Test
    public void oldAndNewPeersWorkWithOldAndNewProxies() throws Exception {
        assertServesIn("v2");
        restart(false, true);
        assertServesIn("v1");
        restart(true, false);
        assertServesIn("v1");
        restart(false, false);
        assertServesIn("v1");
        restart(true, true);
        assertServesIn("v2");
        site.stop();
        assertEquals(List.of(), site.proxy().err());
        assertEquals(List.of(), site.peer().err());
    }

    private void restart(boolean newProxy, boolean newPeer) throws Exception {
        site.peer().stop();
        site.proxy().stop();
        newCodec(site.proxyHome(), newProxy);
        newCodec(site.peerHome(), newPeer);
        site.startProxy();
        site.startPeer();
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
        Await.until("the session's codec is " + version, () -> {
            String line = site.names().stream().filter(each -> each.startsWith("demo\t")).findFirst().orElseThrow();
            if (line.contains("\tonline\t") && !line.endsWith("\t" + version)) {
                // it began while its container was still starting, without the bundle that comes last: it has to begin again
                relay.cut();
            }
            return line.contains("\tonline\t") && line.endsWith("\t" + version);
        });
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
