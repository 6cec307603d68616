package io.adit.itests;

import static org.junit.Assert.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.inject.Inject;

import org.junit.Assume;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.BundleContext;

/** Every bundle of a peer is updated under load, and its promise (docs/HOT-SWAP.md) is held against what visitors see. */
@RunWith(PaxExam.class)
public class SwapPeerIT {

    private static final String FOLDER = "adit.swap.folder";
    private static final String CONNECTOR = "io.adit.connector-main.config";

    private static final List<SwapRun> RUNS = List.of(
        SwapRun.aside("io.adit.console", "io.adit.metrics", "io.adit.accesslog"),
        SwapRun.throughIt("io.adit.origin"),
        SwapRun.withItsTunnel("io.adit.connector"),
        SwapRun.withItsTunnel("io.adit.tunnel"),
        SwapRun.withItsTunnel("io.adit.api"));

    @Inject
    private BundleContext context;

    /** Runs outside of the container. */
    @Configuration
    public static Option[] container() throws Exception {
        Path folder = Adit.folder("SwapPeerIT");
        Path shared = Files.createDirectories(folder.resolve("shared"));
        // from the beginning: the log keeps an exception about a folder that is missing, and that keeps the classes of its stack
        List<Option> options = new ArrayList<>(List.of(SwapContainer.options("peer", folder.resolve("peer"), Map.of(
            "io.adit.accesslog", Map.of("format", "combined"),
            "io.adit.share", Map.of("folder", shared.toString())))));
        // it needs the invitation of a proxy that is not there yet
        Files.delete(folder.resolve("peer").resolve("etc").resolve(CONNECTOR));
        options.add(CoreOptions.systemProperty(FOLDER).value(folder.toString()));
        return options.toArray(Option[]::new);
    }

    @Test
    public void everyBundleOfAPeerIsUpdatedUnderLoad() throws Exception {
        Assume.assumeTrue("skipped: without /proc the tunnel's local port and open files are not to be seen", Files.exists(Path.of("/proc/self/fd")));
        SwapContainer container = new SwapContainer(context);
        Path folder = Path.of(System.getProperty(FOLDER));
        Path home = Files.createDirectories(folder.resolve("proxy"));
        Path etc = folder.resolve("peer").resolve("etc");
        try (SwapOrigin origin = SwapOrigin.start(); Adit proxy = Adit.start("proxy", "--home", home.toString(), "--http-port", "0", "--tunnel-port",
                "0", "--admin-port", "0", "--set", "io.adit.registry:grace.millis=" + SwapContainer.PATIENCE,
                "--set", "io.adit.proxy:hold.timeout.millis=" + SwapContainer.PATIENCE)) {
            Map<String, String> ready = proxy.awaitReady();
            String invitation = Adit.run("invite", "--home", home.toString(), Site.NAME).get(0); // what reads JSON is not in this container
            Files.writeString(etc.resolve("io.adit.origin.config"), "url=\"" + origin.url() + "\"\n", StandardCharsets.UTF_8);
            Files.writeString(etc.resolve(CONNECTOR), "invitation=\"" + invitation.replace("=", "\\=") + "\"\ndrain.timeout.millis=\"" + SwapContainer.PATIENCE + "\"\n",
                StandardCharsets.UTF_8);
            container.awaitService("(io.adit.ready=peer)");
            Web web = new Web(ready.get("http"), Site.NAME);
            Await.until("the origin through the tunnel", () -> web.status("/bytes/1") == 200);
            int tunnel = Integer.parseInt(ready.get("tunnel").replaceFirst(".*:", ""));
            SwapContainer.warmUp(web, -1);
            SwapContainer.Resources before = SwapContainer.Resources.now();
            for (SwapRun run : RUNS) {
                if (run.isWanted()) {
                    run.under(web, tunnel, name -> {
                        container.look();
                        return container.update(name);
                    });
                }
            }
            SwapContainer.Resources.awaitBackTo(before);
            share(container, folder, etc, web, tunnel);
            proxy.stop();
            assertEquals(List.of(), proxy.err());
        }
    }

    /** The peer's own web server is asked from now on. */
    private static void share(SwapContainer container, Path folder, Path etc, Web web, int tunnel) throws Exception {
        SwapRun run = SwapRun.throughIt("io.adit.share");
        if (!run.isWanted()) {
            return;
        }
        Path shared = folder.resolve("shared");
        int[] sizes = {1, 1000, 50_000, 150_000};
        for (int size : sizes) {
            Files.write(shared.resolve(size + ".bin"), new Pattern(size).readAllBytes());
        }
        Files.writeString(etc.resolve("io.adit.origin.config"), "url=\"\"\n", StandardCharsets.UTF_8);
        Await.until("the folder through the tunnel", () -> web.status("/1000.bin") == 200);
        run.under(web, SwapLoad.files(web, SwapContainer.CLIENTS, sizes), tunnel, container::update);
    }
}
