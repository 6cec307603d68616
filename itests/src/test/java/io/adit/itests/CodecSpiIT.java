package io.adit.itests;

import static org.junit.Assert.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

import io.adit.itests.checksum.ChecksumCodec;
import org.junit.Test;

/**
 * The example codec of docs/CODEC-SPI.md, made into a bundle as that page says and dropped into two running containers: requests go
 * through it, and through the shipped one again when it is taken away.
 */
public class CodecSpiIT extends CodecTest {

    private static final String JAR = "example.checksum.jar";
    private static final String OURS = "v" + new ChecksumCodec().version();

    @Test
    public void aCodecOfAThirdPartyIsDroppedInUsedAndTakenOut() throws Exception {
        site().awaitServing();
        String since = demo().split("\t")[2];
        Path jar = ChecksumBundle.write(site().folder().resolve(JAR), "1.0.0");
        for (Path home : List.of(site().proxyHome(), site().peerHome())) {
            Path aside = Files.copy(jar, home.resolve("load").resolve(JAR + ".part"));
            Files.move(aside, home.resolve("load").resolve(JAR), StandardCopyOption.ATOMIC_MOVE);
        }
        Await.until("the session's codec is " + OURS, () -> demo().split("\t")[3].equals(OURS));
        assertServes();
        Files.delete(site().proxyHome().resolve("load").resolve(JAR));
        Await.until("the session has a shipped codec", () -> demo().split("\t")[3].equals("v2"));
        assertEquals("the same session all along", since, demo().split("\t")[2]);
        assertServes();
        stop();
    }

    private String demo() throws Exception {
        return site().names().stream().filter(line -> line.startsWith("demo\t")).findFirst().orElseThrow();
    }
}
