package io.adit.shell;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.adit.api.CheckReport;
import io.adit.api.Probe;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The command adit:probe NAME, at a proxy. Thread-safe; it waits for the answer, at most as long as is said. */
@Component(service = ProbeCommands.class, property = {"osgi.command.scope=adit", "osgi.command.function=probe"})
public final class ProbeCommands {

    private static final int LONGEST_SECONDS = 60;

    private final Probe probe;

    @Activate
    public ProbeCommands(@Reference Probe probe) {
        this.probe = probe;
    }

    /** A request through the tunnel, leg by leg. */
    @Descriptor("sends a request through the tunnel of a peer and says in words what is wrong")
    public Rows.Report probe(@Parameter(names = "--timeout", absentValue = "10") @Descriptor("seconds, 1 to 60") int seconds,
            @Descriptor("the name") String name) throws InterruptedException {
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw new IllegalArgumentException("--timeout must be in 1.." + LONGEST_SECONDS + " seconds, not " + seconds);
        }
        return Rows.Report.of(await(probe.probe(name, Duration.ofSeconds(seconds)), 2L * seconds));
    }

    static CheckReport await(CompletionStage<CheckReport> report, long seconds) throws InterruptedException {
        try {
            return report.toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no result within " + seconds + " s");
        } catch (ExecutionException e) {
            throw new IllegalStateException("no result: " + e.getCause());
        }
    }
}
