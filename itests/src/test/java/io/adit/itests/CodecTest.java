package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;

import org.junit.After;
import org.junit.Before;

/** A site whose codecs are changed while it runs. */
abstract class CodecTest {

    private Site site;

    @Before
    public void start() throws Exception {
        site = Site.start(getClass().getSimpleName(), Adit.QUICK, List.of());
    }

    @After
    public void close() {
        if (site != null) {
            site.close();
        }
    }

    Site site() {
        return site;
    }

    /** Bodies come back as they were sent. */
    void assertServes() throws Exception {
        site.awaitServing();
        for (int size : new int[] {0, 1, 300_000}) {
            byte[] body = new byte[size];
            new Random(size).nextBytes(body);
            HttpResponse<byte[]> echo = site.web().post("/echo", body);
            assertEquals(200, echo.statusCode());
            assertArrayEquals(body, echo.body());
        }
    }

    /** Both end as they should, and neither had anything to complain of. */
    void stop() throws Exception {
        site.stop();
        assertEquals(List.of(), site.proxy().err());
        assertEquals(List.of(), site.peer().err());
    }
}
