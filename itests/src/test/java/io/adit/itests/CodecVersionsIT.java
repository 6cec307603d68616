package io.adit.itests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.junit.Test;

/**
 * Containers with the old codec only, as a release without the new one is, against containers with both: every pair works, with
 * the highest version that both have. A version is taken out as a user does it, by removing its file from {@code load/}.
 */
public class CodecVersionsIT extends CodecTest {

    private static final String NEW = "io.adit.codec.v2.jar";

    @Test
    public void oldAndNewPeersWorkWithOldAndNewProxies() throws Exception {
        assertServesIn("v2");
        newCodec(site().proxyHome(), false);
        assertServesIn("v1");
        site().peer().stop();
        site().startPeer();
        assertServesIn("v1"); // a new peer with an old proxy
        newCodec(site().proxyHome(), true);
        assertServesIn("v2");
        newCodec(site().peerHome(), false);
        assertServesIn("v1");
        site().peer().stop();
        site().startPeer();
        assertServesIn("v1"); // an old peer with a new proxy
        stop();
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
        site().awaitServing();
        Await.until("the session's codec is " + version, () -> site().names().stream().anyMatch(line -> line.matches("demo\tonline\t[^\t]+\t" + version + "\t.*")));
        assertServes();
    }
}
