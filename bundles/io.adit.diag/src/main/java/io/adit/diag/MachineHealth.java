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

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.api.HealthSource;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Of the machine and the JVM: heap, disk, clock. Thread-safe. */
@Component(configurationPid = Diagnoser.PID)
public final class MachineHealth implements HealthSource {

    private static final long MIB = 1 << 20;
    /** What a clock is set by while it is kept right is far less. */
    private static final Duration JUMP = Duration.ofSeconds(10);
    /** For as long a jump is told. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

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
        this(MachineHealth::heap, () -> free(context.getProperty("adit.home")), System::currentTimeMillis, System::nanoTime, Limit.HEAP_PERCENT.of(config),
                Limit.DISK_MIN_MIB.of(config));
    }

    MachineHealth(LongSupplier heapPercent, LongSupplier freeMib, LongSupplier millis, LongSupplier nanos, int mostPercent, int leastMib) {
        this.heapPercent = heapPercent;
        this.freeMib = freeMib;
        this.millis = millis;
        this.nanos = nanos;
        this.mostPercent = mostPercent;
        this.leastMib = leastMib;
        this.offset = offset();
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
        return List.of(heapCondition(), diskCondition(), clockCondition());
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
