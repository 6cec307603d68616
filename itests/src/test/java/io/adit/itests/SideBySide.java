package io.adit.itests;

import static org.junit.Assert.assertEquals;

/** What a real client sees without the tunnel and with it: told in one line each, and the same. */
final class SideBySide {

    private SideBySide() {
    }

    /** @param direct, tunnel everything that the client sees and that must agree; its first line is told */
    static void same(String client, String direct, String tunnel) {
        System.out.printf("%s | %s | %s%n", client, summary(direct), summary(tunnel));
        assertEquals(client, direct, tunnel);
    }

    private static String summary(String result) {
        return result.lines().findFirst().orElse("nothing");
    }
}
