package io.adit.api;

import java.io.IOException;
import java.nio.file.Path;

import org.osgi.annotation.versioning.ProviderType;

/** Exchanges a bundle while all runs (docs/HOT-SWAP.md). Thread-safety: thread-safe. */
@ProviderType
public interface BundleSwap {

    /**
     * Puts a bundle in the place of the one with its symbolic name, or beside the others when there is none, and waits until it runs, which may take
     * a minute.
     *
     * @param jar of the bundle; it is copied
     * @return what there is now and was before, one line
     * @throws IOException when it is not a bundle, or cannot be copied
     * @throws IllegalStateException when the bundle does not run in time
     */
    String swap(Path jar) throws IOException, InterruptedException;
}
