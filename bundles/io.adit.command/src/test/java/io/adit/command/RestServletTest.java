package io.adit.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.io.StringReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.adit.api.AdminAccess;
import io.adit.api.CheckReport;
import io.adit.api.Check;
import io.adit.api.CodecManager;
import io.adit.api.Quota;
import io.adit.call.FakeRegistrations;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class RestServletTest {

    private static final String TOKEN = "t0ken";
    private static final String PROBLEM = "application/problem+json";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeRegistrations registrations = new FakeRegistrations();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private Path tokenFile;
    private volatile String remote = "127.0.0.1";
    private volatile Optional<FakeRegistrations> registry = Optional.of(registrations);
    private volatile Optional<CodecManager> codecs = Optional.of(new Codecs());

    private static final class Codecs implements CodecManager {
        private int preferred;

        @Override
        public List<Integer> versions() {
            return List.of(2, 1);
        }

        @Override
        public Map<Integer, Integer> sessions() {
            return Map.of(2, 5, 0, 1);
        }

        @Override
        public int preferred() {
            return preferred;
        }

        @Override
        public void prefer(int version) {
            if (version > 2) {
                throw new IllegalArgumentException("there is no codec version " + version);
            }
            preferred = version;
        }
    }

    @Before
    public void start() throws Exception {
        tokenFile = folder.newFile("admin.token").toPath();
        Files.writeString(tokenFile, TOKEN + "\n");
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler handler = new ServletContextHandler("/");
        Filter elsewhere = (request, response, chain) -> chain.doFilter(new HttpServletRequestWrapper((HttpServletRequest) request) {
            @Override
            public String getRemoteAddr() {
                return remote;
            }
        }, response);
        handler.addFilter(new FilterHolder(elsewhere), "/*", EnumSet.of(DispatcherType.REQUEST));
        CheckReport report = new CheckReport("proxy", "All is well.",
                List.of(new Check("Registry", Check.State.OK, "2 names", "", -1), new Check("TCP", Check.State.OK, "connected", "", 1.234)));
        RestServlet servlet = new RestServlet(new Operations(() -> registry.map(each -> each), () -> registry.map(each -> each), () -> registry.map(each -> each),
                () -> codecs, () -> Optional.of(name -> CompletableFuture.completedFuture(report))), new Guard(new AdminToken(tokenFile), new AdminAccess(false, Set.of("gw.example"))), 512);
        handler.addServlet(new ServletHolder(servlet), RestServlet.PATH + "/*");
        server.setHandler(handler);
        server.start();
    }

    @After
    public void stop() throws Exception {
        server.stop();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connector.getLocalPort() + RestServlet.PATH + path))
                .timeout(Duration.ofSeconds(30)).setHeader("Authorization", "Bearer " + TOKEN);
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = request(path).method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonObject json(String text) {
        return new JsonProviderImpl().createReader(new StringReader(text)).readObject();
    }

    private static void assertProblem(int status, String detail, HttpResponse<String> response) {
        assertEquals(response.body(), status, response.statusCode());
        assertEquals(PROBLEM, response.headers().firstValue("Content-Type").orElse(""));
        JsonObject problem = json(response.body());
        assertEquals("about:blank", problem.getString("type"));
        assertEquals(status, problem.getInt("status"));
        assertFalse(problem.getString("title").isEmpty() || problem.getString("title").equals("Error"));
        assertTrue(problem.getString("detail"), problem.getString("detail").contains(detail));
        assertEquals("no-store", response.headers().firstValue("Cache-Control").orElse(""));
    }

    // ---- the description

    private static JsonObject description() throws Exception {
        return json(new String(RestServlet.description(), StandardCharsets.UTF_8));
    }

    private interface Each {
        void of(String path, String method, JsonObject operation) throws Exception;
    }

    private static void operations(JsonObject description, Each each) throws Exception {
        for (Map.Entry<String, JsonValue> path : description.getJsonObject("paths").entrySet()) {
            for (Map.Entry<String, JsonValue> method : path.getValue().asJsonObject().entrySet()) {
                if (!method.getKey().equals("parameters")) {
                    each.of(path.getKey(), method.getKey().toUpperCase(java.util.Locale.ROOT), method.getValue().asJsonObject());
                }
            }
        }
    }

    @Test
    public void theDescriptionListsWhatThereIsAndNothingElse() throws Exception {
        Set<String> described = new TreeSet<>();
        Set<String> ids = new HashSet<>();
        operations(description(), (path, method, operation) -> {
            described.add(method + " " + path);
            assertTrue(ids.add(operation.getString("operationId")));
        });
        Set<String> routes = new TreeSet<>(Operations.ROUTES.stream().map(route -> route.method() + " " + route.path()).toList());
        routes.add("GET " + RestServlet.DESCRIPTION);
        assertEquals(routes, described);
    }

    /** Each operation with a request as the description has it, its answer with what the description says of it. */
    @Test
    public void everyOperationDoesWhatTheDescriptionSays() throws Exception {
        JsonObject description = description();
        Map<String, String> bodies = new HashMap<>(Map.of("change", "{\"quota\":{\"rate\":5}}", "rename", "{\"to\":\"other\"}", "move", "{\"proxy\":\"p2\"}",
                "invite", "{\"name\":\"fresh\",\"expires\":\"30d\",\"notify\":[\"a@example.org\"]}", "inviteProxy", "{\"name\":\"p3\"}",
                "prefer", "{\"version\":1}", "addDomain", "{\"name\":\"other\",\"domain\":\"new.example\"}"));
        Map<String, String> names = new HashMap<>(Map.of("release", "gone", "revokeProxy", "p2", "revoke", "alpha", "removeDomain", "www.example",
                "checkDomain", "new.example"));
        operations(description, (path, method, operation) -> {
            String id = operation.getString("operationId");
            String there = path.replace("{name}", names.getOrDefault(id, registrations.name("demo").isPresent() ? "demo" : "other"));
            String body = bodies.remove(id);
            assertEquals(id, operation.containsKey("requestBody"), body != null);
            JsonObject responses = operation.getJsonObject("responses");

            if (!id.equals("describe")) {
                assertTrue(id, responses.containsKey("401"));
                assertProblem(401, "token", send(method, there, body, "Authorization", "Bearer wrong"));
            }
            if (body != null) {
                assertProblem(415, "application/json", send(method, there, body, "Content-Type", "text/plain"));
                assertProblem(400, "JSON", send(method, there, "{", "Content-Type", "application/json"));
                assertProblem(400, "there is no 'unknown'", send(method, there, "{\"unknown\":1}"));
                assertTrue(id, responses.keySet().containsAll(Set.of("400", "413", "415")));
            }
            if (path.contains("{name}")) {
                assertTrue(id, responses.containsKey("404"));
                assertProblem(404, "nobody", send(method, path.replace("{name}", "nobody"), body));
            }
            HttpResponse<String> response = send(method, there, body);
            String status = Integer.toString(response.statusCode());
            assertTrue(id + " " + status + " " + response.body(), status.startsWith("2") && responses.containsKey(status));
            JsonObject said = responses.getJsonObject(status);
            if (said.containsKey("content")) {
                assertEquals("application/json", response.headers().firstValue("Content-Type").orElse(""));
                JsonObject schema = said.getJsonObject("content").getJsonObject("application/json").getJsonObject("schema");
                assertNull(id, mismatch(description, schema, json(response.body()), id));
            } else {
                assertEquals(id, "", response.body());
            }
            for (String field : said.containsKey("headers") ? said.getJsonObject("headers").keySet() : Set.<String>of()) {
                assertTrue(id + " " + field, response.headers().firstValue(field).orElse("").startsWith(RestServlet.PATH));
            }
        });
        assertEquals("all bodies were sent", Map.of(), bodies);
    }

    /** What does not fit the schema, of the words that ours use; null when all does. */
    private static String mismatch(JsonObject description, JsonObject schema, JsonValue value, String where) {
        if (schema.containsKey("$ref")) {
            String[] path = schema.getString("$ref").split("/");
            return mismatch(description, description.getJsonObject("components").getJsonObject("schemas").getJsonObject(path[path.length - 1]), value, where);
        } else if (schema.containsKey("allOf")) {
            return mismatch(description, schema.getJsonArray("allOf").getJsonObject(0), value, where);
        } else if (schema.containsKey("enum")) {
            return schema.getJsonArray("enum").contains(value) ? null : where + " is " + value;
        }
        Set<String> types = new HashSet<>();
        if (schema.get("type") instanceof JsonString one) {
            types.add(one.getString());
        } else {
            schema.getJsonArray("type").getValuesAs(JsonString.class).forEach(each -> types.add(each.getString()));
        }
        String type = switch (value.getValueType()) {
            case TRUE, FALSE -> "boolean";
            case NUMBER -> ((JsonNumber) value).isIntegral() && !types.contains("number") ? "integer" : "number";
            default -> value.getValueType().name().toLowerCase(java.util.Locale.ROOT);
        };
        if (!types.contains(type)) {
            return where + " is " + type;
        }
        if (value instanceof JsonObject object) {
            for (JsonString required : schema.containsKey("required") ? schema.getJsonArray("required").getValuesAs(JsonString.class) : List.<JsonString>of()) {
                if (!object.containsKey(required.getString())) {
                    return where + " has no " + required.getString();
                }
            }
            for (Map.Entry<String, JsonValue> member : object.entrySet()) {
                JsonObject properties = schema.getJsonObject("properties");
                if (properties != null && !properties.containsKey(member.getKey())) {
                    return where + " has " + member.getKey();
                }
                String found = properties == null ? null : mismatch(description, properties.getJsonObject(member.getKey()), member.getValue(), member.getKey());
                if (found != null) {
                    return where + ": " + found;
                }
            }
        } else if (value.getValueType() == JsonValue.ValueType.ARRAY) {
            for (JsonValue item : value.asJsonArray()) {
                String found = mismatch(description, schema.getJsonObject("items"), item, "item");
                if (found != null) {
                    return where + ": " + found;
                }
            }
        } else if (value instanceof JsonString text && "date-time".equals(schema.getString("format", ""))) {
            Instant.parse(text.getString());
        }
        return null;
    }

    // ---- who gets in

    @Test
    public void whileTheRegistryIsNotAtWorkItSaysSo() throws Exception {
        registry = Optional.empty();
        for (String path : List.of("/names", "/names/alpha", "/quarantine", "/proxies", "/domains")) {
            assertProblem(503, "the registry is not at work", send("GET", path, null));
        }
        assertProblem(503, "the registry is not at work", send("POST", "/invitations", "{\"name\":\"fresh\"}"));
        assertEquals("what needs none goes on", 200, send("GET", "/codecs", null).statusCode());
        assertEquals("and so does what tells why", 200, send("GET", "/diagnosis", null).statusCode());
    }

    @Test
    public void onlyWithTheToken() throws Exception {
        HttpResponse<String> without = client.send(HttpRequest.newBuilder(request("/names").build().uri()).build(), BodyHandlers.ofString());
        assertProblem(401, "token", without);
        assertEquals("Bearer realm=\"Adit\"", without.headers().firstValue("WWW-Authenticate").orElse(""));
        HttpResponse<String> wrong = send("GET", "/names", null, "Authorization", "Basic YWRtaW46dDBrZW4=");
        assertProblem(401, "token", wrong);
        assertTrue(wrong.headers().firstValue("WWW-Authenticate").orElse("").contains("invalid_token"));
        Files.writeString(tokenFile, "next");
        assertProblem(401, "token", send("GET", "/names", null));
        assertEquals(200, send("GET", "/names", null, "Authorization", "bearer next").statusCode());
        Files.delete(tokenFile);
        assertProblem(503, "admin token", send("GET", "/names", null));
        assertEquals("the description is open", 200, send("GET", RestServlet.DESCRIPTION, null).statusCode());
        assertEquals(List.of(), registrations.calls);
    }

    /** Its head alone has arrived when the answer is made. */
    @Test
    public void whoIsRefusedBeforeTheBodyIsToldThatTheConnectionEnds() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", connector.getLocalPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(("POST /adit/api/invitations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer, answer.startsWith("HTTP/1.1 401") && answer.contains("\r\nConnection: close\r\n"));
        }
        assertFalse("it goes on where all was read", send("POST", "/invitations", "{}").headers().firstValue("Connection").isPresent());
    }

    @Test
    public void onlyFromThisMachine() throws Exception {
        remote = "192.0.2.9";
        assertProblem(403, "only from this machine", send("GET", "/names", null));
        assertProblem(403, "only from this machine", send("GET", RestServlet.DESCRIPTION, null));
        remote = "::1";
        assertEquals(200, send("GET", "/names", null).statusCode());
    }

    /** As a browser would, that a name of somebody else led here. */
    private String status(String host, String... lines) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", connector.getLocalPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(("GET /adit/api/names HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nAuthorization: Bearer " + TOKEN + "\r\n"
                    + String.join("", java.util.Arrays.stream(lines).map(line -> line + "\r\n").toList()) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).substring(9, 12);
        }
    }

    @Test
    public void onlyUnderAnOwnName() throws Exception {
        for (String host : new String[] {"localhost", "LOCALHOST:8181", "127.0.0.1:1", "127.1.2.3", "[::1]:8181", "gw.example", "gw.example:8181"}) {
            assertEquals(host, "200", status(host));
        }
        for (String host : new String[] {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "192.0.2.1", "10.0.0.1:8181", "[2001:db8::1]"}) {
            assertEquals(host, "421", status(host));
        }
        assertEquals("200", status("localhost:81", "Origin: http://localhost:81"));
        for (String origin : new String[] {"http://evil.example", "http://localhost:82", "null", "http://localhost", "x y"}) {
            assertEquals(origin, "403", status("localhost:81", "Origin: " + origin));
        }
    }

    // ---- HTTP

    @Test
    public void methodsPathsAndBodiesAreChecked() throws Exception {
        assertProblem(404, "openapi.json", send("GET", "", null));
        assertProblem(404, "there is nothing", send("GET", "/names/a/b", null));
        assertProblem(404, "there is nothing", send("GET", "/names/", null));
        assertEquals("kim", RestServlet.name(Operations.ROUTES.get(1), "/names/KIM"));
        assertEquals("the Kelvin sign is no k", "\u212aim", RestServlet.name(Operations.ROUTES.get(1), "/names/\u212aim"));
        HttpResponse<String> put = send("PUT", "/names/demo", "{}");
        assertProblem(405, "this takes", put);
        assertEquals("DELETE, GET, HEAD, OPTIONS, PATCH", put.headers().firstValue("Allow").orElse(""));
        HttpResponse<String> options = send("OPTIONS", "/invitations", null);
        assertEquals(204, options.statusCode());
        assertEquals("OPTIONS, POST", options.headers().firstValue("Allow").orElse(""));
        HttpResponse<String> head = send("HEAD", "/names/demo", null);
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        assertProblem(413, "longer than 512 bytes", send("POST", "/invitations", "{\"name\":\"" + "x".repeat(600) + "\"}"));
        assertEquals(200, send("PATCH", "/names/demo", "{}", "Content-Type", "application/merge-patch+json; charset=utf-8").statusCode());
        assertProblem(415, "", send("POST", "/invitations", "{}", "Content-Type", "application/merge-patch+json"));
        for (String bad : new String[] {"", "[]", "1", "null", "{\"name\":}", "{\"name\":\"a\",\"name\":\"b\"}", "{\"name\":\"a\"} x", "{\"name\":1}", "{}",
                "{\"name\":\"a\",\"peers\":1.5}", "{\"name\":\"a\",\"peers\":1e99999999}", "{\"name\":\"a\",\"notify\":\"x\"}", "{\"name\":\"a\",\"quota\":7}",
                "{\"name\":\"a\",\"notify\":[1]}", "{\"name\":\"a\",\"release\":1}", "{\"quota\":" + "[".repeat(200) + "]".repeat(200) + "}"}) {
            assertProblem(400, "", send("POST", "/invitations", bad));
        }
        assertEquals(List.of("change demo"), registrations.calls);
    }

    @Test
    public void whatIsNotAllowedIs422AndWhatFailsIs503() throws Exception {
        assertProblem(422, "'www' is a reserved name", send("POST", "/invitations", "{\"name\":\"www\"}"));
        assertProblem(503, "no tunnel endpoint", send("POST", "/invitations", "{\"name\":\"early\"}"));
        assertProblem(422, "is not an e-mail address", send("POST", "/invitations", "{\"name\":\"a\",\"notify\":[\"b\"]}"));
        assertProblem(422, "is no time", send("POST", "/invitations", "{\"name\":\"a\",\"expires\":\"soon\"}"));
        assertProblem(422, "bandwidth must be in", send("PATCH", "/names/demo", "{\"quota\":{\"bandwidth\":5}}"));
        assertProblem(422, "there is no quota of 'speed'", send("PATCH", "/names/demo", "{\"quota\":{\"speed\":5}}"));
        assertProblem(422, "'gone' is in quarantine", send("POST", "/invitations", "{\"name\":\"gone\"}"));
        assertEquals(201, send("POST", "/invitations", "{\"name\":\"gone\",\"release\":true}").statusCode());
        assertProblem(422, "cannot move", send("POST", "/names/demo/move", "{\"proxy\":\"gone\"}"));
        assertProblem(422, "no codec version", send("PUT", "/codecs/preferred", "{\"version\":9}"));
        send("POST", "/invitations", "{\"name\":\"stuck\"}");
        assertProblem(503, "the store failed", send("DELETE", "/names/stuck", null));
        codecs = Optional.empty();
        assertProblem(503, "away", send("GET", "/codecs", null));
    }

    @Test
    public void whatIsNotMentionedStaysAndNullIsTheDefault() throws Exception {
        send("PATCH", "/names/demo", "{\"expires\":\"2099-01-01\",\"quota\":\"streams=3,bandwidth=1M\",\"notify\":[\"a@example.org\"],\"peers\":2}");
        JsonObject changed = json(send("PATCH", "/names/DEMO", "{\"quota\":{\"rate\":0,\"streams\":null}}").body());
        assertEquals(new Quota(Quota.DEFAULT, Quota.NONE, 1 << 20), registrations.name("demo").orElseThrow().terms().quota());
        assertEquals("2099-01-01T00:00:00Z", changed.getString("expires"));
        assertTrue(changed.getJsonNumber("secondsLeft").longValue() > 0);
        assertEquals(7, changed.getJsonObject("effectiveQuota").getInt("streams"));
        assertEquals(0, changed.getJsonObject("quota").getInt("rate"));
        assertEquals(JsonValue.NULL, changed.getJsonObject("quota").get("streams"));
        assertEquals(2, changed.getInt("peers"));
        send("PATCH", "/names/demo", "{\"expires\":null,\"quota\":null,\"notify\":null,\"peers\":null}");
        assertEquals(io.adit.api.Terms.DEFAULT, registrations.name("demo").orElseThrow().terms());
    }

    @Test
    public void namesComeByPages() throws Exception {
        for (int i = 0; i < 5; i++) {
            send("POST", "/invitations", "{\"name\":\"n" + i + "\"}");
        }
        Set<String> seen = new TreeSet<>();
        String after = "";
        int pages = 0;
        while (after != null) {
            JsonObject page = json(send("GET", "/names?limit=3&after=" + after, null).body());
            page.getJsonArray("names").forEach(name -> assertTrue(seen.add(name.asJsonObject().getString("name"))));
            assertTrue(page.getJsonArray("names").size() <= 3);
            after = page.getString("next", null);
            pages++;
        }
        assertEquals(Set.of("alpha", "demo", "n0", "n1", "n2", "n3", "n4"), seen);
        assertEquals(3, pages);
        for (String bad : new String[] {"0", "1001", "x", "-1", "", "99999"}) {
            assertProblem(400, "limit must be in 1..1000", send("GET", "/names?limit=" + bad, null));
        }
        assertProblem(400, "twice", send("GET", "/names?limit=1&limit=2", null));
    }

    @Test
    public void aDomainIsOfOneNameOrOfAny() throws Exception {
        assertProblem(422, "there is no name 'nobody'", send("POST", "/domains", "{\"name\":\"nobody\",\"domain\":\"x.example\"}"));
        assertProblem(404, "no name wants the domain 'x.example'", send("POST", "/domains/x.example/check", null));
        assertProblem(404, "no name wants the domain 'x.example'", send("DELETE", "/domains/X.Example", null));
        assertProblem(404, "'alpha' does not want the domain 'www.example'", send("DELETE", "/domains/www.example?of=alpha", null));
        assertEquals(204, send("DELETE", "/domains/www.example?of=demo", null).statusCode());
        assertEquals("{\"domains\":[]}", send("GET", "/domains", null).body().strip());
    }
}
