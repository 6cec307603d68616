package io.adit.command;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
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
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;

import io.adit.api.Invitation;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ControlServletTest {

    private static final String PASSWORD = "corr\u00e9ct horse";
    private static final String FORM = "application/x-www-form-urlencoded";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeRegistrations registrations = new FakeRegistrations();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private Path passwordFile;
    private volatile String remote = "127.0.0.1";

    @Before
    public void start() throws Exception {
        passwordFile = folder.newFile("admin.password").toPath();
        Files.writeString(passwordFile, PASSWORD + "\n");
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
        handler.addServlet(new ServletHolder(new ControlServlet(registrations, registrations, new AdminPassword(passwordFile), 256)), ControlServlet.PATH + "/*");
        server.setHandler(handler);
        server.start();
    }

    @After
    public void stop() throws Exception {
        server.stop();
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connector.getLocalPort() + ControlServlet.PATH + path))
                .timeout(Duration.ofSeconds(30)).setHeader("Authorization", basic("admin:" + PASSWORD));
    }

    private HttpRequest.Builder post(String path, String body) {
        return request(path).setHeader(ControlServlet.HEADER, "1").setHeader("Content-Type", FORM).POST(BodyPublishers.ofString(body));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertEquals("no-store", response.headers().firstValue("Cache-Control").orElse(""));
        assertEquals("text/plain;charset=utf-8", response.headers().firstValue("Content-Type").orElse("").toLowerCase());
        return response;
    }

    private void refused(int status, String line, HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request);
        assertEquals(line, status, response.statusCode());
        assertEquals(line + System.lineSeparator(), response.body());
    }

    @Test
    public void inviteAnswersWithTheInvitation() throws Exception {
        HttpResponse<String> response = send(post("/invite", "name=my-peer"));
        assertEquals(200, response.statusCode());
        assertEquals("my-peer", Invitation.parse(response.body()).name());
        assertEquals(1, response.body().lines().count());
    }

    @Test
    public void theFieldIsDecoded() throws Exception {
        assertEquals(404, send(post("/revoke", "other=1&name=a%20b+c%C3%A4&more")).statusCode());
        assertEquals(List.of("revoke a b c\u00e4"), registrations.calls);
    }

    @Test
    public void aRefusedInvitationIsOneLine() throws Exception {
        refused(400, "'www' is a reserved name", post("/invite", "name=www"));
        refused(503, "the proxy has no tunnel endpoint", post("/invite", "name=early"));
    }

    @Test
    public void revokeTellsWhetherThereWasSuchAName() throws Exception {
        HttpResponse<String> response = send(post("/revoke", "name=demo"));
        assertEquals(200, response.statusCode());
        assertEquals("", response.body());
        refused(404, "there is no name 'x?y'", post("/revoke", "name=x%0Ay"));
        refused(503, "'stuck' was not revoked: the store failed", post("/revoke", "name=stuck"));
    }

    @Test
    public void namesAreLinesWithTabs() throws Exception {
        HttpResponse<String> response = send(request("/names"));
        assertEquals(200, response.statusCode());
        assertEquals(List.of("alpha\toffline\t2026-01-02T03:04:05Z\t-\t0", "demo\tonline\t2026-01-02T03:04:06Z\tv2\t3"), response.body().lines().toList());
    }

    @Test
    public void theProxiesOfARegistrationServer() throws Exception {
        assertEquals("p2", Invitation.parse(send(post("/invite-proxy", "name=p2")).body()).name());
        assertEquals(List.of("gw\there\t2026-01-02T03:04:05Z\t192.0.2.1:7443\t3\t100", "p2\taway\t2026-01-02T03:04:06Z\t-\t0\t0"),
                send(request("/proxies")).body().lines().toList());
        assertEquals(200, send(post("/move", "name=demo&proxy=p2")).statusCode());
        refused(400, "'demo' cannot move to 'gone': it is no proxy that is linked now", post("/move", "proxy=gone&name=demo"));
        refused(400, "the field 'proxy' is missing", post("/move", "name=demo"));
        refused(405, "this takes POST", request("/move"));
        refused(405, "this takes GET", post("/proxies", ""));
        assertEquals(List.of("invite proxy p2", "move demo p2", "move demo gone"), registrations.calls);
    }

    @Test
    public void onlyTheAdminGetsIn() throws Exception {
        for (String wrong : new String[] {basic("admin:wrong"), basic("admin:"), basic(":" + PASSWORD), basic("root:" + PASSWORD), basic("admin:" + PASSWORD + "x"),
                basic("admin"), "Basic", "Basic ", "Basic ***", "Bearer " + PASSWORD, ""}) {
            HttpResponse<String> response = send(post("/invite", "name=demo").setHeader("Authorization", wrong));
            assertEquals(wrong, 401, response.statusCode());
            assertTrue(response.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Basic realm="));
        }
        HttpRequest.Builder none = HttpRequest.newBuilder(request("/names").build().uri());
        assertEquals(401, send(none).statusCode());
        assertEquals(List.of(), registrations.calls);
        assertEquals(200, send(request("/names").setHeader("Authorization", basic("admin:" + PASSWORD).replace("Basic", "bASIC"))).statusCode());
    }

    @Test
    public void theFileCanBeChangedAtAnyTime() throws Exception {
        Files.writeString(passwordFile, "other\n");
        assertEquals(401, send(request("/names")).statusCode());
        assertEquals(200, send(request("/names").setHeader("Authorization", basic("admin:other"))).statusCode());
    }

    @Test
    public void withoutAPasswordNobodyGetsIn() throws Exception {
        String line = "the admin password cannot be read here; the log says why";
        Files.writeString(passwordFile, "\n");
        refused(503, line, request("/names").setHeader("Authorization", basic("admin:")));
        Files.delete(passwordFile);
        refused(503, line, request("/names").setHeader("Authorization", basic("admin:")));
    }

    @Test
    public void onlyFromThisMachine() throws Exception {
        for (String elsewhere : new String[] {"192.0.2.1", "10.0.0.1", "2001:db8::1", "::ffff:192.0.2.1", "", "not an address", "0.0.0.0"}) {
            remote = elsewhere;
            HttpResponse<String> response = send(request("/names"));
            assertEquals(elsewhere, 403, response.statusCode());
            assertFalse("nobody elsewhere is asked for a password", response.headers().firstValue("WWW-Authenticate").isPresent());
        }
        for (String here : new String[] {"127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1", "[::1]", "::ffff:127.0.0.1"}) {
            remote = here;
            assertEquals(here, 200, send(request("/names")).statusCode());
        }
    }

    @Test
    public void aPageCannotPost() throws Exception {
        String line = "the header X-Adit-Control: 1 is missing";
        refused(403, line, request("/invite").setHeader("Content-Type", FORM).POST(BodyPublishers.ofString("name=demo")));
        refused(403, line, post("/revoke", "name=demo").setHeader(ControlServlet.HEADER, "true"));
        assertEquals(List.of(), registrations.calls);
    }

    @Test
    public void methodsAndPathsAreAsDocumented() throws Exception {
        assertEquals("POST", send(request("/invite?name=demo")).headers().firstValue("Allow").orElse(""));
        refused(405, "this takes GET", post("/names", "name=demo"));
        refused(405, "this takes POST", request("/revoke").DELETE());
        for (String path : new String[] {"", "/", "/other", "/names/", "/names/x", "/invite/"}) {
            refused(404, "there is invite, revoke, names, invite-proxy, proxies and move", request(path));
        }
        assertEquals(List.of(), registrations.calls);
    }

    @Test
    public void aBadFormIsRefused() throws Exception {
        refused(400, "the field 'name' is missing", post("/invite", ""));
        refused(400, "the field 'name' is missing", post("/invite", "Name=a"));
        refused(400, "the field 'name' is missing", post("/invite?name=demo", "x=y"));
        refused(400, "the field 'name' is there twice", post("/invite", "name=a&name=b"));
        refused(400, "the body is not a form: bad percent-encoding", post("/invite", "name=%zz"));
        refused(400, "the body must be application/x-www-form-urlencoded", post("/invite", "name=a").setHeader("Content-Type", "text/plain"));
        refused(400, "the body is longer than 256 bytes", post("/invite", "name=a&x=" + "x".repeat(248)));
        assertEquals(List.of(), registrations.calls);
        assertEquals(200, send(post("/invite", "name=a&x=" + "x".repeat(247))).statusCode());
    }
}
