package io.adit.shell;

import java.io.IOException;
import java.nio.file.Path;

import io.adit.api.BundleSwap;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The command adit:swap FILE. Thread-safe; it waits for the bundle. */
@Component(service = SwapCommands.class, property = {"osgi.command.scope=adit", "osgi.command.function=swap"})
public final class SwapCommands {

    private final BundleSwap bundles;

    @Activate
    public SwapCommands(@Reference BundleSwap bundles) {
        this.bundles = bundles;
    }

    /**
     * @throws IOException when it is not a bundle, or cannot be copied
     * @throws IllegalStateException when the bundle does not run in time
     */
    @Descriptor("exchanges a bundle for the one in a file, or adds it")
    public String swap(@Descriptor("the file") String file) throws IOException, InterruptedException {
        return bundles.swap(Path.of(file));
    }
}
