package io.adit.mail;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.adit.api.HealthSource;
import io.adit.api.LocalAnswers;
import io.adit.api.PresenceListener;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** What the component registers, and that it sends. */
public class MailTest {

    private static final long DEADLINE_MILLIS = 60_000;

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final Map<String, Object> services = new TreeMap<>();

    private Mail mail(Object... settings) {
        Map<String, Object> all = new HashMap<>(Map.of("announce.after.seconds", 0));
        for (int i = 0; i < settings.length; i += 2) {
            all.put((String) settings[i], settings[i + 1]);
        }
        return new Mail(context(), Fixtures.config(all));
    }

    @Test
    public void itTellsAndAnswersWhileItIsThere() throws Exception {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(DEADLINE_MILLIS);
        GreenMail server = new GreenMail(setup);
        server.start();
        try {
            Mail mail = mail("smtp.port", server.getSmtp().getPort());
            assertEquals(List.of(HealthSource.class.getName(), LocalAnswers.class.getName(), PresenceListener.class.getName()), List.copyOf(services.keySet()));
            ((PresenceListener) services.get(PresenceListener.class.getName())).online(Fixtures.presence("alice", "notify", "bob@example.net"));
            assertTrue(server.waitForIncomingEmail(DEADLINE_MILLIS, 1));
            String link = server.getReceivedMessages()[0].getHeader("List-Unsubscribe", null);
            String path = link.substring(link.indexOf("/.well-known/"), link.length() - 1);
            LocalAnswers answers = (LocalAnswers) services.get(LocalAnswers.class.getName());
            assertEquals(200, answers.page("POST", "tunnel.example", path).orElseThrow().toCompletableFuture().join().status());
            assertEquals(Optional.empty(), answers.page("POST", "tunnel.example", path + "x"));
            mail.deactivate();
            assertEquals(Map.of(), services);
            assertFalse(Thread.getAllStackTraces().keySet().stream().anyMatch(each -> each.getName().startsWith("adit-mail")));
        } finally {
            server.stop();
        }
    }

    @Test
    public void aBadConfigurationIsNoFailureOfTheContainer() throws Exception {
        Mail bad = mail("from", "nobody");
        String told = ((HealthSource) services.get(HealthSource.class.getName())).conditions().get(0).toString();
        assertTrue(told, told.startsWith("FAIL mail: io.adit.mail: from"));
        bad.deactivate();
        assertEquals(Map.of(), services);
        Files.writeString(temporary.getRoot().toPath().resolve("broken"), "no key");
        mail("key.file", "broken").deactivate();
        assertEquals(Map.of(), services);
        Files.createDirectories(temporary.getRoot().toPath().resolve("folder.mv.db"));
        mail("store", "folder").deactivate();
        assertEquals(Map.of(), services);
    }

    private BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(BundleContext.class.getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, arguments) ->
                switch (method.getName()) {
                    case "getProperty" -> temporary.getRoot().toString();
                    case "registerService" -> {
                        String name = ((Class<?>) arguments[0]).getName();
                        services.put(name, arguments[1]);
                        yield Proxy.newProxyInstance(ServiceRegistration.class.getClassLoader(), new Class<?>[] {ServiceRegistration.class}, (one, unregister, none) -> {
                            services.remove(name);
                            return null;
                        });
                    }
                    default -> throw new AssertionError(method);
                });
    }
}
