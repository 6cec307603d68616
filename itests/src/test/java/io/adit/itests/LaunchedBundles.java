package io.adit.itests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A container that somebody starts by one command of his own. Not thread-safe. */
final class LaunchedBundles implements ForeignContainer {

    private final Program process;

    private LaunchedBundles(Program process) {
        this.process = process;
    }

    static LaunchedBundles start(Path folder, String command) throws IOException {
        // bounded, should this JVM be killed
        return new LaunchedBundles(Program.start(folder, Map.of("JAVA_TOOL_OPTIONS", "-Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC " + UNVERIFIED),
            List.of("timeout", "900", "sh", "-c", command)));
    }

    @Override
    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.close();
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
