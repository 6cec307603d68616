package io.adit.acme;

import static org.junit.Assert.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.adit.api.HealthSource;
import io.adit.api.LocalAnswers;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** What the component registers. */
public class AcmeTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final List<String> events = new ArrayList<>();

    @Test
    public void itAnswersChallengesWhileItIsThere() {
        Acme acme = new Acme(context(), Config.of(Map.of("domains", new String[] {"example.org"}, "terms.agreed", true)));
        assertEquals(List.of("+" + LocalAnswers.class.getName(), "+" + HealthSource.class.getName()), events);
        acme.deactivate();
        assertEquals(List.of("+" + LocalAnswers.class.getName(), "+" + HealthSource.class.getName(), "-" + HealthSource.class.getName(), "-" + LocalAnswers.class.getName()), events);
    }

    @Test
    public void aBadConfigurationIsNoFailureOfTheContainer() {
        Acme acme = new Acme(context(), Config.of(Map.of("domains", new String[] {"*.example.org"}, "terms.agreed", true)));
        Object ready = new Object();
        acme.ready(ready);
        acme.unready(ready);
        assertEquals("what is wrong is told", List.of("+" + HealthSource.class.getName()), events);
        acme.deactivate();
        assertEquals(2, events.size());
    }

    private BundleContext context() {
        return fake(BundleContext.class, (method, arguments) -> switch (method) {
            case "getProperty" -> arguments[0].equals("adit.home") ? temporary.getRoot().toString() : null;
            case "registerService" -> {
                String name = ((Class<?>) arguments[0]).getName();
                events.add("+" + name);
                yield fake(ServiceRegistration.class, (unregister, none) -> events.add("-" + name) ? null : null);
            }
            default -> throw new AssertionError(method);
        });
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }
}
