package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Updates of one bundle in a row, under load: what must hold for all of them, and the printed figures. Not thread-safe.
 *
 * @param keepsTunnel whether the tunnel's connection has to be the same one throughout
 * @param keepsUpgraded whether what takes longer than all updates together has to live through them: an upgraded connection, a download, an upload
 * @param keepsConnections whether no visitor may see a kept connection end
 */
record SwapRun(String name, boolean keepsTunnel, boolean keepsUpgraded, boolean keepsConnections) {

    private static final String ONLY = System.getProperty("adit.swap.only", "");

    /** All the promises. */
    static SwapRun invisible(String name) {
        return new SwapRun(name, true, true, true);
    }

    /** The tunnel goes on, but what an upgraded connection runs through is the bundle itself. */
    static SwapRun throughIt(String name) {
        return new SwapRun(name, true, false, true);
    }

    /** The tunnel is made anew. */
    static SwapRun withItsTunnel(String name) {
        return new SwapRun(name, false, false, true);
    }

    boolean isWanted() {
        return isWanted(name);
    }

    static boolean isWanted(String what) {
        return ONLY.isEmpty() || ONLY.equals(what);
    }

    interface Step {
        WeakReference<ClassLoader> run() throws Exception;
    }

    /** @param update replaces the bundle once */
    void under(Web web, int tunnelPort, Step update) throws Exception {
        under(web, -1, tunnelPort, update);
    }

    /** @param secure the HTTPS port, or -1 */
    void under(Web web, int secure, int tunnelPort, Step update) throws Exception {
        int sockets = keepsUpgraded ? SwapContainer.SOCKETS : 0;
        under(web, SwapLoad.start(web, secure, SwapContainer.CLIENTS, SwapContainer.LARGEST, sockets), tunnelPort, update);
    }

    void under(Web web, SwapLoad load, int tunnelPort, Step update) throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        Set<Integer> tunnel = SwapContainer.dialled(tunnelPort);
        assertEquals("tunnels " + tunnel, 1, tunnel.size());
        try (load; Line upgraded = keepsUpgraded ? upgraded(web) : null; SwapSlow slow = keepsUpgraded ? new SwapSlow(web) : null) {
            load.awaitMore(slow);
            for (int i = 0; i < SwapContainer.UPDATES; i++) {
                loaders.add(update.run());
                load.awaitMore(slow);
                if (upgraded != null) {
                    byte[] frame = ("still here " + i).getBytes(StandardCharsets.US_ASCII);
                    assertArrayEquals(frame, upgraded.send(frame).read(frame.length));
                }
                if (keepsTunnel) {
                    assertEquals("the tunnel's local port", tunnel, SwapContainer.dialled(tunnelPort));
                }
            }
            if (slow != null) {
                slow.end();
            }
        } finally {
            // the figures of HOT-SWAP.md
            System.out.println(name + " updated " + loaders.size() + " times: " + load + ", tunnel port " + tunnel + " -> "
                + SwapContainer.dialled(tunnelPort));
        }
        assertEquals(name + ": failed requests", List.of(), load.failures());
        if (keepsConnections) {
            assertEquals(name + ": connections that ended", 0, load.reopened());
        }
        SwapContainer.awaitCleared(name, loaders);
    }

    private static Line upgraded(Web web) throws IOException {
        Line line = Line.to(web).send("GET /up HTTP/1.1\r\nHost: " + web.host() + "\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
        String head = line.head();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException(head);
        }
        return line;
    }
}
