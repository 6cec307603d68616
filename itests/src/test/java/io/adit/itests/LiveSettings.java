package io.adit.itests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings that are changed while the proxy and the peer of a site run, as an operator does it: in the files of etc/. They are at work when this is there; closing
 * puts back what was before. Not thread-safe.
 */
final class LiveSettings implements AutoCloseable {

    /** The configuration of the peer; the others are the proxy's. */
    private static final String ORIGIN = "io.adit.origin";
    private static final Pattern MARK = Pattern.compile("\\{\"id\":\"(\\d+)\",\"types\":\"\\[java.lang.Object]\",[^}]*\"bundleSymbolicName\":\"io.adit.proxy\"}");

    private final Site site;
    /** By PID. */
    private final Map<String, List<String>> before = new TreeMap<>();

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
        for (Map.Entry<String, Map<String, String>> each : byPid.entrySet()) {
            List<String> lines = Files.readAllLines(live.file(each.getKey()));
            live.before.put(each.getKey(), lines);
            live.write(each.getKey(), with(each.getValue(), lines));
        }
        return live;
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
        String then = instance(pid);
        // in one step, as FileInstall looks all the time
        Path part = Files.write(site.folder().resolve(file.getFileName() + ".part"), lines);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Await.until(pid + " is at work with " + lines, () -> {
            String now = instance(pid);
            return !now.isEmpty() && !now.equals(then);
        });
    }

    private Path file(String pid) {
        return (pid.equals(ORIGIN) ? site.peerHome() : site.proxyHome()).resolve("etc").resolve(pid + ".config");
    }

    /**
     * Another text when what has this configuration is there anew: of the origin the lines in which it says that it is, in front of which requests wait for it; of
     * the public side the proxy's mark that it serves, which it sets when servlet and port are there. Empty while there is none.
     */
    private String instance(String pid) throws Exception {
        if (pid.equals(ORIGIN)) {
            return "lines: " + Files.readAllLines(site.peerHome().resolve("log").resolve("adit.log")).stream().filter(line -> line.contains(" - The origin is ")).count();
        }
        // as text: a list that is made while services go ends in the midst
        Matcher mark = MARK.matcher(new ConsolePage(site.proxyAddress("admin"), site.proxyHome()).get("services.json").body());
        return mark.find() ? "service " + mark.group(1) : "";
    }
}
