package io.adit.itests;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.felix.utils.json.JSONParser;

/** A web console with the pages of Adit, as a program sees it. Thread-safe. */
final class ConsolePage {

    private static final Pattern TOKEN = Pattern.compile("data-token=\"([^\"]+)\"");

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();
    private final String admin;
    private final String password;

    /** @param home of the container, which has the password */
    ConsolePage(String admin, Path home) throws Exception {
        this.admin = admin;
        this.password = Files.readString(home.resolve("conf").resolve("admin.password")).strip();
    }

    String password() {
        return password;
    }

    /** @param path after the web console's root */
    String url(String path) {
        return admin + "/system/console/" + path;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url(path))).timeout(Await.DEADLINE)
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8)));
    }

    HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<byte[]> bytes(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** @param path after the web console's root, or a whole address */
    HttpResponse<String> getWithoutLogin(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : url(path))).timeout(Await.DEADLINE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** What a page asks for, by its name and query. */
    Map<String, Object> data(String name) throws Exception {
        HttpResponse<String> answer = get("adit-requests/data/" + name);
        if (answer.statusCode() != 200) {
            throw new AssertionError(name + ": " + answer.statusCode() + " " + answer.body());
        }
        return new JSONParser(answer.body()).getParsed();
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> rows(String name, String key) throws Exception {
        return (List<Map<String, Object>>) data(name).get(key);
    }

    String token() throws Exception {
        Matcher found = TOKEN.matcher(get("adit-requests").body());
        if (!found.find()) {
            throw new AssertionError("the page has no token");
        }
        return found.group(1);
    }

    /** @param headers name, value, ... */
    HttpResponse<String> post(String path, String form, String... headers) throws Exception {
        HttpRequest.Builder request = request(URI.create("adit-requests/" + path).normalize().toString()).header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** As a page of ours does it. */
    Map<String, Object> act(String action, String form) throws Exception {
        HttpResponse<String> answer = post("act/" + action, form, "X-Adit-Token", token(), "Origin", admin);
        if (answer.statusCode() != 200) {
            throw new AssertionError(action + " " + form + ": " + answer.statusCode() + " " + answer.body());
        }
        return new JSONParser(answer.body()).getParsed();
    }
}
