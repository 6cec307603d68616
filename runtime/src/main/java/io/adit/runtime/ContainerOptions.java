package io.adit.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Option;

/** The options that every container has. */
final class ContainerOptions {

    @Option(names = "--home", required = true, paramLabel = "DIR",
        description = "Everything that must survive a restart: conf/, etc/, bundle/, load/, data/, log/. Made if absent.")
    private Path home;

    @Option(names = "--set", paramLabel = "PID:key=value", converter = Converters.OfSetting.class,
        description = "Sets any configuration property and writes it to DIR/etc. Repeatable.")
    private final List<Setting> settings = new ArrayList<>();

    @Option(names = "--drain-timeout", paramLabel = "SECONDS", defaultValue = "30", converter = Converters.OfSeconds.class,
        description = "How long requests in flight may take after SIGTERM. Default: ${DEFAULT-VALUE}.")
    private Duration drainTimeout;

    @Option(names = "--start-timeout", paramLabel = "SECONDS", defaultValue = "30", converter = Converters.OfSeconds.class,
        description = "How long the start may take before it counts as failed. Default: ${DEFAULT-VALUE}.")
    private Duration startTimeout;

    @Option(names = "--stop-on-eof", hidden = true, description = "End in order when standard input ends.")
    private boolean stopOnEndOfInput;

    Path home() {
        return home;
    }

    List<Setting> settings() {
        return settings;
    }

    Duration drainTimeout() {
        return drainTimeout;
    }

    Duration startTimeout() {
        return startTimeout;
    }

    boolean stopOnEndOfInput() {
        return stopOnEndOfInput;
    }
}
