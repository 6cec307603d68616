package io.adit.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.felix.webconsole.servlet.AbstractServlet;
import org.apache.felix.webconsole.servlet.ServletConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A page in the web console's frame, which is the same empty shell for all: its scripts ask for {@code data/NAME}, in JSON, and post to
 * {@code act/NAME} and {@code upload}. The web console has checked the login. Thread-safe.
 */
final class ConsoleServlet extends AbstractServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleServlet.class);

    private static final String RESOURCES = "/res/";
    private static final String DATA = "/data/";
    private static final String ACT = "/act/";
    private static final String UPLOAD = "/upload";
    private static final Map<String, String> TYPES = Map.of("js", "text/javascript;charset=utf-8", "css", "text/css;charset=utf-8", "svg", "image/svg+xml");
    /** All pages have the same, since they load the same. */
    private static final List<String> SCRIPTS = List.of("adit", "plot", "table", "overview", "peers", "peer", "requests", "codecs", "invitations", "local");
    private static final int MOST_FIELD = 4096;

    private final Page page;
    private final transient Supplier<List<Page>> pages;
    private final transient Views views;
    private final transient Actions actions;
    private final transient Codecs codecs;
    private final transient Guard guard;
    private final transient FramePolicy policy;
    private final String version;

    /**
     * @param pages gives all that there are now
     * @param version changes when a resource may have
     */
    ConsoleServlet(Page page, Supplier<List<Page>> pages, Views views, Actions actions, Codecs codecs, Guard guard, FramePolicy policy, String version) {
        this.page = page;
        this.pages = pages;
        this.views = views;
        this.actions = actions;
        this.codecs = codecs;
        this.guard = guard;
        this.policy = policy;
        this.version = version;
    }

    private String path(HttpServletRequest request) {
        String info = request.getPathInfo();
        String own = "/" + page.label();
        return info == null || !info.startsWith(own) ? "" : info.substring(own.length());
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = path(request);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "same-origin");
        if (path.startsWith(RESOURCES)) {
            resource(path.substring(RESOURCES.length()), response);
        } else if (path.startsWith(DATA)) {
            data(path.substring(DATA.length()), request, response);
        } else if (path.isEmpty() || path.equals("/")) {
            // nothing is written: the web console goes on with its frame, and with renderContent
            setNoCache(response);
            response.setHeader("Content-Security-Policy", policy.value(root(request), page.label()));
        } else {
            answer(response, HttpServletResponse.SC_NOT_FOUND, Json.object("error", "there is nothing of that name"));
        }
    }

    private void resource(String name, HttpServletResponse response) throws IOException {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        try (InputStream in = type == null || !name.matches("[a-z]+\\.[a-z]+") ? null : ConsoleServlet.class.getResourceAsStream("res/" + name)) {
            if (in == null) {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
                return;
            }
            response.setContentType(type);
            // the page asks for it with a version
            response.setHeader("Cache-Control", "private, max-age=31536000, immutable");
            in.transferTo(response.getOutputStream());
        }
    }

    private void data(String name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            Map<String, Object> tree = views.get(name, request::getParameter);
            if (name.equals("har")) {
                response.setHeader("Content-Disposition", "attachment; filename=\"adit.har\"");
            }
            answer(response, HttpServletResponse.SC_OK, tree);
        } catch (Refusal e) {
            answer(response, e.status(), Json.object("error", e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("console data={} failed", name, e);
            answer(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, Json.object("error", "this failed; the log says why"));
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("X-Content-Type-Options", "nosniff");
        String refusal = guard.refusal(request.getHeader(Guard.HEADER), request.getHeader("Origin"), request.getHeader("Host"), request.getHeader("Sec-Fetch-Site"));
        if (refusal != null) {
            response.setHeader("Connection", "close"); // its body is not read
            answer(response, HttpServletResponse.SC_FORBIDDEN, Json.object("error", refusal));
            return;
        }
        String path = path(request);
        String user = request.getRemoteUser() == null ? "-" : request.getRemoteUser();
        try {
            if (path.equals(UPLOAD)) {
                upload(request, user);
                answer(response, HttpServletResponse.SC_OK, Json.object("ok", true));
            } else if (path.startsWith(ACT)) {
                answer(response, HttpServletResponse.SC_OK, actions.act(path.substring(ACT.length()), name -> field(request, name), user));
            } else {
                throw new Refusal(HttpServletResponse.SC_NOT_FOUND, "there is no such action");
            }
        } catch (Refusal e) {
            answer(response, e.status(), Json.object("error", e.getMessage()));
        } catch (Network.AwayException e) {
            answer(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, Json.object("error", e.getMessage()));
        } catch (RuntimeException e) {
            LOG.warn("console action={} failed", path, e);
            answer(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, Json.object("error", "this failed; the log says why"));
        }
    }

    private static String field(HttpServletRequest request, String name) {
        String value = request.getParameter(name);
        return value == null || value.length() > MOST_FIELD ? null : value;
    }

    private void upload(HttpServletRequest request, String user) throws IOException, Refusal {
        String given = request.getHeader("X-Adit-File");
        String name = given == null ? "" : given.replaceAll("[^\\x20-\\x7e]", "?");
        LOG.info("console user={} action=upload on={}", user, name);
        try {
            codecs.upload(name.length() > 100 ? name.substring(0, 100) : name, request.getInputStream());
        } catch (IllegalArgumentException e) {
            throw new Refusal(HttpServletResponse.SC_CONFLICT, e.getMessage());
        }
    }

    private static void answer(HttpServletResponse response, int status, Map<String, Object> tree) throws IOException {
        byte[] body = Json.text(tree).getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType("application/json;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Nothing but what is ours goes into the page: all else comes as JSON. */
    @Override
    public void renderContent(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PrintWriter out = response.getWriter();
        String root = root(request);
        String all = pages.get().stream().map(each -> each.label() + ":" + each.title()).collect(Collectors.joining(","));
        out.println("<div id=\"adit\" class=\"adit\" data-page=\"" + page.name().toLowerCase(java.util.Locale.ROOT) + "\" data-app=\"" + root + "\" data-root=\"" + root + "/"
                + page.label() + "\" data-pages=\"" + all + "\" data-token=\"" + guard.token() + "\"><noscript>These pages need JavaScript.</noscript></div>");
        for (String script : SCRIPTS) {
            out.println("<script src=\"" + root + "/" + page.label() + RESOURCES + script + ".js?v=" + version + "\" defer=\"defer\"></script>");
        }
    }

    private static String root(HttpServletRequest request) {
        return (String) request.getAttribute(ServletConstants.ATTR_APP_ROOT);
    }
}
