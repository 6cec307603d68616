package io.adit.itests;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.rules.ExternalResource;

/**
 * The hosted proxy and peer that classes of tests use one after the other, each with an origin and settings of its own, which are changed while both run. They
 * start with the first class and end with it, or with the suite that {@link #KEPT keeps} them. What a class leaves is put in order for the next one; a class
 * that leaves them broken fails, and the next one gets others. A suite uses each name once: those that a class invites are revoked when it gives them back,
 * and a revoked name is in quarantine. Not thread-safe.
 */
final class SharedSite {

    /** The rule of a suite whose classes share them. */
    static final ExternalResource KEPT = new ExternalResource() {
        @Override
        protected void before() {
            kept = true;
        }

        @Override
        protected void after() {
            kept = false;
            try {
                end();
            } catch (Exception e) {
                throw new AssertionError("the proxy and the peer that the suite's classes shared do not end as they should", e);
            }
        }
    };

    private static final String NO_NAME_SERVER = "127.0.0.1:1";
    /** How often the port looks for other certificates. */
    private static final int CERTIFICATE_CHECK_MILLIS = 100;

    private static boolean kept;
    private static boolean used;
    private static Site pair;

    private SharedSite() {
    }

    /** The pair, with an HTTPS port and two admin ports, to whoever gives it back before the next one comes. @param folder for a pair that has to be started */
    static Site borrow(String folder) throws Exception {
        assertFalse("somebody else has them", used);
        if (pair == null) {
            Path certificates = Adit.folder(folder).resolve("tls");
            TlsFiles.write(certificates, Site.NAME, Site.NAME + ".localhost");
            List<String> settings = List.of("io.adit.port:https.port=0", "io.adit.port:certificate.directory=" + certificates,
                "io.adit.port:certificate.check.millis=" + CERTIFICATE_CHECK_MILLIS, "io.adit.registry:domain.resolver=" + NO_NAME_SERVER);
            pair = Site.start(folder + "/pair", Adit.HOSTED, settings.stream().flatMap(each -> Stream.of("--set", each)).toList(), null,
                List.of("--admin-port", "0"));
        }
        used = true;
        return pair;
    }

    /**
     * In order: both serve again what they served when they started.
     *
     * @param settings of whoever had them, or null when they could not be had
     */
    static void giveBack(LiveSettings settings) {
        used = false;
        try {
            assertTrue("both run: " + pair.proxy() + ", " + pair.peer(), pair.proxy().isAlive() && pair.peer().isAlive());
            assertNotNull("they take settings", settings);
            settings.close();
            for (String line : pair.names()) {
                String name = line.substring(0, line.indexOf('\t'));
                if (!name.equals(Site.NAME)) {
                    pair.control().revoke(name);
                }
            }
            pair.awaitServing();
            if (!kept) {
                end();
            }
        } catch (Exception | AssertionError e) {
            try (Site broken = pair) {
                pair = null;
                if (broken != null) {
                    System.out.println("The proxy and the peer are left broken: the next class gets others.");
                }
                throw new AssertionError("what other classes use too is not left as it was", e);
            }
        }
    }

    private static void end() throws Exception {
        try (Site ended = pair) {
            pair = null;
            if (ended != null) {
                ended.stop();
            }
        }
    }
}
