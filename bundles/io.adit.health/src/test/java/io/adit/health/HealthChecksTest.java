package io.adit.health;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.api.HealthSource;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.apache.felix.hc.api.ResultLog;
import org.junit.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** Which checks there are, and what they make of what sources say. */
public class HealthChecksTest {

    private final Map<String, HealthCheck> checks = new TreeMap<>();
    private final List<Dictionary<?, ?>> properties = new ArrayList<>();
    private final HealthChecks component = new HealthChecks(context());

    private BundleContext context() {
        return proxy(BundleContext.class, (method, args) -> {
            Dictionary<?, ?> given = (Dictionary<?, ?>) args[2];
            properties.add(given);
            checks.put(((String[]) given.get(HealthCheck.TAGS))[1], (HealthCheck) args[1]);
            return proxy(ServiceRegistration.class, (called, none) -> checks.remove(((String[]) given.get(HealthCheck.TAGS))[1]));
        });
    }

    private interface Answer {
        Object of(String method, Object[] args);
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(HealthChecksTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> answer.of(method.getName(), args)));
    }

    @Test
    public void aContainerHasTheChecksOfWhatItIs() {
        assertEquals(Set.of("heap", "disk", "clock", "configuration", "codec", "credit", "round-trip"), checks.keySet());
        component.addPeer(null);
        assertTrue(checks.keySet().toString(), checks.containsKey("tunnel") && !checks.containsKey("tunnel-port"));
        component.addRegistry(null);
        component.addRegistry(null);
        assertEquals(Mode.values().length, checks.size());
        assertEquals("each once", checks.size(), properties.size());
        component.deactivate();
        assertEquals(Set.of(), checks.keySet());
    }

    @Test
    public void whatAllSourcesSayOfItIsInTheResult() {
        component.addRegistry(null);
        assertEquals(Result.Status.OK, checks.get("mail").execute().getStatus());
        component.sources.add(() -> List.of(HealthSource.ok("mail", "mail goes out"), HealthSource.bad("webhook", State.FAIL, "bad", "Mend it.")));
        component.sources.add(() -> List.of(HealthSource.bad("mail", State.WARN, "no\nmail", "Look at it.")));
        Result result = checks.get("mail").execute();
        assertEquals(Result.Status.WARN, result.getStatus());
        List<String> messages = new ArrayList<>();
        for (ResultLog.Entry entry : result) {
            messages.add(entry.getMessage());
        }
        assertEquals(List.of("mail goes out", "no mail. Look at it."), messages);
        assertEquals(Result.Status.CRITICAL, checks.get("webhook").execute().getStatus());
        assertEquals(Result.Status.OK, checks.get("acme").execute().getStatus());
    }

    @Test
    public void aStateIsAStatus() {
        Map<State, Result.Status> table = Map.of(State.OK, Result.Status.OK, State.SKIPPED, Result.Status.OK, State.WARN, Result.Status.WARN, State.WAIT,
            Result.Status.TEMPORARILY_UNAVAILABLE, State.FAIL, Result.Status.CRITICAL);
        table.forEach((state, status) -> assertEquals(status, ModeCheck.status(state)));
        assertEquals(Check.State.values().length, table.size());
    }

    /** The table in docs/HEALTH.md: name, tags. */
    @Test
    public void theDocumentListsThemAll() throws Exception {
        Set<String> expected = new TreeSet<>();
        for (Mode mode : Mode.values()) {
            expected.add(mode.id() + " " + mode.side().name().toLowerCase(java.util.Locale.ROOT) + (mode.isReadiness() ? " ready" : ""));
        }
        Set<String> listed = new TreeSet<>();
        Set<String> withText = new HashSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (both|proxy|peer) \\| (yes)? ?\\| ([^|]+) \\| ([^|]+) \\|$").matcher(Files.readString(Path.of("../../docs/HEALTH.md")));
        while (row.find()) {
            listed.add(row.group(1) + " " + row.group(2) + (row.group(3) == null ? "" : " ready"));
            withText.add(row.group(4));
        }
        assertEquals(expected, listed);
        assertEquals(listed.size(), withText.size());
        assertEquals(Mode.values().length, Arrays.stream(Mode.values()).map(Mode::title).distinct().count());
    }
}
