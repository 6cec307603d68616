package io.adit.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import javax.inject.Inject;

import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.RegistrationManager;
import io.adit.api.TunnelEndpoint;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.osgi.service.servlet.runtime.dto.RuntimeDTO;

/**
 * The proxy container in Pax Exam, looked at from the inside: exactly the bundles of the shipped feature. The peer is a
 * container in another process ({@code adit peer}) that dials in over a real socket with TLS; the visitor comes through the public port.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class TunnelIT {

    /** {@code Converter.INSPECT} of Gogo. */
    private static final int INSPECT = 0;

    /** What does nothing until somebody configures it. */
    private static final Set<String> OFF = Set.of("io.adit.acme.Acme", "io.adit.connector.Connector", "io.adit.dns.NameServer", "io.adit.dns.NameUpdates",
        "io.adit.mail.Mail", "io.adit.webhook.Webhook");
    private static final String HTTP_PORT = "adit.it.http.port";
    private static final String FOLDER = "adit.it.folder";

    @Inject
    private BundleContext context;
    @Inject
    private RegistrationManager registrations;
    @Inject
    private PeerManager peers;
    @Inject
    private TunnelEndpoint endpoint;
    @Inject
    private ServiceComponentRuntime components;

    /** Runs outside of the container. */
    @Configuration
    public static Option[] container() throws Exception {
        Path folder = Adit.folder("TunnelIT");
        int http = Ports.free();
        List<Option> options = new ArrayList<>(List.of(SwapContainer.options("proxy", folder.resolve("proxy"), Map.of(
            "org.apache.felix.http~public", Map.of("org.osgi.service.http.port", http),
            "io.adit.acceptor", Map.of("port", Ports.free(), "tls", true),
            "io.adit.registry", Map.of("public.url", "http://{name}.{domain}:" + http + "/")))));
        options.add(systemProperty(FOLDER).value(folder.toString()));
        options.add(systemProperty(HTTP_PORT).value(Integer.toString(http)));
        return options.toArray(Option[]::new);
    }

    @Test
    public void theContainerIsWhole() throws Exception {
        for (Bundle each : context.getBundles()) {
            boolean fragment = (each.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
            assertTrue(each + " is in state " + each.getState(), fragment || each.getState() == Bundle.ACTIVE);
        }
        awaitProxyReady();
        List<String> unsatisfied = new ArrayList<>();
        int satisfied = 0;
        for (ComponentDescriptionDTO description : components.getComponentDescriptionDTOs(ours())) {
            Collection<ComponentConfigurationDTO> configurations = components.getComponentConfigurationDTOs(description);
            if (configurations.isEmpty() != OFF.contains(description.name)) {
                unsatisfied.add(description.name + " has configurations: " + !configurations.isEmpty());
            }
            for (ComponentConfigurationDTO configuration : configurations) {
                boolean good = configuration.state == ComponentConfigurationDTO.ACTIVE
                    || configuration.state == ComponentConfigurationDTO.SATISFIED;
                satisfied += good ? 1 : 0;
                if (!good) {
                    unsatisfied.add(description.name + " " + Arrays.toString(configuration.unsatisfiedReferences) + " "
                        + configuration.failure);
                }
            }
        }
        assertEquals(List.of(), unsatisfied);
        assertTrue("components of ours: " + satisfied, satisfied >= 6);
    }

    @Test
    public void bothHttpServersTookAllTheirServletsAndTheirOwnOnly() throws Exception {
        awaitProxyReady();
        List<String> names = new ArrayList<>();
        for (ServiceReference<HttpServiceRuntime> reference : context.getServiceReferences(HttpServiceRuntime.class, null)) {
            RuntimeDTO runtime = context.getService(reference).getRuntimeDTO();
            String name = (String) reference.getProperty("org.apache.felix.http.name");
            names.add(name);
            // those of Felix's health checks name no server, and so the public one says that they have no context there
            assertEquals("servlets of " + name, List.of(), Stream.of(runtime.failedServletDTOs).flatMap(failed -> Stream.of(failed.patterns))
                    .filter(pattern -> name.equals("admin") || !pattern.startsWith("/system/health")).toList());
            assertEquals("filters", 0, runtime.failedFilterDTOs.length);
            assertEquals("listeners", 0, runtime.failedListenerDTOs.length);
            assertEquals("resources", 0, runtime.failedResourceDTOs.length);
            assertEquals("error pages", 0, runtime.failedErrorPageDTOs.length);
            assertEquals("contexts", 0, runtime.failedServletContextDTOs.length);
            context.ungetService(reference);
        }
        names.sort(null);
        assertEquals(List.of("admin", "public"), names);
        for (String admin : List.of("/system/console/bundles", "/adit/api/names", "/system/health", "/metrics")) {
            assertEquals("an admin path at the public port", 404, web("nobody").status(admin));
        }
    }

    /** What the shell prints. By reflection: the shell's API is a bundle, and not on the probe's class path. */
    private String shell(String line) throws Exception {
        ServiceReference<?> reference = context.getServiceReference("org.apache.felix.service.command.CommandProcessor");
        Object processor = context.getService(reference);
        Object session = processor.getClass().getMethod("createSession", InputStream.class, OutputStream.class, OutputStream.class)
                .invoke(processor, InputStream.nullInputStream(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        try {
            Object result = session.getClass().getMethod("execute", CharSequence.class).invoke(session, line);
            return String.valueOf(session.getClass().getMethod("format", Object.class, int.class).invoke(session, result, INSPECT));
        } finally {
            session.getClass().getMethod("close").invoke(session);
            context.ungetService(reference);
        }
    }

    @Test
    public void theShellMakesAndChangesInvitations() throws Exception {
        awaitProxyReady();
        String invitation = shell("adit:invite --expires 30d --notify a@example.org,b@example.org --quota streams=3,rate=none shell");
        assertTrue(invitation, invitation.startsWith("adit://shell:"));
        String table = shell("adit:invitations");
        assertTrue(table, table.matches("(?s).*shell +offline +2\\S+ +29d +streams=3,rate=none +a@example.org,b@example.org +1.*"));
        String changed = shell("adit:change --quota bandwidth=1M --expires never shell");
        assertTrue(changed, changed.contains("streams=3,rate=none,bandwidth=1048576") && changed.contains("never"));
        assertEquals("renamed shell to bourne", shell("adit:rename shell bourne"));
        assertTrue(shell("adit:quarantine"), shell("adit:quarantine").contains("bourne"));
        assertEquals("revoked bourne", shell("adit:revoke bourne"));
        assertEquals("released bourne", shell("adit:release bourne"));
    }

    @Test
    public void aPeerOfItsOwnContainerServesThroughTheTunnel() throws Exception {
        awaitProxyReady();
        Path folder = Path.of(System.getProperty(FOLDER));
        byte[] picture = new byte[3_000_001];
        new Random(4).nextBytes(picture);
        Path share = Files.createDirectories(folder.resolve("share"));
        Files.writeString(share.resolve("index.html"), "<!DOCTYPE html><title>mine</title>");
        Files.write(share.resolve("picture.bin"), picture);
        String invitation = registrations.invite("inside").text();
        assertTrue("TLS", invitation.contains("?cert="));
        try (Adit peer = Adit.start("peer", "--home", folder.resolve("peer").toString(), "--invite", invitation, "--share",
            share.toString())) {
            assertEquals("http://inside.localhost:" + System.getProperty(HTTP_PORT) + "/", peer.awaitReady().get("url"));
            PeerSession session = peers.find("inside").orElseThrow();
            assertEquals("open", session.info().state());
            assertEquals("online", registrations.names().get(0).state());

            Web web = web("inside");
            HttpResponse<byte[]> page = web.get("/");
            assertEquals(200, page.statusCode());
            assertEquals("<!DOCTYPE html><title>mine</title>", new String(page.body(), StandardCharsets.UTF_8));
            assertArrayEquals(picture, web.get("/picture.bin").body());
            assertEquals("the share's own 404", 404, web.status("/nothing"));
            HttpResponse<byte[]> part = web.client()
                .send(web.request("/picture.bin").header("Range", "bytes=1000000-1000099").build(),
                HttpResponse.BodyHandlers.ofByteArray());
            assertEquals(206, part.statusCode());
            assertArrayEquals(Arrays.copyOfRange(picture, 1_000_000, 1_000_100), part.body());
            assertEquals("one session for all", Optional.of(session), peers.find("inside"));
            assertTrue("bytes were counted", session.info().bytesIn() > picture.length);
            peer.stop();
        }
        Await.until("the session goes with the peer", () -> peers.find("inside").isEmpty());
        assertEquals("away", 503, web("inside").status("/"));
        assertTrue(registrations.revoke("inside"));
        assertEquals("unknown", 404, web("inside").status("/"));
    }

    @Test
    public void uploadsAndDownloadsAreUnchangedAndAnOriginThatIsDownIsABadGateway() throws Exception {
        awaitProxyReady();
        long size = 20_000_003;
        Path folder = Path.of(System.getProperty(FOLDER));
        String invitation = registrations.invite("origin").text();
        try (Origin origin = Origin.start(); Adit peer = Adit.start("peer", "--home", folder.resolve("peer-origin").toString(),
                "--invite", invitation, "--origin", origin.url())) {
            origin.on("/digest", exchange ->
                Origin.answer(exchange, 200, Pattern.checksum(exchange.getRequestBody()).getBytes(StandardCharsets.US_ASCII)));
            origin.on("/download", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                new Pattern(size).transferTo(exchange.getResponseBody());
            });
            peer.awaitReady();
            Web web = web("origin");
            String expected = Pattern.checksum(size);
            assertEquals(expected, web.client().send(web.request("/digest")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new Pattern(size)))
                .build(), HttpResponse.BodyHandlers.ofString()).body());
            assertEquals(expected, Pattern.checksum(web.stream("/download").body()));
            origin.shut();
            assertEquals(502, web.status("/hello"));
            peer.stop();
        }
        registrations.revoke("origin");
        assertFalse(registrations.isRegistered("origin"));
    }

    private void awaitProxyReady() throws Exception {
        Await.until("the proxy says that it is ready", () ->
            context.getAllServiceReferences(null, "(io.adit.ready=proxy)") != null);
        assertTrue(endpoint.toString(), endpoint != null);
    }

    private static Web web(String name) {
        return new Web("http://127.0.0.1:" + System.getProperty(HTTP_PORT), name);
    }

    private Bundle[] ours() {
        return Arrays.stream(context.getBundles()).filter(each -> each.getSymbolicName().startsWith("io.adit."))
            .toArray(Bundle[]::new);
    }
}
