package io.adit.itests;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.apache.felix.utils.json.JSONParser;

/**
 * Asks the running proxy of a home what {@code adit invite}, {@code names} and so on ask it, without the second of processor time that a process takes.
 * The commands themselves are tested by {@link CommandLineIT} and {@link NetworkIT}. Immutable.
 */
record Control(Path home) {

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();

    String invite(String name) throws Exception {
        return (String) send("POST", "invitations", "{\"name\":\"" + name + "\"}").get("invitation");
    }

    String inviteProxy(String name) throws Exception {
        return (String) send("POST", "proxies", "{\"name\":\"" + name + "\"}").get("invitation");
    }

    void revoke(String name) throws Exception {
        send("DELETE", "names/" + name, null);
    }

    void revokeProxy(String name) throws Exception {
        send("DELETE", "proxies/" + name, null);
    }

    void move(String name, String proxy) throws Exception {
        send("POST", "names/" + name + "/move", "{\"proxy\":\"" + proxy + "\"}");
    }

    /** Name, state, since and codec, as the command's first columns. */
    List<String> names() throws Exception {
        List<String> lines = new ArrayList<>();
        for (Object each : (List<?>) send("GET", "names?limit=500", null).get("names")) {
            Map<?, ?> name = (Map<?, ?>) each;
            lines.add(name.get("name") + "\t" + name.get("state") + "\t" + name.get("since") + "\t" + (name.get("codec") == null ? "-" : "v" + name.get("codec")));
        }
        return lines;
    }

    /** How many peers serve the name. */
    int connected(String name) throws Exception {
        return ((List<?>) send("GET", "names?limit=500", null).get("names")).stream().map(each -> (Map<?, ?>) each)
            .filter(each -> name.equals(each.get("name"))).map(each -> ((Number) each.get("connected")).intValue()).findFirst().orElseThrow();
    }

    /** Name and state, as the command's first columns. */
    List<String> proxies() throws Exception {
        List<String> lines = new ArrayList<>();
        for (Object each : (List<?>) send("GET", "proxies", null).get("proxies")) {
            Map<?, ?> proxy = (Map<?, ?>) each;
            lines.add(proxy.get("name") + "\t" + proxy.get("state") + "\t");
        }
        return lines;
    }

    /** @throws AssertionError when the answer is an error, or there is none */
    private Map<String, Object> send(String method, String path, String json) throws Exception {
        Properties running = new Properties();
        try (Reader file = Files.newBufferedReader(home.resolve("data").resolve("run.properties"))) {
            running.load(file);
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(running.getProperty("admin") + "/adit/api/" + path)).timeout(Await.DEADLINE)
            .header("Authorization", "Bearer " + Files.readString(home.resolve("conf").resolve("admin.token")).strip());
        if (json == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(json));
        }
        HttpResponse<String> answer;
        try {
            answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer from the proxy: " + e, e);
        }
        assertTrue(method + " " + path + ": " + answer.statusCode() + " " + answer.body(), answer.statusCode() < 300);
        return answer.body().isEmpty() ? Map.of() : new JSONParser(answer.body()).getParsed();
    }
}
