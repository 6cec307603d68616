package io.adit.diag;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.api.HealthSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Of the container: heap, disk, clock, configuration. Thread-safe. */
@Component(configurationPid = Diagnoser.PID)
public final class MachineHealth implements HealthSource {

    private static final long MIB = 1 << 20;
    /** What a clock is set by while it is kept right is far less. */
    private static final Duration JUMP = Duration.ofSeconds(10);
    /** For as long a jump is told. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final Supplier<List<String>> refused;
    private final LongSupplier heapPercent;
    private final LongSupplier freeMib;
    private final LongSupplier millis;
    private final LongSupplier nanos;
    private final int mostPercent;
    private final int leastMib;
    // guarded by this: the clock on the wall against the one that only runs
    private long offset;
    private long jumpMillis;
    private Instant jumpedAt = Instant.EPOCH;

    @Activate
    public MachineHealth(BundleContext context, DiagConfig config) {
        this(() -> refused(context), MachineHealth::heap, () -> free(context.getProperty("adit.home")), System::currentTimeMillis, System::nanoTime, Limit.HEAP_PERCENT.of(config),
                Limit.DISK_MIN_MIB.of(config));
    }

    /** @param refused a line for each value of a configuration that is refused now */
    MachineHealth(Supplier<List<String>> refused, LongSupplier heapPercent, LongSupplier freeMib, LongSupplier millis, LongSupplier nanos, int mostPercent, int leastMib) {
        this.refused = refused;
        this.heapPercent = heapPercent;
        this.freeMib = freeMib;
        this.millis = millis;
        this.nanos = nanos;
        this.mostPercent = mostPercent;
        this.leastMib = leastMib;
        this.offset = offset();
    }

    /** As io.adit.config tells it, of which nothing is imported. */
    private static List<String> refused(BundleContext context) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(null, "(io.adit.refused=*)");
            return found == null ? List.of() : Stream.of(found).flatMap(each -> Stream.of((String[]) each.getProperty("io.adit.refused"))).toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was left after the last collection; what is garbage does not count. */
    private static long heap() {
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage after = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            used += after == null ? 0 : after.getUsed();
        }
        return used * 100 / Runtime.getRuntime().maxMemory();
    }

    private static long free(String home) {
        try {
            return Files.getFileStore(Path.of(home == null ? "" : home).toAbsolutePath()).getUsableSpace() / MIB;
        } catch (IOException e) {
            return Long.MAX_VALUE; // nobody knows
        }
    }

    private long offset() {
        return millis.getAsLong() - nanos.getAsLong() / 1_000_000;
    }

    @Override
    public List<Check> conditions() {
        return List.of(heapCondition(), diskCondition(), clockCondition(), configuration());
    }

    private Check configuration() {
        List<String> lines = refused.get();
        if (lines.isEmpty()) {
            return HealthSource.ok("configuration", "no value is refused");
        } else if (lines.stream().anyMatch(line -> line.endsWith("nothing is at work without it"))) {
            return HealthSource.bad("configuration", State.FAIL, String.join("; ", lines), "Correct it in DIR/etc or in the web console.");
        }
        return HealthSource.bad("configuration", State.WARN, String.join("; ", lines),
                "What was there before, or the default, holds meanwhile. Correct it in DIR/etc or in the web console.");
    }

    private Check heapCondition() {
        long percent = heapPercent.getAsLong();
        String text = percent + " % of the heap are in use after the last collection";
        String advice = "Give the JVM more heap (JAVA_OPTS=-Xmx...), or let fewer peers and requests in.";
        return percent >= (100 + mostPercent) / 2 ? HealthSource.bad("heap", State.FAIL, text, advice)
                : percent >= mostPercent ? HealthSource.bad("heap", State.WARN, text, advice) : HealthSource.ok("heap", text);
    }

    private Check diskCondition() {
        long mib = freeMib.getAsLong();
        String text = mib == Long.MAX_VALUE ? "nobody knows how much of the disk is free" : mib + " MiB of the home's disk are free";
        String advice = "Make room: without it neither the stores nor the log can be written. DIR/log and DIR/data are what grows.";
        return mib < leastMib / 4 ? HealthSource.bad("disk", State.FAIL, text, advice)
                : mib < leastMib ? HealthSource.bad("disk", State.WARN, text, advice) : HealthSource.ok("disk", text);
    }

    private synchronized Check clockCondition() {
        long now = offset();
        Instant time = Instant.ofEpochMilli(millis.getAsLong());
        if (Math.abs(now - offset) > JUMP.toMillis()) {
            jumpMillis = now - offset;
            jumpedAt = time;
            offset = now;
        }
        boolean lately = jumpMillis != 0 && Duration.between(jumpedAt, time).abs().compareTo(REMEMBERED) < 0;
        return lately ? HealthSource.bad("clock", State.WARN, "the clock was set " + (jumpMillis > 0 ? "forward" : "back") + " by " + Math.abs(jumpMillis) / 1000 + " s, or the machine slept",
                "Tickets, expiries and certificates go by the clock: let the machine get its time from the network (NTP).") : HealthSource.ok("clock", "the clock has not jumped");
    }
}
