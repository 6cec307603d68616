package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.inject.Inject;

import io.adit.api.CodecManager;
import io.adit.api.PeerManager;
import io.adit.api.RegistrationManager;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Codecs of a proxy come and go under load, while the peer keeps both: no request fails, an upgraded connection stays, and the tunnel's
 * TCP connection is the same one throughout (docs/HOT-SWAP.md). Prints the longest pause.
 */
@RunWith(PaxExam.class)
public class CodecSwapIT {

    private static final String V1 = "io.adit.codec.v1";
    private static final String V2 = "io.adit.codec.v2";
    private static final String HTTP_PORT = "adit.codecs.http.port";
    private static final String TUNNEL_PORT = "adit.codecs.tunnel.port";
    private static final String FOLDER = "adit.codecs.folder";

    @Inject
    private BundleContext context;
    @Inject
    private RegistrationManager registrations;
    @Inject
    private PeerManager peers;
    @Inject
    private CodecManager codecs;

    /** Runs outside of the container. */
    @Configuration
    public static Option[] container() throws Exception {
        Path folder = Adit.folder("CodecSwapIT");
        ChecksumBundle.write(folder.resolve("first.jar"), "1.0.0");
        ChecksumBundle.write(folder.resolve("second.jar"), "1.0.1");
        int http = Ports.free();
        int tunnel = Ports.free();
        List<Option> options = new ArrayList<>(List.of(SwapContainer.options("proxy", folder.resolve("proxy"), Map.of(
            "org.apache.felix.http~public", Map.of("org.osgi.service.http.port", http),
            "io.adit.acceptor", Map.of("port", tunnel, "tls", true),
            "io.adit.registry", Map.of("public.url", "http://{name}.{domain}:" + http + "/")))));
        options.add(CoreOptions.systemProperty(HTTP_PORT).value(Integer.toString(http)));
        options.add(CoreOptions.systemProperty(TUNNEL_PORT).value(Integer.toString(tunnel)));
        options.add(CoreOptions.systemProperty(FOLDER).value(folder.toString()));
        return options.toArray(Option[]::new);
    }

    @Test
    public void noRequestNoticesThatCodecsComeAndGo() throws Exception {
        SwapContainer container = new SwapContainer(context);
        container.awaitService("(io.adit.ready=proxy)");
        Path home = Files.createDirectories(Path.of(System.getProperty(FOLDER)).resolve("peer"));
        String invitation = registrations.invite(Site.NAME).text();
        try (SwapOrigin origin = SwapOrigin.start();
                Adit peer = Adit.start("peer", "--home", home.toString(), "--invite", invitation, "--origin", origin.url())) {
            peer.awaitReady();
            Web web = new Web("http://127.0.0.1:" + System.getProperty(HTTP_PORT), Site.NAME);
            awaitCodec(2);
            SwapContainer.warmUp(web, -1);
            SwapContainer.Resources before = SwapContainer.Resources.now();

            Map<String, SwapRun.Step> both = new LinkedHashMap<>();
            both.put("v2 stopped and started", name -> {
                container.named(V2).stop();
                awaitCodec(1);
                container.named(V2).start();
                awaitCodec(2);
                return gone();
            });
            both.put("v2 uninstalled and installed", name -> uninstallAndInstall(container, 1));
            both.put("v1 and v2 preferred in turns", name -> {
                codecs.prefer(1);
                awaitCodec(1);
                codecs.prefer(0);
                awaitCodec(2);
                return gone();
            });
            run(both, web);
            swapCommand();
            shell();
            container.named(V1).stop();
            Map<String, SwapRun.Step> one = new LinkedHashMap<>();
            one.put("v2 updated, the only one", name -> {
                WeakReference<ClassLoader> replaced = container.update(V2, V1);
                awaitCodec(2);
                return replaced;
            });
            one.put("v2 uninstalled and installed, the only one", name -> uninstallAndInstall(container, 0));
            run(one, web);
            SwapContainer.Resources.awaitBackTo(before);
            eventsTellIt(container, peer);
            assertEquals(List.of(), peer.err());
        }
    }

    /** @param meanwhile the version that is sent then; 0 for none */
    private WeakReference<ClassLoader> uninstallAndInstall(SwapContainer container, int meanwhile) throws Exception {
        Bundle bundle = container.named(V2);
        String location = bundle.getLocation();
        WeakReference<ClassLoader> loader = loader(bundle);
        bundle.uninstall();
        awaitCodec(meanwhile);
        context.installBundle(location).start();
        container.refresh(null);
        awaitCodec(2);
        return loader;
    }

    /** adit:swap puts a bundle that is new into load/, and later another version in its place. */
    private void swapCommand() throws Exception {
        Path folder = Path.of(System.getProperty(FOLDER));
        Object command = context.getService(context.getServiceReferences((String) null, "(osgi.command.function=swap)")[0]);
        Method swap = command.getClass().getMethod("swap", String.class);
        assertEquals("example.checksum 1.0.0 runs, before: none", swap.invoke(command, folder.resolve("first.jar").toString()));
        assertEquals(List.of(40_000, 2, 1), codecs.versions());
        assertEquals("example.checksum 1.0.1 runs, before: 1.0.0", swap.invoke(command, folder.resolve("second.jar").toString()));
        assertEquals(List.of(40_000, 2, 1), codecs.versions());
        Path broken = Files.writeString(folder.resolve("broken.jar"), "not a jar");
        assertThrows(InvocationTargetException.class, () -> swap.invoke(command, broken.toString()));
        Files.delete(folder.resolve("proxy").resolve("load").resolve("example.checksum.jar"));
        Await.until("it is gone", () -> codecs.versions().equals(List.of(2, 1)));
    }

    /** After the look at what is left: the EventAdmin makes threads for whoever handles its events. */
    private void eventsTellIt(SwapContainer container, Adit peer) throws Exception {
        List<String> events = events();
        container.named(V1).start();
        codecs.prefer(1);
        awaitCodec(1);
        codecs.prefer(0);
        awaitCodec(2);
        container.named(V1).stop();
        registrations.invite("other");
        registrations.revoke("other");
        peer.stop();
        for (String event : List.of("codec/ADDED null", "codec/SWITCHED " + Site.NAME, "codec/REMOVED null", "peer/INVITED other", "peer/REVOKED other", "peer/LOST " + Site.NAME)) {
            Await.until(event + " is told: " + events, () -> events.contains("io/adit/" + event));
        }
    }

    /** The topics and names of all events of ours from now on, as they come. By reflection, as below. */
    private List<String> events() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        Object admin = context.getService(context.getServiceReference("org.osgi.service.event.EventAdmin"));
        Class<?> handler = admin.getClass().getClassLoader().loadClass("org.osgi.service.event.EventHandler");
        Object collects = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
            if (method.getName().equals("handleEvent")) {
                Class<?> event = args[0].getClass();
                events.add(event.getMethod("getTopic").invoke(args[0]) + " " + event.getMethod("getProperty", String.class).invoke(args[0], "name"));
                return null;
            }
            return method.getName().equals("hashCode") ? (Object) System.identityHashCode(proxy) : method.getName().equals("equals") ? (Object) (proxy == args[0]) : "collects events";
        });
        context.registerService("org.osgi.service.event.EventHandler", collects, new Hashtable<>(Map.of("event.topics", "io/adit/*")));
        return events;
    }

    /** What the commands return is printed, and asked for its parts, by the shell that is there. By reflection: Gogo's packages are not the test's. */
    private void shell() throws Exception {
        Object processor = context.getService(context.getServiceReference("org.apache.felix.service.command.CommandProcessor"));
        Method create = processor.getClass().getMethod("createSession", InputStream.class, OutputStream.class, OutputStream.class);
        Object session = create.invoke(processor, InputStream.nullInputStream(), OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        Method execute = session.getClass().getMethod("execute", CharSequence.class);
        Method format = session.getClass().getMethod("format", Object.class, int.class);
        assertEquals(Site.NAME, execute.invoke(session, "((adit:peers) get 0) name"));
        String table = format.invoke(session, execute.invoke(session, "adit:peers"), 0).toString();
        assertTrue(table, table.matches("(?s)NAME  SESSION +STATE .*\n" + Site.NAME + "  .* open .*"));
        Object verdict = execute.invoke(session, "(adit:probe " + Site.NAME + ") verdict");
        assertTrue(verdict.toString(), verdict.toString().contains("tunnel"));
        assertEquals(1, execute.invoke(session, "(adit:stats) sessions"));
        session.getClass().getMethod("close").invoke(session); // its threads stay for a minute otherwise
    }

    /** One after the other, under one load. @param steps by what they do */
    private void run(Map<String, SwapRun.Step> steps, Web web) throws Exception {
        SwapRun.invisible(steps.keySet().toArray(String[]::new)).under(web, Integer.getInteger(TUNNEL_PORT), name -> steps.get(name).run(name));
    }

    /** Nothing was replaced. */
    private static WeakReference<ClassLoader> gone() {
        return new WeakReference<>(null);
    }

    private static WeakReference<ClassLoader> loader(Bundle bundle) {
        return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
    }

    private void awaitCodec(int version) throws Exception {
        Await.until("the one session sends with codec version " + version, () -> codecs.sessions().equals(Map.of(version, 1))
            && peers.find(Site.NAME).isPresent());
    }
}
