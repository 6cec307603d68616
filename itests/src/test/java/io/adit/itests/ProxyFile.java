package io.adit.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A configuration that a proxy gets, or has otherwise, while it runs, by a file in its {@code etc/}. Closing puts back what was before. */
final class ProxyFile implements AutoCloseable {

    private final Site site;
    private final Path log;
    private final Path file;
    private final String atWork;
    private final String before;
    private final long logged;

    private ProxyFile(Site site, String pid, String atWork) throws IOException {
        this.site = site;
        this.atWork = atWork;
        log = site.proxyHome().resolve("log/adit.log");
        file = site.proxyHome().resolve("etc").resolve(pid + ".config");
        before = Files.exists(file) ? Files.readString(file) : null;
        logged = Files.size(log);
    }

    /**
     * @param atWork what the proxy says in its log each time that it has begun to work with a configuration of that PID
     * @param properties lines of the file, besides those that are there
     */
    static ProxyFile add(Site site, String pid, String atWork, String... properties) throws Exception {
        ProxyFile added = new ProxyFile(site, pid, atWork);
        try {
            added.write((added.before == null ? "" : added.before + "\n") + String.join("\n", properties) + "\n");
            return added;
        } catch (Throwable e) {
            try (added) {
                throw e;
            }
        }
    }

    private void write(String text) throws Exception {
        long then = lines(atWork);
        WholeFile.write(file, text);
        Await.until(file + " is at work", () -> lines(atWork) > then);
        Await.until("what asks it is too", this::answers);
    }

    private boolean answers() throws Exception {
        try {
            return !site.names().isEmpty();
        } catch (AssertionError e) {
            return false; // the registry is just there anew
        }
    }

    /** What the proxy has said since, with that in it. */
    Stream<String> log(String with) throws IOException {
        byte[] all = Files.readAllBytes(log);
        return new String(all, (int) logged, all.length - (int) logged, StandardCharsets.UTF_8).lines().filter(each -> each.contains(with));
    }

    long lines(String with) throws IOException {
        return log(with).count();
    }

    @Override
    public void close() throws Exception {
        if (before == null) {
            Files.deleteIfExists(file);
        } else {
            write(before);
        }
    }
}
