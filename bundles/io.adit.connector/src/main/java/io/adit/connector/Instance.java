package io.adit.connector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What tells this peer from another one of the same name (PROTOCOL I1): made once for each configuration, and kept in a file. Stateless. */
final class Instance {

    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);
    private static final Pattern KEPT = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final int BYTES = 16;

    private Instance() {
    }

    /** Below data/ in the home, else in the working directory. @param pid of the configuration */
    static String of(BundleContext context, String pid) {
        String home = context.getProperty("adit.home");
        return of(Path.of(home == null ? "" : home, "data", "instance", pid.replaceAll("[^A-Za-z0-9._~-]", "_")));
    }

    static String of(Path file) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String made = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try {
            if (Files.exists(file)) {
                String kept = Files.readString(file).strip();
                if (KEPT.matcher(kept).matches()) {
                    return kept;
                }
                LOG.warn("{} does not hold what it should, and is written anew", file);
            }
            Files.createDirectories(file.getParent());
            Files.writeString(file, made + "\n");
        } catch (IOException e) {
            LOG.warn("what tells this peer from others of its name is not kept: after a restart it counts as another one", e);
        }
        return made;
    }
}
