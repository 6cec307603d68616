package io.adit.gate;

import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/**
 * The classes of a bundle, all loaded while it runs: what is under way when it is replaced goes on and ends with them, and by then they could not
 * be loaded any more. Stateless.
 */
public final class OwnClasses {

    private static final String CLASS = ".class";

    private OwnClasses() {
    }

    /** @param bundle which is resolved */
    public static void load(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        for (String path : wiring.listResources("/", "*" + CLASS, BundleWiring.LISTRESOURCES_LOCAL | BundleWiring.LISTRESOURCES_RECURSE)) {
            try {
                Class.forName(path.substring(0, path.length() - CLASS.length()).replace('/', '.'), true, wiring.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
