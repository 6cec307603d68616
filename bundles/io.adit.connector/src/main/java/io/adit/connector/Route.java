package io.adit.connector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import io.adit.api.Checks;
import io.adit.way.Login;
import io.adit.way.ProxyVariables;
import io.adit.way.Via;

/**
 * How the tunnel's proxy is reached: directly, or through a forward proxy; as configuration and environment say. Immutable; a password in a file is read
 * anew for each attempt.
 */
final class Route {

    private static final String ENVIRONMENT = "env";
    /** Of a file with a password; more is none. */
    private static final int MAX_FILE_BYTES = 4096;

    private final String pid;
    private final String host;
    private final Via via;
    private final String source;
    private final Login login;
    private final Path passwordFile;
    private final int timeoutMillis;
    private final int refusedMillis;
    private final int maxBytes;

    /**
     * @param pid of the configuration, for what is wrong
     * @param environment the variables of this process
     * @param home where a relative path begins
     * @param host of the tunnel's proxy
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    Route(String pid, ConnectorConfiguration configuration, Map<String, String> environment, Path home, String host) {
        this.pid = pid;
        this.host = host;
        this.timeoutMillis = Checks.within(pid, "dial.via.timeout.millis", configuration.dial_via_timeout_millis(), 100, 120_000);
        this.refusedMillis = Checks.within(pid, "dial.via.refused.millis", configuration.dial_via_refused_millis(), 1000, 86_400_000);
        this.maxBytes = Checks.within(pid, "dial.via.head.max.bytes", configuration.dial_via_head_max_bytes(), 1024, 1_048_576);
        String text = configuration.dial_via().strip();
        Login inUrl = null;
        if (text.isEmpty()) {
            this.via = null;
            this.source = "";
        } else if (text.equals(ENVIRONMENT)) {
            Optional<ProxyVariables.Found> found = find(environment, host);
            this.via = found.map(ProxyVariables.Found::via).orElse(null);
            this.source = found.map(each -> " (of " + each.variable() + ")").orElse("");
            inUrl = via == null ? null : via.login();
        } else {
            this.via = parse(text);
            this.source = "";
        }
        if (via == null) {
            this.login = null;
            this.passwordFile = null;
        } else if (inUrl != null) {
            this.login = check("the user and the password of the environment" + source, inUrl);
            this.passwordFile = null;
        } else {
            String file = configuration.dial_via_password_file().strip();
            this.passwordFile = file.isEmpty() ? null : home.resolve(file);
            this.login = configured(configuration);
        }
        if (via != null && via.kind() == Via.Kind.SOCKS5 && host.length() > Socks5.MAX_BYTES) {
            throw new IllegalArgumentException(pid + ": SOCKS5 has no room for a host name of " + host.length() + " bytes");
        }
    }

    private Optional<ProxyVariables.Found> find(Map<String, String> environment, String host) {
        try {
            return ProxyVariables.find(environment, host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(pid + ": dial.via is env, and " + e.getMessage(), e);
        }
    }

    private Via parse(String text) {
        try {
            Via via = Via.parse(text);
            if (via.login() != null) {
                throw new IllegalArgumentException(Via.FORM + "; the user is dial.via.user, the password dial.via.password or dial.via.password.file");
            }
            return via;
        } catch (IllegalArgumentException e) {
            throw Checks.bad(pid, "dial.via", Via.redact(text), "empty, env, " + e.getMessage());
        }
    }

    private Login configured(ConnectorConfiguration configuration) {
        String user = configuration.dial_via_user();
        String password = configuration.dial_via_password();
        if (!password.isEmpty() && passwordFile != null) {
            throw new IllegalArgumentException(pid + ": dial.via.password and dial.via.password.file are both set");
        } else if (!user.isEmpty()) {
            return check("dial.via.user or dial.via.password", new Login(user, password));
        } else if (!password.isEmpty() || passwordFile != null) {
            throw new IllegalArgumentException(pid + ": there is a dial.via.password or dial.via.password.file but no dial.via.user");
        }
        return null;
    }

    /** What the protocol has no room for (RFC 7617 section 2, RFC 1929 section 2). */
    private Login check(String what, Login given) {
        for (String each : new String[] {given.user(), given.password()}) {
            if (each.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(pid + ": " + what + " has a control character");
            } else if (via.kind() == Via.Kind.SOCKS5 && each.getBytes(StandardCharsets.UTF_8).length > Socks5.MAX_BYTES) {
                throw new IllegalArgumentException(pid + ": " + what + " is longer than the " + Socks5.MAX_BYTES + " bytes that SOCKS5 has room for");
            }
        }
        if (via.kind() == Via.Kind.HTTP && given.user().contains(":")) {
            throw new IllegalArgumentException(pid + ": the user for an HTTP proxy has a colon");
        }
        return given;
    }

    boolean isDirect() {
        return via == null;
    }

    /** The forward proxy; null when there is none. */
    Via via() {
        return via;
    }

    /** From the connection to the forward proxy until it is one to the tunnel's proxy, milliseconds. */
    int timeoutMillis() {
        return timeoutMillis;
    }

    /** Until a login that was refused is tried again, milliseconds. */
    int refusedMillis() {
        return refusedMillis;
    }

    /**
     * For one connection through the forward proxy.
     *
     * @throws DialException when the file with the password cannot be used
     */
    Dialogue dialogue(int port, String agent) throws DialException {
        Login now = passwordFile == null ? login : new Login(login.user(), password());
        return via.kind() == Via.Kind.HTTP ? new HttpConnect(host, port, agent, now, maxBytes) : new Socks5(host, port, now);
    }

    /** The first line of the file. */
    private String password() throws DialException {
        try {
            // its size alone would not tell: not that of a device
            byte[] bytes = new byte[MAX_FILE_BYTES + 1];
            int length;
            try (var in = Files.newInputStream(passwordFile)) {
                length = in.readNBytes(bytes, 0, bytes.length);
            }
            String text = new String(bytes, 0, length, StandardCharsets.UTF_8).split("\\R", 2)[0];
            if (text.isEmpty() || length == bytes.length) {
                throw new DialException("dial.via.password.file " + passwordFile + " must have the password in its first line, and at most "
                        + MAX_FILE_BYTES + " bytes");
            }
            return check("the password in " + passwordFile, new Login(login.user(), text)).password();
        } catch (IOException e) {
            throw new DialException("dial.via.password.file " + passwordFile + " cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            throw new DialException(e.getMessage());
        }
    }

    /** The forward proxy for people, and where it comes from; empty for none. */
    @Override
    public String toString() {
        return via == null ? "" : via + source;
    }
}
