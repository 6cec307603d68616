package io.adit.itests;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Properties;

/**
 * Asks the running proxy of a home what {@code adit invite}, {@code names} and so on ask it, without the second of processor time that a process takes.
 * The commands themselves are tested by {@link CommandLineIT} and {@link NetworkIT}. Immutable.
 */
record Control(Path home) {

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();

    String invite(String name) throws Exception {
        return post("invite", "name", name).get(0);
    }

    String inviteProxy(String name) throws Exception {
        return post("invite-proxy", "name", name).get(0);
    }

    void revoke(String name) throws Exception {
        post("revoke", "name", name);
    }

    void move(String name, String proxy) throws Exception {
        post("move", "name", name, "proxy", proxy);
    }

    List<String> names() throws Exception {
        return lines(request("names"));
    }

    List<String> proxies() throws Exception {
        return lines(request("proxies"));
    }

    private List<String> post(String command, String... fields) throws Exception {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            form.append(i == 0 ? "" : "&").append(fields[i]).append('=').append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        return lines(request(command).header("Content-Type", "application/x-www-form-urlencoded").header("X-Adit-Control", "1")
            .POST(HttpRequest.BodyPublishers.ofString(form.toString())));
    }

    private HttpRequest.Builder request(String command) throws IOException {
        Properties running = new Properties();
        try (Reader file = Files.newBufferedReader(home.resolve("data").resolve("run.properties"))) {
            running.load(file);
        }
        String login = "admin:" + Files.readString(home.resolve("conf").resolve("admin.password")).strip();
        return HttpRequest.newBuilder(URI.create(running.getProperty("admin") + "/adit/control/" + command)).timeout(Await.DEADLINE)
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> lines(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer;
        try {
            answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer from the proxy: " + e, e);
        }
        assertEquals(answer.body(), 200, answer.statusCode());
        return answer.body().lines().toList();
    }
}
