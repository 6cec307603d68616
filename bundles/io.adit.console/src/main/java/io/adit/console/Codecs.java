package io.adit.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import io.adit.api.BundleSwap;
import io.adit.api.CodecManager;
import io.adit.api.packet.PacketCodec;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the page of codecs shows and does. Thread-safe; an exchange of a bundle runs on a thread of its own, one at a time. */
final class Codecs {

    private static final Logger LOG = LoggerFactory.getLogger(Codecs.class);

    private final BundleContext context;
    private final Supplier<CodecManager> codecs;
    private final Supplier<BundleSwap> swap;
    private final ExecutorService executor;
    private final int uploadMaxBytes;
    /** The last upload, and how it went; empty before. */
    private volatile Map<String, Object> upload = Map.of();
    private boolean busy;

    Codecs(BundleContext context, Supplier<CodecManager> codecs, Supplier<BundleSwap> swap, ExecutorService executor, int uploadMaxBytes) {
        this.context = context;
        this.codecs = codecs;
        this.swap = swap;
        this.executor = executor;
        this.uploadMaxBytes = uploadMaxBytes;
    }

    Map<String, Object> now() {
        CodecManager manager = codecs.get();
        List<Map<String, Object>> rows = new ArrayList<>();
        if (manager != null) {
            Map<Integer, Integer> sessions = manager.sessions();
            Map<Integer, Bundle> bundles = providers();
            for (int version : manager.versions()) {
                Bundle bundle = bundles.get(version);
                rows.add(Json.object("version", version, "sessions", sessions.getOrDefault(version, 0), "preferred", version == manager.preferred(), "bundle",
                        bundle == null ? "" : bundle.getSymbolicName(), "bundleVersion", bundle == null ? "" : bundle.getVersion().toString()));
            }
            if (sessions.getOrDefault(0, 0) > 0) {
                rows.add(Json.object("version", 0, "sessions", sessions.get(0), "preferred", false, "bundle", "", "bundleVersion", ""));
            }
        }
        return Json.object("engine", manager != null, "preferred", manager == null ? 0 : manager.preferred(), "codecs", rows, "bundles", ours(), "upload", upload,
                "swap", swap.get() != null, "uploadMax", uploadMaxBytes);
    }

    private Map<Integer, Bundle> providers() {
        Map<Integer, Bundle> bundles = new HashMap<>();
        Collection<ServiceReference<PacketCodec>> references;
        try {
            references = context.getServiceReferences(PacketCodec.class, null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter is a valid one", e);
        }
        for (ServiceReference<PacketCodec> reference : references) {
            PacketCodec codec = context.getService(reference);
            if (codec != null) {
                bundles.put(codec.version(), reference.getBundle());
                context.ungetService(reference);
            }
        }
        return bundles;
    }

    /** The bundles that may be exchanged here: all of Adit's. */
    private List<Map<String, Object>> ours() {
        return Arrays.stream(context.getBundles()).filter(bundle -> bundle.getSymbolicName() != null && bundle.getSymbolicName().startsWith("io.adit."))
                .filter(bundle -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) // it belongs to Jetty
                .sorted(Comparator.comparing(Bundle::getSymbolicName)).map(bundle -> Json.object("name", bundle.getSymbolicName(), "version",
                        bundle.getVersion().toString(), "active", bundle.getState() == Bundle.ACTIVE, "at", bundle.getLastModified())).toList();
    }

    /** @throws IllegalArgumentException with one line, when there is no such version */
    void prefer(int version) {
        CodecManager manager = codecs.get();
        if (manager == null) {
            throw new IllegalArgumentException("there is no engine here just now");
        }
        manager.prefer(version);
    }

    /**
     * Takes a bundle and exchanges it in the background; {@link #now} tells how it goes.
     *
     * @throws IllegalArgumentException with one line for who sent it
     */
    void upload(String name, InputStream body) throws IOException {
        BundleSwap service = swap.get();
        if (service == null) {
            throw new IllegalArgumentException("nobody exchanges bundles here");
        }
        synchronized (this) {
            if (busy) {
                throw new IllegalArgumentException("another bundle is being exchanged");
            }
            busy = true;
        }
        Path jar = null;
        try {
            jar = Files.createTempFile("adit-upload", ".jar");
            say(name, "running", receive(body, jar) + " bytes received; the bundle is being exchanged");
            Path file = jar;
            executor.execute(() -> swap(service, name, file));
            jar = null;
        } catch (RejectedExecutionException e) {
            throw new IllegalArgumentException("the console is being stopped", e);
        } finally {
            if (jar != null) {
                Files.delete(jar);
                idle();
            }
        }
    }

    private long receive(InputStream body, Path jar) throws IOException {
        long received = 0;
        byte[] piece = new byte[16 * 1024];
        try (OutputStream out = Files.newOutputStream(jar)) {
            for (int bytes = body.read(piece); bytes >= 0; bytes = body.read(piece)) {
                received += bytes;
                if (received > uploadMaxBytes) {
                    throw new IllegalArgumentException("the bundle is larger than " + uploadMaxBytes + " bytes (io.adit.console: upload.max.bytes)");
                }
                out.write(piece, 0, bytes);
            }
        }
        return received;
    }

    private void swap(BundleSwap service, String name, Path jar) {
        try {
            say(name, "done", service.swap(jar));
        } catch (IOException | IllegalStateException e) {
            say(name, "failed", e.getMessage().replace(jar.toString(), "the file"));
        } catch (InterruptedException e) {
            say(name, "failed", "the console was stopped meanwhile");
            Thread.currentThread().interrupt();
        } finally {
            idle();
            try {
                Files.deleteIfExists(jar);
            } catch (IOException e) {
                LOG.warn("an uploaded bundle is left behind: {}", e.toString());
            }
        }
    }

    private void say(String name, String state, String text) {
        upload = Json.object("name", name, "state", state, "text", text, "at", System.currentTimeMillis());
    }

    private synchronized void idle() {
        busy = false;
    }
}
