package io.adit.proxy;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.adit.gate.Arrivals;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows when requests that are on their way to this component's servlet have reached it, where the public port says so: by a Supplier with
 * io.adit.entrance=true that lasts longer than the port's bundle. Without the port nobody is waited for. Thread-safe.
 */
final class Entrances implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Entrances.class);

    private final Duration longest;
    private final Arrivals arrivals = new Arrivals();
    private final ServiceTracker<Supplier<CompletionStage<Void>>, Supplier<CompletionStage<Void>>> services;

    Entrances(BundleContext context, Duration longest) {
        this.longest = longest;
        services = new ServiceTracker<>(context, filter(), null) {
            @Override
            public Supplier<CompletionStage<Void>> addingService(ServiceReference<Supplier<CompletionStage<Void>>> reference) {
                Supplier<CompletionStage<Void>> entrance = super.addingService(reference);
                if (entrance != null) {
                    arrivals.add(entrance);
                }
                return entrance;
            }
        };
        services.open();
    }

    /** Waits for those that are on their way now, within the configured time. */
    void await() {
        if (!arrivals.await(longest)) {
            LOG.warn("a request has not reached its servlet within {} ms", longest.toMillis());
        }
    }

    @Override
    public void close() {
        services.close();
    }

    private static Filter filter() {
        try {
            return FrameworkUtil.createFilter("(io.adit.entrance=true)");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
