package io.adit.runtime;

import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;

/**
 * The OSGi framework of this process and the bundles of its feature. Third-party bundles come from the distribution in place; our
 * own are in DIR/load, where FileInstall finds them. The framework's cache is made anew at each start: what lasts is in DIR.
 * Lifecycle: {@link #start}, then {@link #stop} once. Thread-safe.
 */
final class Container {

    private final Framework framework;

    private Container(Framework framework) {
        this.framework = framework;
    }

    /** Returns when the last start level is reached: every bundle was asked to start. */
    static Container start(Home home, Distribution distribution, Feature feature, Map<String, String> more)
        throws CommandFailure {
        Map<String, String> properties = new HashMap<>();
        feature.frameworkProperties().forEach(
            (key, value) -> properties.put(key, value.replace("${adit.home}", home.root().toString())));
        properties.putAll(more);
        properties.put("adit.home", home.root().toString());
        properties.put(Constants.FRAMEWORK_STORAGE, home.data().resolve("framework").toString());
        Framework framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow().newFramework(properties);
        try {
            framework.init();
            install(framework.getBundleContext(), distribution, feature);
            framework.start();
            return new Container(framework);
        } catch (BundleException e) {
            throw CommandFailure.runTime("the container did not start: " + Failures.oneLine(e), e);
        }
    }

    private static void install(BundleContext context, Distribution distribution, Feature feature)
        throws BundleException, CommandFailure {
        List<Bundle> installed = new ArrayList<>();
        for (Feature.FeatureBundle bundle : feature.bundles()) {
            if (!bundle.id().isOurs()) {
                File file = distribution.bundle(bundle.id()).toFile();
                if (!file.isFile()) {
                    throw CommandFailure.runTime("the distribution is damaged: no " + file);
                }
                Bundle added = context.installBundle("reference:" + file.toURI());
                added.adapt(BundleStartLevel.class).setStartLevel(bundle.startLevel());
                installed.add(added);
            }
        }
        for (Bundle bundle : installed) {
            if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) == 0) {
                // Takes effect when the framework reaches the bundle's start level.
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** Calls back when the framework is gone, whoever stopped it; on a thread of its own. */
    void whenStopped(Runnable callback) {
        Thread waiter = new Thread(() -> {
            try {
                FrameworkEvent event;
                do {
                    event = framework.waitForStop(0);
                } while (event.getType() == FrameworkEvent.STOPPED_UPDATE);
                callback.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "adit-framework-watch");
        waiter.setDaemon(true);
        waiter.start();
    }

    /** Stops all bundles and waits for it. @return false if it took longer than the deadline; the process may end nevertheless */
    boolean stop(Duration deadline) throws InterruptedException {
        try {
            framework.stop();
            return framework.waitForStop(deadline.toMillis()).getType() != FrameworkEvent.WAIT_TIMEDOUT;
        } catch (BundleException e) {
            e.printStackTrace();
            return false;
        }
    }
}
