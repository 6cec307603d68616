package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.stream.Collectors;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * What a kill -9 leaves behind: nothing that keeps the other side, or the next start, from working. Each side is a process until it is killed, and hosted
 * after that, since each is killed once.
 */
public class RecoveryIT {

    private static Site site;

    @BeforeClass
    public static void start() throws Exception {
        site = Site.start("RecoveryIT", Adit.QUICK, List.of());
    }

    @AfterClass
    public static void stop() {
        if (site != null) {
            site.close();
        }
    }

    @Test
    public void theirPeersAreBackAfterTheProxyWasKilledAndNamesSurvive() throws Exception {
        site.awaitServing();
        String late = site.invite("late");
        site.invite("other");
        site.proxy().kill();
        try (Adit waiting = Adit.start("peer", "--home", site.folder().resolve("late").toString(), "--invite", late, "--origin", site.origin().url(),
                "--start-timeout", "1")) {
            Await.until("a peer that is started meanwhile says that it waits: " + waiting, () -> {
                assertTrue("it gave up: " + waiting, waiting.isAlive());
                return waiting.err().stream().anyMatch(each -> each.contains("trying on"));
            });
            site.startProxyWith(Adit.HOSTED);
            waiting.awaitReady();
            site.awaitServing();
            assertTrue("the other is still the same one", site.peer().isAlive());
            List<String> states = states();
            assertTrue(states.toString(), states.containsAll(List.of("demo online", "late online", "other offline")));
            waiting.stop();
        }
    }

    @Test
    public void aKilledPeerHasItsNameBackAtOnce() throws Exception {
        site.awaitServing();
        site.peer().kill();
        // No invitation and no origin on the command line: its home has both.
        site.startPeerWith(Adit.HOSTED);
        assertEquals(200, site.web().status("/hello"));
        assertEquals(List.of(), site.peer().err());
        assertTrue(states().contains("demo online"));
    }

    @Test
    public void aPeerThatIsStartedAgainWhileItsOldSessionHangsTakesOver() throws Exception {
        // The old connection stays open at the proxy, as after a crash of the machine or a NAT that forgot: its relay is left
        // standing, whichever way the peer ends.
        try (Relay relay = Relay.start(site.proxyAddress("tunnel"))) {
            String invitation = relay.through(site.invite("nomad"));
            String home = site.folder().resolve("nomad").toString();
            try (Adit first = Adit.start("peer", "--home", home, "--invite", invitation, "--origin", site.origin().url())) {
                first.awaitReady();
                relay.freeze();
            }
            try (Adit second = Adit.start("peer", "--home", home)) {
                second.awaitReady();
                assertEquals(200, site.web("nomad").status("/hello"));
                second.stop();
            }
        }
    }

    private List<String> states() throws Exception {
        return site.names().stream().map(each -> each.split("\t")).map(each -> each[0] + " " + each[1])
            .collect(Collectors.toList());
    }
}
