package io.adit.itests;

import static org.junit.Assert.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.inject.Inject;

import org.junit.Assume;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.BundleContext;

/** Every bundle of a proxy is updated under load, and its promise (docs/HOT-SWAP.md) is held against what visitors see. */
@RunWith(PaxExam.class)
public class BundleSwapIT {

    private static final String HTTP_PORT = "adit.swap.http.port";
    private static final String HTTPS_PORT = "adit.swap.https.port";
    private static final String TUNNEL_PORT = "adit.swap.tunnel.port";
    private static final String DNS_PORT = "adit.swap.dns.port";
    private static final String FOLDER = "adit.swap.folder";
    private static final String HTTP_SERVER = "org.apache.felix.http";
    private static final String PUBLIC_SERVER = "(&(objectClass=org.osgi.service.servlet.runtime.HttpServiceRuntime)(org.apache.felix.http.name=public))";

    private static final List<SwapRun> RUNS = List.of(
        SwapRun.aside("io.adit.config", "io.adit.command", "io.adit.console", "io.adit.metrics", "io.adit.accesslog", "io.adit.acme", "io.adit.dns", "io.adit.mail",
            "io.adit.webhook", "io.adit.diag", "io.adit.shell", "io.adit.health", "io.adit.events", "io.adit.inventory"),
        SwapRun.invisible("io.adit.registry"),
        SwapRun.invisible("io.adit.proxy"),
        SwapRun.withItsTunnel("io.adit.acceptor"),
        SwapRun.withItsTunnel("io.adit.tunnel"),
        SwapRun.invisible("io.adit.port"),
        SwapRun.withItsTunnel("io.adit.api"));

    @Inject
    private BundleContext context;

    /** Runs outside of the container. */
    @Configuration
    public static Option[] container() throws Exception {
        Path folder = Adit.folder("BundleSwapIT");
        int http = Ports.free();
        int https = Ports.free();
        int tunnel = Ports.free();
        int dns = Ports.free();
        List<Option> options = new ArrayList<>(List.of(SwapContainer.options("proxy", folder.resolve("proxy"), Map.of(
            "org.apache.felix.http~public", Map.of("org.osgi.service.http.port", http),
            // a machine that is busy with other things may take its time for a restart, and for what is under way
            "io.adit.port", Map.of("https.port", https, "hold.timeout.millis", SwapContainer.PATIENCE),
            "io.adit.proxy", Map.of("hold.timeout.millis", SwapContainer.PATIENCE, "stop.timeout.millis", SwapContainer.PATIENCE),
            "io.adit.acceptor", Map.of("port", tunnel, "tls", true, "drain.timeout.millis", SwapContainer.PATIENCE),
            "io.adit.dns", Map.of("port", dns, "rate.limit", 0, "settle.timeout.millis", SwapContainer.PATIENCE),
            // at work: somebody is to be told, though there is nobody at that port
            "io.adit.mail", Map.of("smtp.host", "127.0.0.1", "smtp.port", Ports.free(), "from", "adit@example.test", "announce.after.seconds", 0, "retry.seconds", 1),
            "io.adit.webhook~test", Map.of("url", "http://127.0.0.1:" + Ports.free() + "/", "secret", "sixteen or more.", "retry.millis", 100),
            "io.adit.accesslog", Map.of("format", "json"),
            "io.adit.registry", Map.of("grace.millis", SwapContainer.PATIENCE, "public.url", "http://{name}.{domain}:" + http + "/")))));
        options.add(org.ops4j.pax.exam.CoreOptions.systemProperty(HTTP_PORT).value(Integer.toString(http)));
        TlsFiles.write(folder.resolve("proxy").resolve("conf").resolve("tls"), "demo", "demo.localhost");
        options.add(org.ops4j.pax.exam.CoreOptions.systemProperty(HTTPS_PORT).value(Integer.toString(https)));
        options.add(org.ops4j.pax.exam.CoreOptions.systemProperty(TUNNEL_PORT).value(Integer.toString(tunnel)));
        options.add(org.ops4j.pax.exam.CoreOptions.systemProperty(DNS_PORT).value(Integer.toString(dns)));
        options.add(org.ops4j.pax.exam.CoreOptions.systemProperty(FOLDER).value(folder.toString()));
        return options.toArray(Option[]::new);
    }

    @Test
    public void everyBundleOfAProxyIsUpdatedUnderLoad() throws Exception {
        Assume.assumeTrue("skipped: without /proc the tunnel's local port and open files are not to be seen", Files.exists(Path.of("/proc/self/fd")));
        SwapContainer container = new SwapContainer(context);
        container.awaitService("(io.adit.ready=proxy)");
        Object registrations = container.service("io.adit.api.RegistrationManager");
        Object invitation = registrations.getClass().getMethod("invite", String.class).invoke(registrations, Site.NAME);
        String text = (String) invitation.getClass().getMethod("text").invoke(invitation);
        registrations = null;
        invitation = null;
        Path home = Files.createDirectories(Path.of(System.getProperty(FOLDER)).resolve("peer"));
        try (SwapOrigin origin = SwapOrigin.start();
                Adit peer = Adit.start("peer", "--home", home.toString(), "--invite", text, "--origin", origin.url(), "--notify", "someone@example.test")) {
            peer.awaitReady();
            Web web = new Web("http://127.0.0.1:" + System.getProperty(HTTP_PORT), Site.NAME);
            int secure = Integer.getInteger(HTTPS_PORT);
            SwapContainer.warmUp(web, secure);
            SwapContainer.Resources before = SwapContainer.Resources.now();
            for (SwapRun run : RUNS) {
                if (run.isWanted()) {
                    // whoever asks for the peer's name must never be told that there is none
                    try (DnsProbe probe = DnsProbe.start(Integer.getInteger(DNS_PORT), Site.NAME + ".localhost")) {
                        run.under(web, secure, Integer.getInteger(TUNNEL_PORT), name -> {
                            container.look();
                            return container.update(name);
                        });
                    }
                }
            }
            SwapContainer.Resources.awaitBackTo(before);
            if (SwapRun.isWanted(HTTP_SERVER)) {
                restartHttpServer(container, web, secure);
            }
            peer.stop();
            assertEquals(List.of(), peer.err());
        }
    }

    /** By a change of its configuration, as an operator makes it. Visitors see that, as said in docs/HOT-SWAP.md; the tunnel does not. */
    private static void restartHttpServer(SwapContainer container, Web web, int secure) throws Exception {
        Path file = Path.of(System.getProperty(FOLDER)).resolve("proxy").resolve("etc").resolve("org.apache.felix.http-public.config");
        Set<Integer> tunnel = SwapContainer.dialled(Integer.getInteger(TUNNEL_PORT));
        SwapLoad seen = SwapLoad.start(web, SwapContainer.CLIENTS, SwapContainer.LARGEST, 0);
        try (seen) {
            for (int i = 0; i < SwapContainer.UPDATES; i++) {
                seen.awaitMore();
                long server = container.serviceId(PUBLIC_SERVER);
                Files.writeString(file, Files.readString(file).replaceFirst("threadpool.max=I\"\\d+\"", "threadpool.max=I\"" + (17 + i) + "\""));
                Await.until("another server", () -> container.serviceId(PUBLIC_SERVER) > server);
                container.awaitService("(io.adit.ready=proxy)");
                seen.awaitMore();
            }
        } finally {
            System.out.println(HTTP_SERVER + " restarted " + SwapContainer.UPDATES + " times: " + seen);
        }
        assertEquals("the tunnel's local port", tunnel, SwapContainer.dialled(Integer.getInteger(TUNNEL_PORT)));
        SwapLoad after = SwapLoad.start(web, secure, SwapContainer.CLIENTS, SwapContainer.LARGEST, 0);
        try (after) {
            after.awaitMore();
        }
        assertEquals(List.of(), after.failures());
    }
}
