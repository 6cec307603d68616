package io.adit.runtime;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.adit.api.Check;
import io.adit.api.CheckReport;
import org.apache.felix.utils.json.JSONParser;
import org.apache.felix.utils.json.JSONWriter;

/** Asks the running proxy of a DIR, at the REST endpoint of its admin port, with the token in DIR/conf/admin.token. */
final class ControlClient {

    /** The longest is a diagnosis. */
    private static final Duration DEADLINE = Duration.ofSeconds(120);
    private static final String PROBLEM = "application/problem+json";
    private static final int PAGE = 1000;

    private final URI base;
    private final Home home;
    private final HttpClient client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).proxy(HttpClient.Builder.NO_PROXY).build();

    private ControlClient(URI base, Home home) {
        this.base = base;
        this.home = home;
    }

    static ControlClient of(Home home) throws CommandFailure {
        try {
            String admin = RunFile.read(home.runFile()).map(run -> run.addresses().get("admin"))
                .orElseThrow(() -> CommandFailure.runTime("no proxy is running on " + home.root()));
            return new ControlClient(URI.create(admin + "/adit/api/"), home);
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot read " + home.root() + ": " + Failures.oneLine(e), e);
        }
    }

    /** @param terms the members of the request besides the name */
    String invite(String name, Map<String, Object> terms) throws CommandFailure {
        Map<String, Object> body = new LinkedHashMap<>(terms);
        body.put("name", name);
        return text(send("POST", "invitations", body).get("invitation"));
    }

    String inviteProxy(String name) throws CommandFailure {
        return text(send("POST", "proxies", Map.of("name", name)).get("invitation"));
    }

    void change(String name, Map<String, Object> terms) throws CommandFailure {
        send("PATCH", "names/" + part(name), terms);
    }

    void rename(String name, String to) throws CommandFailure {
        send("POST", "names/" + part(name) + "/rename", Map.of("to", to));
    }

    /** Of a peer, or of a proxy. */
    void revoke(String name) throws CommandFailure {
        boolean proxy = proxies().stream().anyMatch(row -> row.get(0).equalsIgnoreCase(name) && !row.get(1).equals("here"));
        send("DELETE", (proxy ? "proxies/" : "names/") + part(name), null);
    }

    void move(String name, String proxy) throws CommandFailure {
        send("POST", "names/" + part(name) + "/move", Map.of("proxy", proxy));
    }

    /** Name, state, since, tunnel, peers, capacity. */
    List<List<String>> proxies() throws CommandFailure {
        return rows(send("GET", "proxies", null).get("proxies"), "name", "state", "since", "tunnel", "peers", "capacity");
    }

    /** Name, state, since, codec, expires, quota. */
    List<List<String>> names() throws CommandFailure {
        List<List<String>> rows = new ArrayList<>();
        String next = "";
        while (next != null) {
            Map<String, Object> page = send("GET", "names?limit=" + PAGE + "&after=" + part(next), null);
            for (Map<?, ?> name : maps(page.get("names"))) {
                rows.add(List.of(text(name.get("name")), text(name.get("state")), text(name.get("since")),
                    name.get("codec") == null ? "-" : "v" + name.get("codec"), text(name.get("expires")), quota(name.get("quota")), String.valueOf(name.get("connected"))));
            }
            next = (String) page.get("next");
        }
        return rows;
    }

    /** Name, since, until, what it is called now. */
    List<List<String>> quarantine() throws CommandFailure {
        return rows(send("GET", "quarantine", null).get("names"), "name", "since", "until", "renamed");
    }

    /** The TXT record to set: its name, its text. */
    List<String> addDomain(String name, String domain) throws CommandFailure {
        Map<String, Object> added = send("POST", "domains", Map.of("name", name, "domain", domain));
        return List.of(text(added.get("record")), text(added.get("value")), text(added.get("state")));
    }

    /** Domain, name, state, since, what is wrong. */
    List<List<String>> checkDomain(String domain) throws CommandFailure {
        return domains(send("POST", "domains/" + part(domain) + "/check", null));
    }

    /** @param name of which it is; null for any */
    void removeDomain(String domain, String name) throws CommandFailure {
        send("DELETE", "domains/" + part(domain) + (name == null ? "" : "?of=" + part(name)), null);
    }

    /** Domain, name, state, since, what is wrong. */
    List<List<String>> domains() throws CommandFailure {
        return domains(send("GET", "domains", null));
    }

    /** @param name of a peer; may be empty */
    CheckReport diagnosis(String name) throws CommandFailure {
        Map<String, Object> answer = send("GET", "diagnosis" + (name.isEmpty() ? "" : "?name=" + part(name)), null);
        List<Check> checks = maps(answer.get("checks")).stream().map(each -> new Check(text(each.get("name")), Check.State.valueOf(text(each.get("state"))),
            text(each.get("text")), text(each.get("advice")), each.get("millis") instanceof Number millis ? millis.doubleValue() : -1)).toList();
        return new CheckReport(name, text(answer.get("verdict")), checks);
    }

    private static List<List<String>> domains(Map<String, Object> answer) {
        return rows(answer.get("domains"), "domain", "name", "state", "since", "problem");
    }

    private static String quota(Object quota) {
        StringBuilder text = new StringBuilder();
        for (String limit : List.of("streams", "rate", "bandwidth")) {
            if (quota instanceof Map<?, ?> map && map.get(limit) instanceof Long number) {
                text.append(text.isEmpty() ? "" : ",").append(limit).append('=').append(number == 0 ? "none" : number.toString());
            }
        }
        return text.isEmpty() ? "-" : text.toString();
    }

    private static List<List<String>> rows(Object list, String... members) {
        List<List<String>> rows = new ArrayList<>();
        for (Map<?, ?> map : maps(list)) {
            List<String> row = new ArrayList<>();
            for (String member : members) {
                row.add(text(map.get(member)));
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<? extends Map<?, ?>> maps(Object list) {
        return list instanceof List<?> all ? all.stream().map(each -> (Map<?, ?>) each).toList() : List.of();
    }

    private static String text(Object value) {
        return value == null ? "-" : value.toString();
    }

    private static String part(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String json(Map<String, Object> body) throws IOException {
        StringWriter text = new StringWriter();
        JSONWriter json = new JSONWriter(text).object();
        for (Map.Entry<String, Object> member : body.entrySet()) {
            json.key(member.getKey()).value(member.getValue());
        }
        json.endObject().flush();
        return text.toString();
    }

    private String token() throws CommandFailure {
        try {
            return Files.readString(home.tokenFile()).strip();
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot read " + home.tokenFile() + ": " + Failures.oneLine(e), e);
        }
    }

    private Map<String, Object> send(String method, String path, Map<String, Object> body) throws CommandFailure {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(DEADLINE).header("Authorization", "Bearer " + token());
            if (body == null) {
                request.method(method, HttpRequest.BodyPublishers.noBody());
            } else {
                request.header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(json(body)));
            }
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            int status = response.statusCode();
            String type = response.headers().firstValue("Content-Type").orElse("");
            if (status == 204) {
                return Map.of();
            } else if (status < 300 && type.startsWith("application/json")) {
                return new JSONParser(response.body()).getParsed();
            } else if (status == 401) {
                throw CommandFailure.runTime("the proxy did not accept the token in conf/admin.token");
            } else if (type.startsWith(PROBLEM)) {
                throw CommandFailure.runTime(Failures.oneLine(text(new JSONParser(response.body()).getParsed().get("detail"))));
            }
            throw CommandFailure.runTime("the proxy has no answer to this command (HTTP " + status
                + " from " + response.uri() + "): is the bundle io.adit.command in its load folder?");
        } catch (IOException e) {
            throw CommandFailure.runTime("the proxy does not answer at " + base + ": " + Failures.oneLine(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.runTime("interrupted", e);
        }
    }
}
