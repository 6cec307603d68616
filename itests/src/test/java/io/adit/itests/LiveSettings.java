package io.adit.itests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings that are changed while the proxy and the peer of a site run, as an operator does it: in the files of etc/. They are at work when this is there;
 * closing puts back what was before. Not thread-safe.
 */
final class LiveSettings implements AutoCloseable {

    /** The configuration of the peer; the others are the proxy's. */
    private static final String ORIGIN = "io.adit.origin";
    /** In the console's list, what is another service when all is there anew: the origin, and the proxy's mark that servlet and port are there. */
    private static final Pattern ORIGIN_MARK = mark("io.adit.origin", "io.adit.api.RequestHandler");
    private static final Pattern PROXY_MARK = mark("io.adit.proxy", "java.lang.Object");

    private final Site site;
    /** By PID. */
    private final Map<String, List<String>> before = new TreeMap<>();

    /** What it had may be away for good, with settings that are refused. */
    private boolean failed;

    private LiveSettings(Site site) {
        this.site = site;
    }

    /** @param settings of {@code io.adit.origin}, {@code io.adit.port} and {@code io.adit.proxy}, as {@code --set} has them: {@code PID:key=value} */
    static LiveSettings change(Site site, List<String> settings) throws Exception {
        Map<String, Map<String, String>> byPid = new TreeMap<>();
        for (String each : settings) {
            String[] parts = each.split("[:=]", 3);
            byPid.computeIfAbsent(parts[0], pid -> new LinkedHashMap<>()).put(parts[1], parts[2]);
        }
        LiveSettings live = new LiveSettings(site);
        try {
            for (Map.Entry<String, Map<String, String>> each : byPid.entrySet()) {
                List<String> lines = Files.readAllLines(live.file(each.getKey()));
                live.before.put(each.getKey(), lines);
                live.write(each.getKey(), with(each.getValue(), lines));
            }
            return live;
        } catch (Throwable e) {
            live.failed = true;
            try (live) {
                throw e;
            }
        }
    }

    private static List<String> with(Map<String, String> values, List<String> before) {
        List<String> lines = new ArrayList<>(before);
        values.forEach((key, value) -> {
            lines.removeIf(line -> line.startsWith(key + " ="));
            lines.add(key + " = \"" + value.replaceAll("([\"\\\\=])", "\\\\$1") + "\"");
        });
        return lines;
    }

    @Override
    public void close() throws Exception {
        for (Map.Entry<String, List<String>> each : before.entrySet()) {
            write(each.getKey(), each.getValue());
        }
    }

    private void write(String pid, List<String> lines) throws Exception {
        Path file = file(pid);
        if (lines.equals(Files.readAllLines(file))) {
            return; // nothing would happen
        }
        // without it, the one that is there now would pass for the new one as soon as the console tells of it
        String then = failed ? instance(pid)
            : Await.value(pid + " is there before it is changed", () -> Optional.of(instance(pid)).filter(mark -> !mark.isEmpty()));
        WholeFile.write(file, lines);
        Await.until(pid + " is at work with " + lines, () -> {
            String now = instance(pid);
            return !now.isEmpty() && !now.equals(then);
        });
    }

    private Path file(String pid) {
        return home(pid).resolve("etc").resolve(pid + ".config");
    }

    private Path home(String pid) {
        return pid.equals(ORIGIN) ? site.peerHome() : site.proxyHome();
    }

    private static Pattern mark(String bundle, String type) {
        return Pattern.compile("\\{\"id\":\"(\\d+)\",\"types\":\"\\[" + Pattern.quote(type) + "[],][^}]*\"bundleSymbolicName\":\""
            + Pattern.quote(bundle) + "\"}");
    }

    /** Another one when what has this configuration is there anew; empty while it is not there. Requests wait for it. */
    private String instance(String pid) throws Exception {
        String admin = pid.equals(ORIGIN) ? site.peerAddress("admin") : site.proxyAddress("admin");
        // as text: a list that is made while services go ends in the midst
        Matcher mark = (pid.equals(ORIGIN) ? ORIGIN_MARK : PROXY_MARK).matcher(new ConsolePage(admin, home(pid)).get("services.json").body());
        return mark.find() ? mark.group(1) : "";
    }
}
