package io.adit.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's own error pages: files named after a code ({@code offline.html}), else {@code 4xx.html} and {@code 5xx.html}. A thread of
 * its own looks for changes, so no request waits for a disk; what is held is bounded, for only these names are read. Thread-safe.
 */
final class PagesFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PagesFolder.class);
    private static final Set<String> NAMES = names();

    /**
     * A state of a file in which it was looked at.
     *
     * @param stamp equal as long as the file is the same
     * @param template null when it cannot be used
     */
    private record Page(String stamp, Template template) {
    }

    private final Path folder;
    private final int maxBytes;
    private final ScheduledExecutorService looks;
    private volatile Map<String, Page> pages = Map.of();

    /**
     * Reads what is there, and looks again from then on.
     *
     * @param folder need not exist
     */
    PagesFolder(Path folder, int maxBytes, long checkMillis) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        look();
        looks = Executors.unconfigurableScheduledExecutorService(new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "adit-proxy-pages");
            thread.setDaemon(true);
            return thread;
        }));
        looks.scheduleWithFixedDelay(this::look, checkMillis, checkMillis, TimeUnit.MILLISECONDS);
    }

    /** The host's page for a problem, or null. */
    Template find(Problem problem) {
        Page page = pages.get(problem.code().code() + ".html");
        if (page == null || page.template() == null) {
            page = pages.get(problem.status() / 100 + "xx.html");
        }
        return page == null ? null : page.template();
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }

    private void look() {
        Map<String, Page> before = pages;
        Map<String, Page> now = new HashMap<>();
        if (Files.isDirectory(folder)) {
            for (String name : NAMES) {
                Page page = page(folder.resolve(name), before.get(name));
                if (page != null) {
                    now.put(name, page);
                }
            }
        }
        for (String name : before.keySet()) {
            if (!now.containsKey(name)) {
                LOG.info("the error page {} is gone", folder.resolve(name));
            }
        }
        pages = Map.copyOf(now);
    }

    /** Null when there is no such file. */
    private Page page(Path file, Page before) {
        String stamp;
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            // taken before the file is read: a change in between is seen the next time
            stamp = attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
            if (before != null && before.stamp().equals(stamp)) {
                return before;
            }
            if (!attributes.isRegularFile()) {
                return unusable(file, stamp, before, "it is no file");
            }
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            return unusable(file, e.toString(), before, e.toString());
        }
        try {
            Template template = Template.of(read(file));
            LOG.info("the error page {} is used", file);
            return new Page(stamp, template);
        } catch (NoSuchFileException e) {
            return null;
        } catch (CharacterCodingException e) {
            return unusable(file, stamp, before, "it is not UTF-8");
        } catch (IOException e) {
            return unusable(file, stamp, before, e.toString());
        }
    }

    /** Says so once for each state of the file. */
    private static Page unusable(Path file, String stamp, Page before, String why) {
        if (before != null && before.stamp().equals(stamp)) {
            return before;
        }
        LOG.warn("the error page {} is not used: {}", file, why);
        return new Page(stamp, null);
    }

    private String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new IOException("it is over " + maxBytes + " bytes");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
    }

    private static Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (ProblemCode code : ProblemCode.values()) {
            names.add(code.code() + ".html");
        }
        names.add("4xx.html");
        names.add("5xx.html");
        return Set.copyOf(names);
    }
}
