package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.adit.api.RegistrationException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleContext;

public class RegistryComponentTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private BundleContext context(String home) {
        File data = new File(folder.getRoot(), "bundle-data");
        return (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, args) -> {
            switch (method.getName()) {
            case "getProperty":
                return args[0].equals("adit.home") ? home : null;
            case "getDataFile":
                return new File(data, (String) args[0]);
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
    public void withoutAHomeTheStoreIsInTheBundlesDataArea() {
        new RegistryComponent(context(null), Configurations.with()).deactivate();
        assertTrue(Files.isRegularFile(folder.getRoot().toPath().resolve("bundle-data/data/registry.mv.db")));
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
    public void withoutAnAcceptorThereAreNoInvitations() {
        RegistryComponent component = new RegistryComponent(context(folder.getRoot().toString()), Configurations.with());
        try {
            assertThrows(RegistrationException.class, () -> component.invite("demo"));
        } finally {
            component.deactivate();
        }
    }
}
