package io.adit.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** The services by which the launcher and the bundles talk, in a real framework. */
public class ContainerServicesTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Framework framework;
    private BundleContext context;

    @Before
    public void startFramework() throws Exception {
        framework = ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow()
            .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, temporary.newFolder("framework").getPath()));
        framework.start();
        context = framework.getBundleContext();
    }

    @After
    public void stopFramework() throws Exception {
        framework.stop();
        framework.waitForStop(0);
    }

    @Test
    public void drainGoesByOrderAndWaitsForEach() throws Exception {
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        drain(20, left -> CompletableFuture.runAsync(() -> done.add("late")));
        CompletableFuture<Void> slow = new CompletableFuture<>();
        drain(10, left -> slow.thenRun(() -> done.add("slow")));
        drain(10, left -> {
            done.add("quick");
            slow.complete(null);
            return CompletableFuture.completedFuture(null);
        });
        assertTrue(Drain.run(context, Duration.ofSeconds(30)));
        assertEquals("late", done.get(2));
        assertTrue(done.subList(0, 2).containsAll(List.of("slow", "quick")));
    }

    @Test
    public void drainEndsAtTheDeadlineAndOneThatThrowsStopsNobody() throws Exception {
        List<String> asked = new ArrayList<>();
        drain(1, left -> {
            throw new IllegalStateException("no drain today");
        });
        drain(2, left -> CompletableFuture.failedFuture(new IllegalStateException("nor tomorrow")));
        drain(3, left -> new CompletableFuture<>());
        drain(4, left -> {
            asked.add("last, left " + left);
            return CompletableFuture.completedFuture(null);
        });
        assertFalse(Drain.run(context, Duration.ofMillis(50)));
        assertEquals(List.of("last, left PT0S"), asked);
    }

    @Test
    public void readyWhenAllAddressesAreKnown() {
        Readiness readiness = new Readiness(context, "proxy", new LinkedHashSet<>(List.of("http", "tunnel")), false);
        assertEquals(Map.of(), readiness.addresses(Set.of()));
        register(Map.of("io.adit.ready", "proxy", "http", "http://127.0.0.1:8080"));
        register(Map.of("io.adit.ready", "peer", "tunnel", "the wrong role"));
        assertEquals(Map.of(), readiness.addresses(Set.of()));
        ServiceRegistration<?> tunnel = register(Map.of("io.adit.ready", "proxy", "tunnel", "127.0.0.1:7443"));
        assertEquals("{={http=http://127.0.0.1:8080, tunnel=127.0.0.1:7443}}", readiness.addresses(Set.of()).toString());
        tunnel.unregister();
        assertEquals(Map.of(), readiness.addresses(Set.of()));
    }

    @Test
    public void aPartOfTheRoleBringsItsOwnAddress() {
        Readiness readiness = new Readiness(context, "proxy", new LinkedHashSet<>(List.of("http", "dns")), false);
        register(Map.of("io.adit.ready", "proxy", "http", "http://127.0.0.1:8080"));
        register(Map.of("io.adit.ready", "proxys.dns", "dns", "the wrong role"));
        assertEquals(Map.of(), readiness.addresses(Set.of()));
        register(Map.of("io.adit.ready", "proxy.dns", "dns", "127.0.0.1:5353"));
        assertEquals("{={http=http://127.0.0.1:8080, dns=127.0.0.1:5353}}", readiness.addresses(Set.of()).toString());
    }

    @Test
    public void theAdminPortCountsWhereThereIsOne() {
        Readiness readiness = new Readiness(context, "peer", Collections.singleton("url"), true);
        register(Map.of("io.adit.ready", "peer", "url", "http://demo.localhost:8080/"));
        assertEquals(Map.of(), readiness.addresses(Set.of()));
    }

    @Test
    public void changesAndFailuresAreReportedAlsoThoseFromBefore() throws Exception {
        BlockingQueue<CommandFailure> failures = new LinkedBlockingQueue<>();
        BlockingQueue<String> changes = new LinkedBlockingQueue<>();
        register(Map.of("io.adit.failure", true, "message", "the invitation\nwas refused", "code", 1));
        new Readiness(context, "peer", Collections.singleton("url"), false).watch(() -> changes.add("change"), failures::add);
        assertEquals("the invitation was refused", failures.poll(10, TimeUnit.SECONDS).getMessage());
        changes.clear();
        register(Map.of("io.adit.ready", "peer", "url", "u"));
        assertEquals("change", changes.poll(10, TimeUnit.SECONDS));
    }

    @Test
    public void aPartThatFailsEndsAStartAndNothingThatServes() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        Readiness readiness = new Readiness(context, "proxy", Collections.singleton("http"), false);
        readiness.watch(() -> events.add("change"), failure -> events.add(failure.getMessage()));
        assertEquals("change", events.poll(10, TimeUnit.SECONDS));
        ServiceRegistration<?> part = register(Map.of("io.adit.failure", "start", "message", "the port is in use", "code", 1));
        assertEquals("the port is in use", events.poll(10, TimeUnit.SECONDS));
        part.unregister();
        readiness.serving();
        events.clear();
        register(Map.of("io.adit.failure", "start", "message", "the port is in use", "code", 1));
        assertEquals("change", events.poll(10, TimeUnit.SECONDS));
        assertEquals(List.of(), List.copyOf(events));
        register(Map.of("io.adit.failure", true, "message", "revoked", "code", 1));
        assertEquals("revoked", events.poll(10, TimeUnit.SECONDS));
    }

    @Test
    public void aTunnelThatIsRefusedEndsNothingWhileAnotherGoesOn() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        Readiness readiness = new Readiness(context, "peer", Collections.singleton("url"), false);
        readiness.serving();
        readiness.watch(() -> events.add("change"), failure -> events.add(failure.getMessage()));
        ServiceRegistration<?> first = register(Map.of("state", "connected"));
        ServiceRegistration<?> second = register(Map.of("state", "connecting"));
        register(refused("first was revoked"));
        ServiceRegistration<?> url = register(Map.of("io.adit.ready", "peer", "url", "u"));
        first.unregister();
        second.setProperties(new Hashtable<>(Map.of("state", "stopped")));
        // a new configuration: for a moment there is none that goes on, and that is no failure
        url.unregister();
        assertEquals(List.of("change", "change", "change", "change"), List.copyOf(events));
        register(refused("second has expired"));
        assertEquals("first was revoked; second has expired", List.copyOf(events).get(4));
    }

    @Test
    public void aRefusedTunnelEndsAStartWhenNoOtherHasComeAtTheSecondLook() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        Readiness readiness = new Readiness(context, "peer", Collections.singleton("url"), false);
        readiness.watch(() -> events.add("change"), failure -> events.add(failure.getMessage()));
        register(refused("first was revoked"));
        assertEquals("another configuration may be on its way", List.of("change", "change"), List.copyOf(events));
        assertEquals("first was revoked", readiness.failure(true).orElseThrow().getMessage());
        ServiceRegistration<?> second = register(Map.of("state", "connecting"));
        assertEquals(Optional.empty(), readiness.failure(true));
        second.unregister();
        assertEquals("first was revoked", readiness.failure(true).orElseThrow().getMessage());
    }

    @Test
    public void eachTunnelHasAReadyLineOfItsOwn() {
        Readiness readiness = new Readiness(context, "peer", Collections.singleton("url"), false);
        register(Map.of("io.adit.ready", "peer", "name", "b", "url", "http://b.localhost/"));
        assertEquals("{b={url=http://b.localhost/}}", readiness.addresses(Set.of()).toString());
        register(Map.of("io.adit.ready", "peer", "name", "a", "url", "http://a.localhost/"));
        assertEquals("{a={url=http://a.localhost/}, b={url=http://b.localhost/}}", readiness.addresses(Set.of()).toString());
        assertEquals("what is said already", "{a={url=http://a.localhost/}}", readiness.addresses(Set.of("b")).toString());
    }

    private static Map<String, Object> refused(String message) {
        return Map.of("io.adit.failure", true, "unless", "(&(state=*)(!(state=stopped)))", "message", message, "code", 1);
    }

    private void drain(int order, Function<Duration, CompletionStage<Void>> function) {
        context.registerService(Function.class.getName(), function, new Hashtable<>(Map.of("io.adit.drain", order)));
    }

    private ServiceRegistration<?> register(Map<String, Object> properties) {
        Dictionary<String, Object> dictionary = new Hashtable<>(properties);
        return context.registerService(Object.class, new Object(), dictionary);
    }
}
