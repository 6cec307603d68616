package io.adit.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;

import io.adit.call.FakeRegistrations;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

public class RestComponentTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Dictionary<?, ?> registered;
    private int unregistered;

    private final BundleContext context = (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
            (proxy, method, args) -> {
                if (method.getName().equals("registerService")) {
                    registered = (Dictionary<?, ?>) args[2];
                    return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ServiceRegistration.class}, (p, m, a) -> {
                        if (++unregistered > 1) {
                            throw new IllegalStateException("already unregistered");
                        }
                        return null;
                    });
                }
                return null;
            });

    private CommandConfiguration with(Map<String, Object> changes) {
        Path file = folder.getRoot().toPath().resolve("conf/admin.token");
        return (CommandConfiguration) Proxy.newProxyInstance(RestComponentTest.class.getClassLoader(), new Class<?>[] {CommandConfiguration.class},
                (proxy, method, args) -> changes.getOrDefault(method.getName(), method.getName().equals("token_file") ? file.toString() : method.getDefaultValue()));
    }

    private RestComponent component(Map<String, Object> changes) {
        RestComponent component = new RestComponent(context, with(changes));
        component.register();
        return component;
    }

    @Test
    public void theServletIsForEveryServerButThePublicOnes() throws Exception {
        component(Map.of());
        assertEquals("/adit/api/*", registered.get("osgi.http.whiteboard.servlet.pattern"));
        var target = FrameworkUtil.createFilter((String) registered.get("osgi.http.whiteboard.target"));
        assertTrue("the main server has no name", target.match(new Hashtable<>(Map.of("osgi.http.endpoint", "http://127.0.0.1:8181/"))));
        assertFalse(target.match(new Hashtable<>(Map.of("org.apache.felix.http.name", "public"))));
        assertFalse(target.match(new Hashtable<>(Map.of("org.apache.felix.http.name", "content"))));
    }

    @Test
    public void theTokenIsMadeOnceForTheOwnerOnly() throws Exception {
        component(Map.of());
        Path file = folder.getRoot().toPath().resolve("conf/admin.token");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String token = Files.readString(file);
        assertTrue(token, token.matches("[A-Za-z0-9_-]{43}\n"));
        component(Map.of());
        assertEquals(token, Files.readString(file));
        assertTrue(new AdminToken(file).accepts("bearer " + token.strip()));
        for (String bad : new String[] {null, "", "Bearer", "Bearer ", "Bearer x", "Basic " + token, token.strip(), "Bearer " + token.strip() + "x"}) {
            assertFalse(bad, new AdminToken(file).accepts(bad));
        }
        Files.writeString(file, " \n");
        assertThrows("an empty one lets nobody in", IOException.class, () -> new AdminToken(file).accepts("Bearer "));
    }

    @Test
    public void theServletGoesWithTheComponent() {
        RestComponent component = component(Map.of());
        component.deactivate();
        component.deactivate();
        assertTrue(unregistered > 0);
    }

    @Test
    public void aBadValueIsRefusedWithPidAndKey() {
        for (var bad : Map.of("http_target", (Object) "(a=", "token_file", " ", "body_max_bytes", 63, "hosts", new String[] {"a:1"}).entrySet()) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> component(Map.of(bad.getKey(), bad.getValue())));
            assertTrue(e.getMessage(), e.getMessage().startsWith("io.adit.command: " + bad.getKey().replace('_', '.') + " must be "));
        }
        assertEquals("nothing was registered", null, registered);
    }

    /** A form sends one where there is none. */
    @Test
    public void anEmptyHostIsNothing() {
        component(Map.of("hosts", new String[] {"", " ", "a.example, b.example,"}));
        assertEquals("/adit/api/*", registered.get("osgi.http.whiteboard.servlet.pattern"));
    }

    @Test
    public void aLauncherSeesWhetherThereIsARegistry() {
        RestComponent component = component(Map.of());
        FakeRegistrations first = new FakeRegistrations();
        component.setRegistrations(first);
        assertEquals(true, registered.get("io.adit.control"));
        FakeRegistrations second = new FakeRegistrations();
        component.setRegistrations(second);
        component.unsetRegistrations(first);
        assertEquals("there is still one", 0, unregistered);
        component.unsetRegistrations(second);
        assertEquals(1, unregistered);
    }
}
