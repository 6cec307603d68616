package io.adit.itests;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A browser's view of one name at a public port: asks 127.0.0.1, since not every resolver knows names under localhost. */
final class Web {

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .proxy(HttpClient.Builder.NO_PROXY)
        .connectTimeout(Await.DEADLINE).build();
    private final String host;
    private final int port;

    /** @param http what READY said: {@code http://127.0.0.1:PORT} */
    Web(String http, String name) {
        this.port = URI.create(http).getPort();
        this.host = name + ".localhost:" + port;
    }

    HttpClient client() {
        return client;
    }

    int port() {
        return port;
    }

    String host() {
        return host;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).header("Host", host)
            .timeout(Await.DEADLINE);
    }

    HttpResponse<byte[]> get(String path) throws Exception {
        return client.send(request(path).header("Accept", "text/html").build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    int status(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    HttpResponse<byte[]> post(String path, byte[] body) throws Exception {
        return client.send(request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<InputStream> stream(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** Of a page that is not at a public port. @param login user:password */
    static int status(String url, String login) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(Await.DEADLINE)
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8))).build();
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build()
            .send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
