package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a container tells Prometheus at one moment, read as strictly as the formats are defined (text format 0.0.4, and OpenMetrics 1.0 as far as is used):
 * whatever is not as it must be is an AssertionError. Immutable.
 */
final class Scrape {

    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();

    /** A family: its samples by name and labels, {@code le} too, in order. */
    record Family(String name, String type, String help, Map<String, Double> samples, Set<String> labels) {
    }

    private final String text;
    private final Map<String, Family> families = new TreeMap<>();
    private final boolean open;

    private Scrape(String text, boolean open) {
        this.text = text;
        this.open = open;
        read();
    }

    static HttpResponse<String> get(String admin, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(admin + "/metrics")).timeout(Await.DEADLINE);
        if (fields.length > 0) {
            request.headers(fields);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** In the older format. */
    static Scrape of(String admin) throws Exception {
        HttpResponse<String> answer = get(admin);
        assertEquals(answer.body(), 200, answer.statusCode());
        assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.headers().firstValue("Content-Type").orElseThrow());
        return new Scrape(answer.body(), false);
    }

    /** As Prometheus asks: with more than there is, and this before the older one. */
    static Scrape open(String admin) throws Exception {
        HttpResponse<String> answer = get(admin, "Accept", "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.1");
        assertEquals(answer.body(), 200, answer.statusCode());
        assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8", answer.headers().firstValue("Content-Type").orElseThrow());
        return new Scrape(answer.body(), true);
    }

    Collection<Family> families() {
        return families.values();
    }

    Family family(String name) {
        Family family = families.get(name);
        assertTrue("there is " + name + " in " + families.keySet(), family != null);
        return family;
    }

    /** Of the samples of that name the sum of those that have all these labels; 0 where there is none. @param labels name, value, name, value, ... */
    double sum(String sample, String... labels) {
        double sum = 0;
        for (Family family : families.values()) {
            for (Map.Entry<String, Double> each : family.samples.entrySet()) {
                boolean matches = each.getKey().startsWith(sample + "{") || each.getKey().equals(sample);
                for (int i = 0; i < labels.length && matches; i += 2) {
                    matches = each.getKey().contains(labels[i] + "=\"" + labels[i + 1] + "\"");
                }
                sum += matches ? each.getValue() : 0;
            }
        }
        return sum;
    }

    private void read() {
        assertTrue("ends with a line end", text.endsWith("\n"));
        List<String> lines = List.of(text.split("\n", -1));
        lines = lines.subList(0, lines.size() - 1);
        if (open) {
            assertEquals("# EOF", lines.get(lines.size() - 1));
            lines = lines.subList(0, lines.size() - 1);
        }
        String helped = "";
        String help = "";
        String typed = "";
        String type = "";
        String last = "";
        int count = 0;
        for (String line : lines) {
            assertFalse("an empty line", line.isEmpty());
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                helped = words[2];
                help = words.length < 4 ? "" : words[3];
            } else if (line.startsWith("# TYPE ")) {
                typed = words[2];
                type = words[3];
                assertTrue(line, typed.matches(NAME) && Set.of("counter", "gauge", "histogram", "summary", "info").contains(type));
            } else if (open && line.startsWith("# UNIT ")) {
                assertTrue(line, words[2].endsWith("_" + words[3]));
            } else {
                assertFalse(line, line.startsWith("#"));
                assertEquals("help and type stand before " + line, helped, typed);
                families.putIfAbsent(typed, new Family(typed, type, help, new LinkedHashMap<>(), new TreeSet<>()));
                assertTrue("all samples of a family stand together: " + line, families.size() > count || typed.equals(last));
                last = typed;
                count = families.size();
                sample(families.get(typed), line);
            }
        }
        families.values().forEach(this::check);
    }

    private void sample(Family family, String line) {
        int at = 0;
        while (at < line.length() && line.charAt(at) != '{' && line.charAt(at) != ' ') {
            at++;
        }
        String name = line.substring(0, at);
        assertTrue(line, name.matches(NAME));
        Set<String> suffixes = switch (family.type) {
            case "histogram" -> Set.of("_bucket", "_count", "_sum", "_created");
            case "summary" -> Set.of("", "_count", "_sum", "_created");
            case "counter" -> open ? Set.of("_total", "_created") : Set.of("");
            case "info" -> Set.of("_info");
            default -> Set.of("");
        };
        assertTrue(name + " in the " + family.type + " " + family.name, name.startsWith(family.name) && suffixes.contains(name.substring(family.name.length())));
        Map<String, String> labels = new TreeMap<>();
        if (line.charAt(at) == '{') {
            at = labels(line, at + 1, labels);
        }
        assertEquals(line, ' ', line.charAt(at));
        String value = line.substring(at + 1);
        double number = switch (value) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN" -> Double.NaN;
            default -> Double.parseDouble(value); // a time stamp behind it would be no number
        };
        labels.keySet().stream().filter(each -> !each.equals("le") && !each.equals("quantile")).forEach(family.labels::add);
        List<String> all = new ArrayList<>();
        labels.forEach((key, text) -> all.add(key + "=\"" + text + "\""));
        assertEquals("twice: " + line, null, family.samples.put(name + (all.isEmpty() ? "" : "{" + String.join(",", all) + "}"), number));
    }

    /** @return where the text goes on behind the closing brace */
    private static int labels(String line, int from, Map<String, String> labels) {
        int at = from;
        while (line.charAt(at) != '}') {
            int equals = line.indexOf('=', at);
            String key = line.substring(at, equals);
            assertTrue(line, key.matches("[a-zA-Z_][a-zA-Z0-9_]*") && line.charAt(equals + 1) == '"');
            StringBuilder value = new StringBuilder();
            at = equals + 2;
            while (line.charAt(at) != '"') {
                if (line.charAt(at) == '\\') {
                    at++;
                    assertTrue(line, "\\\"n".indexOf(line.charAt(at)) >= 0);
                    value.append(line.charAt(at) == 'n' ? '\n' : line.charAt(at));
                } else {
                    value.append(line.charAt(at));
                }
                at++;
            }
            assertEquals(line, null, labels.put(key, value.toString()));
            at++;
            if (line.charAt(at) == ',') {
                at++;
            } else {
                assertEquals(line, '}', line.charAt(at));
            }
        }
        return at + 1;
    }

    /** Buckets grow, in order, to all there are, in each histogram. */
    private void check(Family family) {
        assertFalse("a family without a sample: " + family.name, family.samples.isEmpty());
        if (family.type.equals("counter")) {
            assertTrue(family.name, open || family.name.endsWith("_total"));
            family.samples.forEach((name, value) -> assertTrue(name + " " + value, value >= 0));
        }
        if (!family.type.equals("histogram")) {
            return;
        }
        Map<String, List<double[]>> buckets = new TreeMap<>();
        family.samples.forEach((name, value) -> {
            if (name.startsWith(family.name + "_bucket{")) {
                String end = name.replaceFirst(".*\\ble=\"([^\"]*)\".*", "$1");
                String others = name.replaceFirst(",?le=\"[^\"]*\",?", "").replace("{}", "");
                buckets.computeIfAbsent(others.replaceFirst("_bucket", ""), key -> new ArrayList<>())
                    .add(new double[] {end.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(end), value});
            }
        });
        assertFalse(family.name, buckets.isEmpty());
        buckets.forEach((labels, list) -> {
            for (int i = 1; i < list.size(); i++) {
                assertTrue(labels, list.get(i)[0] > list.get(i - 1)[0] && list.get(i)[1] >= list.get(i - 1)[1]);
            }
            double[] last = list.get(list.size() - 1);
            assertEquals(labels, Double.POSITIVE_INFINITY, last[0], 0);
            String count = labels.replaceFirst(family.name, family.name + "_count");
            assertEquals(count, last[1], family.samples.getOrDefault(count, -1.0), 0);
            double sum = family.samples.getOrDefault(labels.replaceFirst(family.name, family.name + "_sum"), -1.0);
            double least = 0;
            double most = 0;
            for (int i = 0; i < list.size(); i++) {
                double inside = list.get(i)[1] - (i == 0 ? 0 : list.get(i - 1)[1]);
                least += i == 0 ? 0 : inside * list.get(i - 1)[0];
                most += inside == 0 ? 0 : inside * list.get(i)[0];
            }
            assertTrue(labels + ": the sum " + sum + " is within " + least + " and " + most, sum >= least && sum <= most);
        });
    }
}
