package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;

import io.adit.itests.checksum.ChecksumCodec;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * A site whose codecs are changed while it runs, as a user does it: by files in {@code load/}.
 */
public class CodecVersionsIT {

    private static final String NEW = "io.adit.codec.v2.jar";
    private static final String JAR = "example.checksum.jar";
    private static final String EXAMPLE = "v" + new ChecksumCodec().version();

    private static Site site;

    @BeforeClass
    public static void start() throws Exception {
        site = Site.shared(CodecVersionsIT.class);
    }

    /** Both end as they should, and neither had anything to complain of. */
    @AfterClass
    public static void stop() throws Exception {
        if (site != null) {
            try (Site given = site) {
                for (Path home : List.of(given.proxyHome(), given.peerHome())) { // where a test failed midway
                    newCodec(home, true);
                    Files.deleteIfExists(home.resolve("load").resolve(JAR));
                }
            }
            assertEquals(List.of(), site.proxy().err());
            assertEquals(List.of(), site.peer().err());
        }
    }

    /**
     * Containers with the old codec only, as a release without the new one is, against containers with both: every pair works, with the highest version
     * that both have.
     */
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
        newCodec(site.peerHome(), true);
        assertServesIn("v2");
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

    /** The example codec of docs/CODEC.md, made into a bundle as that page says: requests go through it, and through the shipped one again when it is taken away. */
    @Test
    public void aCodecOfAThirdPartyIsDroppedInUsedAndTakenOut() throws Exception {
        site.awaitServing();
        String since = demo().split("\t")[2];
        Path jar = ChecksumBundle.write(site.folder().resolve(JAR), "1.0.0");
        for (Path home : List.of(site.proxyHome(), site.peerHome())) {
            Path aside = Files.copy(jar, home.resolve("load").resolve(JAR + ".part"));
            Files.move(aside, home.resolve("load").resolve(JAR), StandardCopyOption.ATOMIC_MOVE);
        }
        assertServesIn(EXAMPLE);
        Files.delete(site.proxyHome().resolve("load").resolve(JAR));
        assertServesIn("v2");
        assertEquals("the same session all along", since, demo().split("\t")[2]);
        Files.delete(site.peerHome().resolve("load").resolve(JAR));
        awaitGone(new ConsolePage(site.proxyAddress("admin"), site.proxyHome()));
        awaitGone(new ConsolePage(site.peerAddress("admin"), site.peerHome()));
    }

    /** Whoever has the containers next finds none of it there. */
    private static void awaitGone(ConsolePage console) throws Exception {
        Await.until("the bundle of the example is gone", () -> {
            HttpResponse<String> bundles = console.get("bundles.json");
            return bundles.statusCode() == 200 && !bundles.body().contains(ChecksumBundle.NAME);
        });
    }

    private static String demo() throws Exception {
        return site.names().stream().filter(line -> line.startsWith("demo\t")).findFirst().orElseThrow();
    }

    /** The session's codec becomes that one, and bodies come back as they were sent. */
    private static void assertServesIn(String version) throws Exception {
        site.awaitServing();
        Await.until("the session's codec is " + version, () -> site.names().stream().anyMatch(line -> line.matches("demo\tonline\t.*\t" + version)));
        for (int size : new int[] {0, 1, 300_000}) {
            byte[] body = new byte[size];
            new Random(size).nextBytes(body);
            HttpResponse<byte[]> echo = site.web().post("/echo", body);
            assertEquals(200, echo.statusCode());
            assertArrayEquals(body, echo.body());
        }
    }
}
