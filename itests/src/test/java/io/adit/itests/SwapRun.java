package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Updates of one bundle after the other, each so many times in a row, under one load: what must hold for all of them, and the printed figures. Not thread-safe.
 *
 * @param names of more than one only where none of them refers to another: whatever keeps an old one has to be there still when that is looked for
 * @param times in a row
 * @param keepsTunnel whether the tunnel's connection has to be the same one throughout
 * @param keepsUpgraded whether what takes longer than all updates together has to live through them: an upgraded connection, a download, an upload
 * @param keepsConnections whether no visitor may see a kept connection end
 */
record SwapRun(List<String> names, int times, boolean keepsTunnel, boolean keepsUpgraded, boolean keepsConnections) {

    private static final String ONLY = System.getProperty("adit.swap.only", "");

    /** All the promises. */
    static SwapRun invisible(String... names) {
        return new SwapRun(List.of(names), SwapContainer.UPDATES, true, true, true);
    }

    /** All the promises, of bundles that no request goes through: with many of them there are updates in a row in any case. */
    static SwapRun aside(String... names) {
        return new SwapRun(List.of(names), SwapContainer.UPDATES_ASIDE, true, true, true);
    }

    /** The tunnel goes on, but what an upgraded connection runs through is the bundle itself. */
    static SwapRun throughIt(String name) {
        return new SwapRun(List.of(name), SwapContainer.UPDATES, true, false, true);
    }

    /** The tunnel is made anew. */
    static SwapRun withItsTunnel(String name) {
        return new SwapRun(List.of(name), SwapContainer.UPDATES, false, false, true);
    }

    boolean isWanted() {
        return names.stream().anyMatch(SwapRun::isWanted);
    }

    static boolean isWanted(String what) {
        return ONLY.isEmpty() || ONLY.equals(what);
    }

    interface Step {
        /** @param name one of the names @return the class loader that is not used any more */
        WeakReference<ClassLoader> run(String name) throws Exception;
    }

    /** @param update replaces the bundle of that name once */
    void under(Web web, int tunnelPort, Step update) throws Exception {
        under(web, -1, tunnelPort, update);
    }

    /** @param secure the HTTPS port, or -1 */
    void under(Web web, int secure, int tunnelPort, Step update) throws Exception {
        int sockets = keepsUpgraded ? SwapContainer.SOCKETS : 0;
        under(web, SwapLoad.start(web, secure, SwapContainer.CLIENTS, SwapContainer.LARGEST, sockets), tunnelPort, update);
    }

    void under(Web web, SwapLoad load, int tunnelPort, Step update) throws Exception {
        Map<String, List<WeakReference<ClassLoader>>> loaders = new TreeMap<>();
        Set<Integer> tunnel = SwapContainer.dialled(tunnelPort);
        assertEquals("tunnels " + tunnel, 1, tunnel.size());
        try (load; Line upgraded = keepsUpgraded ? upgraded(web) : null; SwapSlow slow = keepsUpgraded ? new SwapSlow(web) : null) {
            load.awaitMore(slow);
            for (String name : names.stream().filter(SwapRun::isWanted).toList()) {
                List<WeakReference<ClassLoader>> replaced = loaders.computeIfAbsent(name, key -> new ArrayList<>());
                for (int i = 0; i < times; i++) {
                    replaced.add(update.run(name));
                    load.awaitMore(slow);
                    if (upgraded != null) {
                        byte[] frame = ("still here " + i).getBytes(StandardCharsets.US_ASCII);
                        assertArrayEquals(name, frame, upgraded.send(frame).read(frame.length));
                    }
                    if (keepsTunnel) {
                        assertEquals(name + ": the tunnel's local port", tunnel, SwapContainer.dialled(tunnelPort));
                    }
                }
                assertEquals(name + ": failed requests", List.of(), load.failures());
            }
            if (slow != null) {
                slow.end();
            }
        } finally {
            // the figures of HOT-SWAP.md
            System.out.println(loaders.keySet() + " updated " + times + " times: " + load + ", tunnel port " + tunnel + " -> "
                + SwapContainer.dialled(tunnelPort));
        }
        assertEquals(names + ": failed requests", List.of(), load.failures());
        if (keepsConnections) {
            assertEquals(names + ": connections that ended", 0, load.reopened());
        }
        SwapContainer.awaitCleared(loaders);
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
