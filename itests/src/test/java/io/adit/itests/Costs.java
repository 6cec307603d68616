package io.adit.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.junit.runner.Description;
import org.junit.runner.notification.RunListener;

/**
 * Writes to {@code costs.tsv} what each class took: wall time, processor time in this JVM and in the processes that it started and that have ended (and in {@link Host}), all in
 * seconds, and how many containers and commands it started. Where the kernel does not tell, there is no such file.
 */
public final class Costs extends RunListener {

    private static final String STARTS = "adit.starts.";
    /** The kernel's unit of time in /proc. */
    private static final double TICKS = 100;

    private int depth;
    private long began;
    private double[] before;

    /** One process more. In the system's properties, since there may be more than one class of this name. */
    static void started(String role) {
        System.getProperties().merge(STARTS + role, "1", (count, one) -> Integer.toString(Integer.parseInt((String) count) + 1));
    }

    @Override
    public synchronized void testSuiteStarted(Description suite) {
        if (depth++ == 0) {
            starts(); // not of this class
            began = System.nanoTime();
            before = processor();
        }
    }

    @Override
    public synchronized void testSuiteFinished(Description suite) throws IOException {
        if (--depth > 0 || before == null) {
            return;
        }
        double[] after = processor();
        Files.writeString(Path.of(System.getProperty("adit.itests")).resolveSibling("costs.tsv"), String.format(Locale.ROOT, "%s\t%.1f\t%.1f\t%.1f\t%s%n",
            suite.getTestClass() == null ? suite.getDisplayName() : suite.getTestClass().getSimpleName(), (System.nanoTime() - began) / 1e9,
            after[0] - before[0], after[1] - before[1], starts()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Of this process, and of those that ended and were waited for or of the host; user and system together. */
    private static double[] processor() {
        try {
            double[] here = processor("self");
            return new double[] {here[0], here[1] + (Host.process().isEmpty() ? 0 : processor(Long.toString(Host.process().get().pid()))[0])};
        } catch (IOException e) {
            return null;
        }
    }

    private static double[] processor(String pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new double[] {(Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS, (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS};
    }

    private static Map<String, Object> starts() {
        Map<String, Object> starts = new TreeMap<>();
        for (String name : System.getProperties().keySet().toArray(String[]::new)) {
            if (name.startsWith(STARTS)) {
                starts.put(name.substring(STARTS.length()), System.getProperties().remove(name));
            }
        }
        return starts;
    }
}
