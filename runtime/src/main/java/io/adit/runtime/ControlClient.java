package io.adit.runtime;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Asks the running proxy of a DIR, on its admin port, as the user admin. */
final class ControlClient {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final URI base;
    private final String authorization;
    private final HttpClient client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).proxy(HttpClient.Builder.NO_PROXY).build();

    private ControlClient(URI base, String password) {
        this.base = base;
        byte[] login = ("admin:" + password).getBytes(StandardCharsets.UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(login);
    }

    static ControlClient of(Home home) throws CommandFailure {
        try {
            String admin = RunFile.read(home.runFile()).map(run -> run.addresses().get("admin"))
                .orElseThrow(() -> CommandFailure.runTime("no proxy is running on " + home.root()));
            return new ControlClient(URI.create(admin + "/adit/control/"), home.readAdminPassword());
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot read " + home.root() + ": " + Failures.oneLine(e), e);
        }
    }

    String invite(String name) throws CommandFailure {
        return post("invite", "name", name);
    }

    String inviteProxy(String name) throws CommandFailure {
        return post("invite-proxy", "name", name);
    }

    String revoke(String name) throws CommandFailure {
        return post("revoke", "name", name);
    }

    String move(String name, String proxy) throws CommandFailure {
        return post("move", "name", name, "proxy", proxy);
    }

    String proxies() throws CommandFailure {
        return send(request("proxies").GET().build());
    }

    String names() throws CommandFailure {
        return send(request("names").GET().build());
    }

    private String post(String command, String... fields) throws CommandFailure {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            form.append(i == 0 ? "" : "&").append(fields[i]).append('=').append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        // The header is what no page of another origin can make a browser send.
        return send(request(command).header("Content-Type", "application/x-www-form-urlencoded").header("X-Adit-Control", "1")
            .POST(HttpRequest.BodyPublishers.ofString(form.toString())).build());
    }

    private HttpRequest.Builder request(String command) {
        return HttpRequest.newBuilder(base.resolve(command)).timeout(DEADLINE).header("Authorization", authorization);
    }

    private String send(HttpRequest request) throws CommandFailure {
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            String type = response.headers().firstValue("Content-Type").orElse("");
            if (response.statusCode() == 200) {
                return response.body();
            } else if (response.statusCode() == 401) {
                throw CommandFailure.runTime("the proxy did not accept the password in conf/admin.password");
            } else if (response.statusCode() >= 400 && type.startsWith("text/plain") && !response.body().isBlank()) {
                throw CommandFailure.runTime(Failures.oneLine(response.body()));
            }
            throw CommandFailure.runTime("the proxy has no answer to this command (HTTP " + response.statusCode()
                + " from " + request.uri() + "): is the bundle io.adit.command in its load folder?");
        } catch (IOException e) {
            throw CommandFailure.runTime("the proxy does not answer at " + base + ": " + Failures.oneLine(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.runTime("interrupted", e);
        }
    }
}
