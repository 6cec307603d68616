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
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * The example codec of docs/CODEC-SPI.md, made into a bundle as that page says and dropped into two running containers: requests go
 * through it, and through the shipped one again when it is taken away.
 */
public class CodecSpiIT {

    private static final String JAR = "example.checksum.jar";
    private static final String OURS = "v" + new ChecksumCodec().version();

    private Site site;

    @Before
    public void start() throws Exception {
        site = Site.start("CodecSpiIT", Adit.QUICK, List.of());
    }

    @After
    public void stop() throws Exception {
        if (site != null) {
            site.close();
        }
    }

    @Test
    public void aCodecOfAThirdPartyIsDroppedInUsedAndTakenOut() throws Exception {
        site.awaitServing();
        String since = demo().split("\t")[2];
        Path jar = ChecksumBundle.write(site.folder().resolve(JAR), "1.0.0");
        for (Path home : List.of(site.proxyHome(), site.peerHome())) {
            Path aside = Files.copy(jar, home.resolve("load").resolve(JAR + ".part"));
            Files.move(aside, home.resolve("load").resolve(JAR), StandardCopyOption.ATOMIC_MOVE);
        }
        Await.until("the session's codec is " + OURS, () -> demo().endsWith("\t" + OURS));
        assertServes();
        Files.delete(site.proxyHome().resolve("load").resolve(JAR));
        Await.until("the session has a shipped codec", () -> demo().endsWith("\tv2"));
        assertEquals("the same session all along", since, demo().split("\t")[2]);
        assertServes();
        site.stop();
        assertEquals(List.of(), site.proxy().err());
        assertEquals(List.of(), site.peer().err());
    }

    private String demo() throws Exception {
        return site.names().stream().filter(line -> line.startsWith("demo\t")).findFirst().orElseThrow();
    }

    private void assertServes() throws Exception {
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
