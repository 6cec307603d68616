package io.adit.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import io.adit.api.RegistrationException;
import io.adit.command.Operations.Answer;
import io.adit.command.Operations.Call;
import io.adit.command.Operations.Route;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin REST endpoint, for the command line and for programs: from HTTP to {@link Operations} and back. Errors are problem+json (RFC 9457).
 * {@code GET /adit/api/openapi.json} describes it, and wants no token. Thread-safety: thread-safe.
 */
final class RestServlet extends HttpServlet {

    static final String PATH = "/adit/api";
    static final String DESCRIPTION = "/openapi.json";

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(RestServlet.class);
    private static final String NAME = "{name}";

    private final transient Operations operations;
    private final transient Guard guard;
    private final int bodyMaxBytes;

    RestServlet(Operations operations, Guard guard, int bodyMaxBytes) {
        this.operations = operations;
        this.guard = guard;
        this.bodyMaxBytes = bodyMaxBytes;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            guard.place(request);
            String path = request.getPathInfo() == null ? "" : request.getPathInfo();
            if (path.equals(DESCRIPTION)) {
                describe(request, response);
                return;
            }
            guard.admit(request);
            answer(response, run(request, path));
        } catch (Problem e) {
            if (isBodyLeft(request)) {
                // the server would close the connection without a word, which a client that sends its next request on it takes for a failure
                response.setHeader("Connection", "close");
            }
            answer(response, e);
        }
    }

    private static boolean isBodyLeft(HttpServletRequest request) throws IOException {
        boolean body = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
        return body && !request.getInputStream().isFinished();
    }

    private Answer run(HttpServletRequest request, String path) throws Problem, IOException {
        List<Route> there = Operations.ROUTES.stream().filter(route -> name(route, path) != null).toList();
        if (there.isEmpty()) {
            throw Problem.notFound("there is nothing at " + Text.printable(PATH + path) + "; " + PATH + DESCRIPTION + " lists what there is");
        }
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        Optional<Route> route = there.stream().filter(each -> each.method().equals(method)).findFirst();
        if (route.isEmpty()) {
            return without(method, there);
        }
        byte[] bytes = body(request);
        try {
            return route.get().operation().run(operations, new Call(name(route.get(), path), request.getParameterMap(), members -> {
                mediaType(request);
                return Json.read(bytes, Set.of(members));
            }));
        } catch (RegistrationException e) {
            throw Problem.of(e);
        } catch (IllegalStateException e) { // the store failed, as revoke() says it
            LOG.warn("{} {} failed", method, Text.printable(path), e);
            throw new Problem(HttpServletResponse.SC_SERVICE_UNAVAILABLE, e.getMessage());
        }
    }

    private static Answer without(String method, List<Route> there) throws Problem {
        Set<String> methods = new TreeSet<>(there.stream().map(Route::method).toList());
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        methods.add("OPTIONS");
        Map<String, String> allow = Map.of("Allow", String.join(", ", methods));
        if (method.equals("OPTIONS")) {
            return new Answer(HttpServletResponse.SC_NO_CONTENT, null, allow);
        }
        throw new Problem(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "this takes " + allow.get("Allow"), allow);
    }

    /** @return the name in the path, empty where there is none; null where it is another path */
    static String name(Route route, String path) {
        int at = route.path().indexOf(NAME);
        if (at < 0) {
            return route.path().equals(path) ? "" : null;
        }
        String before = route.path().substring(0, at);
        String after = route.path().substring(at + NAME.length());
        if (path.length() <= before.length() + after.length() || !path.startsWith(before) || !path.endsWith(after)) {
            return null;
        }
        String name = path.substring(before.length(), path.length() - after.length());
        // nothing but A to Z has a lower case here: to Java, the Kelvin sign in lower case is a plain k
        return name.indexOf('/') >= 0 ? null : name.chars().allMatch(c -> c < 128) ? name.toLowerCase(Locale.ROOT) : name;
    }

    /** Read here, bounded, whatever the HTTP server's limits and filters are. */
    private byte[] body(HttpServletRequest request) throws Problem, IOException {
        try (InputStream in = request.getInputStream()) {
            byte[] bytes = in.readNBytes(bodyMaxBytes + 1);
            if (bytes.length > bodyMaxBytes) {
                throw new Problem(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "the body is longer than " + bodyMaxBytes + " bytes");
            }
            return bytes;
        }
    }

    private static void mediaType(HttpServletRequest request) throws Problem {
        String type = request.getContentType() == null ? "" : request.getContentType().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        boolean patch = request.getMethod().equals("PATCH") && type.equals("application/merge-patch+json");
        if (!patch && !type.equals("application/json")) {
            throw new Problem(HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE, "the body must be application/json");
        }
    }

    private void describe(HttpServletRequest request, HttpServletResponse response) throws Problem, IOException {
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            throw new Problem(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "this takes GET, HEAD", Map.of("Allow", "GET, HEAD"));
        }
        write(response, 200, "application/json", description());
    }

    static byte[] description() throws IOException {
        try (InputStream in = RestServlet.class.getResourceAsStream("/io/adit/command/openapi.json")) {
            return in.readAllBytes();
        }
    }

    private static void answer(HttpServletResponse response, Answer answer) throws IOException {
        answer.fields().forEach(response::setHeader);
        if (answer.body() == null) {
            response.setStatus(answer.status());
        } else {
            write(response, answer.status(), "application/json", bytes(answer.body()));
        }
    }

    private static void answer(HttpServletResponse response, Problem problem) throws IOException {
        problem.fields().forEach(response::setHeader);
        JsonObject body = Json.object().add("type", "about:blank").add("title", problem.title()).add("status", problem.status())
                .add("detail", problem.getMessage()).build();
        write(response, problem.status(), "application/problem+json", bytes(body));
    }

    private static byte[] bytes(JsonObject body) {
        return (body.toString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void write(HttpServletResponse response, int status, String type, byte[] bytes) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
