package io.adit.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.ProxyManager;
import io.adit.api.ProxyManager.ProxyInfo;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager;
import io.adit.api.RegistrationManager.NameInfo;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the command line talks to, in plain text: {@code POST invite} and {@code POST revoke} with a form field {@code name}, and
 * {@code GET names}: a line a name, of name, state, since, codec and peers with tabs between. For the proxies of a registration server: {@code POST
 * invite-proxy} with {@code name}, {@code POST move} with {@code name} and {@code proxy}, and {@code GET proxies}: name, state, since, tunnel, peers and
 * capacity. Every error is one line with a 4xx or 5xx status.
 *
 * <p>Only for callers on this machine that know the admin's password. POST wants the header {@code X-Adit-Control: 1}, which no page of
 * another origin can make a browser send without asking first. Thread-safety: thread-safe.
 */
final class ControlServlet extends HttpServlet {

    static final String PATH = "/adit/control";
    static final String HEADER = "X-Adit-Control";

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ControlServlet.class);

    private final transient RegistrationManager registrations;
    private final transient ProxyManager proxies;
    private final transient AdminPassword password;
    private final int bodyMaxBytes;

    ControlServlet(RegistrationManager registrations, ProxyManager proxies, AdminPassword password, int bodyMaxBytes) {
        this.registrations = registrations;
        this.proxies = proxies;
        this.password = password;
        this.bodyMaxBytes = bodyMaxBytes;
    }

    /** An answer that is not the wanted one. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refusal(int status, String line) {
            super(line, null, false, false);
            this.status = status;
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            admit(request, response);
            run(request, response);
        } catch (Refusal e) {
            response.setStatus(e.status);
            response.getWriter().println(e.getMessage());
        }
    }

    private void admit(HttpServletRequest request, HttpServletResponse response) throws Refusal {
        if (!isLoopback(request.getRemoteAddr())) {
            throw new Refusal(HttpServletResponse.SC_FORBIDDEN, "only from this machine");
        }
        boolean known;
        try {
            known = password.accepts(request.getHeader("Authorization"));
        } catch (IOException e) {
            LOG.warn("the admin password cannot be read, so nobody gets in: {}", e.toString());
            throw new Refusal(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "the admin password cannot be read here; the log says why");
        }
        if (!known) {
            response.setHeader("WWW-Authenticate", "Basic realm=\"Adit control\", charset=\"UTF-8\"");
            throw new Refusal(HttpServletResponse.SC_UNAUTHORIZED, "wrong user or password");
        }
    }

    private void run(HttpServletRequest request, HttpServletResponse response) throws Refusal, IOException {
        String path = request.getPathInfo() == null ? "" : request.getPathInfo();
        switch (path) {
        case "/invite" -> invite(registrations::invite, name(request, response), response.getWriter());
        case "/invite-proxy" -> invite(proxies::inviteProxy, name(request, response), response.getWriter());
        case "/move" -> move(form(request, response, "name", "proxy"));
        case "/proxies" -> {
            method(request, response, "GET");
            proxies(response.getWriter());
        }
        case "/revoke" -> revoke(name(request, response));
        case "/names" -> {
            method(request, response, "GET");
            names(response.getWriter());
        }
        default -> throw new Refusal(HttpServletResponse.SC_NOT_FOUND, "there is invite, revoke, names, invite-proxy, proxies and move");
        }
    }

    /** One of the two kinds. */
    private interface Inviting {
        Invitation invite(String name) throws RegistrationException;
    }

    private static void invite(Inviting inviting, String name, PrintWriter out) throws Refusal {
        try {
            out.println(inviting.invite(name).text());
        } catch (RegistrationException e) {
            throw refusal(e);
        }
    }

    private void move(List<String> nameAndProxy) throws Refusal {
        try {
            proxies.move(nameAndProxy.get(0), nameAndProxy.get(1));
        } catch (RegistrationException e) {
            throw refusal(e);
        }
    }

    private static Refusal refusal(RegistrationException e) {
        return new Refusal(e.code() == ErrorCode.REFUSED ? HttpServletResponse.SC_BAD_REQUEST : HttpServletResponse.SC_SERVICE_UNAVAILABLE, e.getMessage());
    }

    private void proxies(PrintWriter out) {
        for (ProxyInfo info : proxies.proxies()) {
            out.println(String.join("\t", Text.row(info)));
        }
    }

    private void revoke(String name) throws Refusal {
        boolean existed;
        try {
            existed = registrations.revoke(name);
        } catch (IllegalStateException e) {
            LOG.warn("revoke failed", e);
            throw new Refusal(HttpServletResponse.SC_SERVICE_UNAVAILABLE, e.getMessage());
        }
        if (!existed) {
            throw new Refusal(HttpServletResponse.SC_NOT_FOUND, "there is no name '" + Text.printable(name) + "'");
        }
    }

    private void names(PrintWriter out) {
        for (NameInfo info : registrations.names()) {
            out.println(String.join("\t", info.name(), info.state(), info.since().toString(), Text.codec(info.codec()), Integer.toString(info.peers())));
        }
    }

    private String name(HttpServletRequest request, HttpServletResponse response) throws Refusal, IOException {
        return form(request, response, "name").get(0);
    }

    private List<String> form(HttpServletRequest request, HttpServletResponse response, String... fields) throws Refusal, IOException {
        method(request, response, "POST");
        if (!"1".equals(request.getHeader(HEADER))) {
            throw new Refusal(HttpServletResponse.SC_FORBIDDEN, "the header " + HEADER + ": 1 is missing");
        }
        try {
            return FormBody.fields(request.getContentType(), request.getInputStream(), bodyMaxBytes, fields);
        } catch (IllegalArgumentException e) {
            throw new Refusal(HttpServletResponse.SC_BAD_REQUEST, e.getMessage());
        }
    }

    private static void method(HttpServletRequest request, HttpServletResponse response, String method) throws Refusal {
        if (!request.getMethod().equals(method)) {
            response.setHeader("Allow", method);
            throw new Refusal(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "this takes " + method);
        }
    }

    private static boolean isLoopback(String address) {
        try {
            // an address literal, as getRemoteAddr gives it, is not looked up
            return address != null && !address.isEmpty() && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
