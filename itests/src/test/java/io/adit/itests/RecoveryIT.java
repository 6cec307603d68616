package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.stream.Collectors;

import org.junit.AfterClass;
import org.junit.Before;
import org.junit.Test;

/** What a kill -9 leaves behind: nothing that keeps the other side, or the next start, from working. Who is killed is a process, the others are hosted. */
public class RecoveryIT {

    private static Site site;

    /** The tests share a pair as long as each leaves it whole. */
    @Before
    public void start() throws Exception {
        if (site != null && !(site.proxy().isAlive() && site.peer().isAlive())) {
            stop();
        }
        if (site == null) {
            site = Site.start("RecoveryIT", Adit.HOSTED, List.of());
        }
        site.awaitServing();
    }

    @AfterClass
    public static void stop() {
        if (site != null) {
            site.close();
            site = null;
        }
    }

    /** A proxy that can be killed. */
    private static Adit mortalProxy() throws Exception {
        if (site.proxy().isHosted()) {
            site.proxy().stop();
            site.startProxyWith(Adit.QUICK);
            site.awaitServing();
        }
        return site.proxy();
    }

    private static Adit mortalPeer() throws Exception {
        if (site.peer().isHosted()) {
            site.peer().stop();
            site.startPeerWith(Adit.QUICK);
        }
        return site.peer();
    }

    @Test
    public void thePeerIsBackAfterTheProxyWasKilledAndNamesSurvive() throws Exception {
        site.invite("other");
        mortalProxy().kill();
        site.startProxy();
        site.awaitServing();
        assertTrue("the peer is still the same process", site.peer().isAlive());
        List<String> states = states();
        assertTrue(states.toString(), states.containsAll(List.of("demo online", "other offline")));
        site.control().revoke("other");
    }

    @Test
    public void aKilledPeerHasItsNameBackAtOnce() throws Exception {
        for (int i = 0; i < 2; i++) {
            mortalPeer().kill();
            // No invitation and no origin on the command line: its home has both.
            site.startPeerWith(i == 0 ? Adit.QUICK : Adit.HOSTED);
            assertEquals(200, site.web().status("/hello"));
            assertEquals(List.of(), site.peer().err());
        }
        assertTrue(states().contains("demo online"));
    }

    @Test
    public void aPeerThatIsStartedAgainWhileItsOldSessionHangsTakesOver() throws Exception {
        // The old connection stays open at the proxy, as after a crash of the machine or a NAT that forgot: its relay is left
        // standing.
        try (Relay relay = Relay.start(site.proxyAddress("tunnel"))) {
            String invitation = relay.through(site.invite("nomad"));
            String home = site.folder().resolve("nomad").toString();
            try (Adit first = Adit.process("peer", "--home", home, "--invite", invitation, "--origin", site.origin().url())) {
                first.awaitReady();
                relay.freeze();
                first.kill();
            }
            try (Adit second = Adit.start("peer", "--home", home)) {
                second.awaitReady();
                assertEquals(200, site.web("nomad").status("/hello"));
                second.stop();
            }
        }
    }

    @Test
    public void aPeerWaitsForAProxyThatIsNotThereYet() throws Exception {
        site.peer().stop();
        site.proxy().stop();
        // another test kills them
        Adit waiting = site.beginPeerWith(Adit.QUICK, "--start-timeout", "1");
        Await.until("the peer says that it waits: " + waiting, () -> {
            assertTrue("it gave up: " + waiting, waiting.isAlive());
            return waiting.err().stream().anyMatch(each -> each.contains("trying on"));
        });
        site.startProxyWith(Adit.QUICK);
        waiting.awaitReady();
        site.awaitServing();
    }

    private List<String> states() throws Exception {
        return site.names().stream().map(each -> each.split("\t")).map(each -> each[0] + " " + each[1])
            .collect(Collectors.toList());
    }
}
