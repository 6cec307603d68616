package io.adit.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * Asks the bundles to end their work before the framework stops: services of {@code Function<Duration, CompletionStage<Void>>}
 * (JDK types, since the launcher shares no class with a bundle) with the property {@code io.adit.drain} = order, lower first.
 * All of one order work at the same time; the deadline is for all together.
 */
final class Drain {

    private static final String ORDER = "io.adit.drain";

    private Drain() {
    }

    /** @return false if the deadline came first; what was not done then is cut off by the stop */
    static boolean run(BundleContext context, Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        boolean complete = true;
        for (List<ServiceReference<?>> group : byOrder(context).values()) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            List<CompletableFuture<?>> running = new ArrayList<>();
            for (ServiceReference<?> reference : group) {
                CompletionStage<?> work = begin(context, reference, left);
                if (work != null) {
                    running.add(work.toCompletableFuture());
                }
            }
            try {
                CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).get(left.toNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                // One part could not drain; the others and those of a higher order still may.
                e.printStackTrace();
            } catch (TimeoutException e) {
                complete = false;
            }
        }
        return complete;
    }

    private static Map<Integer, List<ServiceReference<?>>> byOrder(BundleContext context) {
        Map<Integer, List<ServiceReference<?>>> groups = new TreeMap<>();
        try {
            ServiceReference<?>[] references = context.getAllServiceReferences(Function.class.getName(), "(" + ORDER + "=*)");
            for (ServiceReference<?> reference : references == null ? new ServiceReference<?>[0] : references) {
                Object order = reference.getProperty(ORDER);
                int number = order instanceof Number given ? given.intValue() : 0;
                groups.computeIfAbsent(number, key -> new ArrayList<>()).add(reference);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return groups;
    }

    @SuppressWarnings("unchecked")
    private static CompletionStage<?> begin(BundleContext context, ServiceReference<?> reference, Duration left) {
        try {
            Object service = context.getService(reference);
            return service == null ? null : ((Function<Duration, CompletionStage<?>>) service).apply(left);
        } catch (RuntimeException e) {
            // A bundle that throws may not keep the others from draining.
            e.printStackTrace();
            return null;
        }
    }
}
