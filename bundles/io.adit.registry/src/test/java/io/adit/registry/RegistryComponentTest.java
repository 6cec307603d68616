package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.adit.api.RegistrationException;
import io.adit.api.RequestHandler;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

public class RegistryComponentTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final StreamPair link = new StreamPair();
    private final List<Dictionary<?, ?>> registered = new CopyOnWriteArrayList<>();

    private BundleContext context(String home) {
        return (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, args) -> {
            switch (method.getName()) {
            case "getProperty":
                return args[0].equals("adit.home") ? home : null;
            case "registerService":
                registered.add((Dictionary<?, ?>) args[2]);
                if (args[1] instanceof RequestHandler handler) { // as a connector does for which a link waits
                    handler.handle(new RequestHead("LINK", "adit", "reg.example:7443", "/", "ADIT/1", Fields.EMPTY, "", "", -1), false, link.peer());
                }
                return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ServiceRegistration.class}, (p, m, a) -> null);
            case "getBundles":
                return new Bundle[0];
            default:
                throw new UnsupportedOperationException(method.getName());
            }
        });
    }

    @Test
    public void theStoreIsUnderTheHome() {
        Path home = folder.getRoot().toPath().resolve("home");
        RegistryComponent component = new RegistryComponent(context(home.toString()), Configurations.with());
        assertTrue(Files.isRegularFile(home.resolve("data/registry.mv.db")));
        assertEquals(List.of(), component.names());
        component.deactivate();
        component.deactivate();
    }

    @Test
    public void withoutAHomeTheStoreIsBelowTheWorkingDirectory() {
        Path relative = Path.of("").toAbsolutePath().relativize(folder.getRoot().toPath());
        new RegistryComponent(context(null),
                Configurations.with("store", relative.resolve("registry").toString(), "ticket_key", relative.resolve("ticket.key").toString())).deactivate();
        assertTrue(Files.isRegularFile(folder.getRoot().toPath().resolve("registry.mv.db")));
    }

    @Test
    public void anActivationThatFailsSaysWhyInOneLine() throws Exception {
        Path home = folder.getRoot().toPath().resolve("home");
        assertThrows(IllegalArgumentException.class, () -> new RegistryComponent(context(home.toString()), Configurations.with("grace_millis", -5L)));
        assertFalse("nothing was begun", Files.exists(home));
        Files.createDirectories(home);
        Files.createFile(home.resolve("data"));
        IllegalStateException e = assertThrows(IllegalStateException.class,
                () -> new RegistryComponent(context(home.toString()), Configurations.with()));
        assertTrue(e.getMessage(), e.getMessage().startsWith("io.adit.registry: store=" + home.resolve("data/registry.mv.db") + " cannot be opened: "));
        assertFalse(e.getMessage().contains("\n"));
    }

    @Test
    public void withoutTheDriverAStoreInPostgresIsRefusedInOneLine() {
        String home = folder.getRoot().toString();
        assertEquals("io.adit.registry: store=jdbc:postgresql://127.0.0.1:1/x cannot be opened: the store failed: there is no PostgreSQL driver: the bundle "
                + "org.postgresql.jdbc is not installed", assertThrows(IllegalStateException.class,
                        () -> new RegistryComponent(context(home), Configurations.with("store", "jdbc:postgresql://127.0.0.1:1/x?user=adit"))).getMessage());
    }

    @Test
    public void withoutAnAcceptorThereAreNoInvitations() {
        RegistryComponent component = new RegistryComponent(context(folder.getRoot().toString()), Configurations.with());
        try {
            assertThrows(RegistrationException.class, () -> component.invite("demo"));
        } finally {
            component.deactivate();
        }
    }

    @Test
    public void aLinkThatWaitsForTheHandlerMakesItReady() throws Exception {
        StreamPair.send(link.proxy(), "key public=" + TicketKey.of(folder.getRoot().toPath().resolve("k")).openText() + "&proxy=p1\nnames at=1&more=no\n");
        RegistryComponent component = new RegistryComponent(context(folder.getRoot().toString()), Configurations.with("linked", true));
        try {
            assertEquals(true, registered.get(0).get("io.adit.link"));
            assertEquals("proxy", registered.get(1).get("io.adit.ready"));
            assertEquals("reg.example:7443", registered.get(1).get("registrar"));
        } finally {
            component.deactivate();
        }
    }
}
