package io.adit.connector;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.adit.way.Literal;
import io.adit.way.Login;

/**
 * The CONNECT method of an HTTP proxy (RFC 9110 section 9.3.6), with Basic authentication (RFC 7617), which is sent at once: a proxy that first says
 * 407 often closes. Digest, NTLM and Negotiate are not spoken; what the proxy asks for is told. Not thread-safe.
 *
 * <pre>
 *   STATUS --status line--> FIELDS --empty line, 1xx--> STATUS
 *                                  --empty line, 2xx--> DONE
 *                                  --empty line, else-> refused
 * </pre>
 */
final class HttpConnect implements Dialogue {

    private enum State { STATUS, FIELDS, DONE }

    private static final byte[] NOTHING = {};
    private static final byte[] START = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[0-9] ([1-5][0-9]{2})(?: (.*))?");
    /** Of an answer that is not HTTP, bytes. */
    private static final int SHOWN = 24;
    private static final String CHALLENGE = "proxy-authenticate:";

    private final String target;
    private final String agent;
    private final Login login;
    private final int maxBytes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Set<String> schemes = new LinkedHashSet<>();
    private State state = State.STATUS;
    private int bytes;
    private int status;
    private String reason = "";

    /**
     * @param login null: none
     * @param maxBytes of the proxy's answer, interim responses too
     */
    HttpConnect(String host, int port, String agent, Login login, int maxBytes) {
        this.target = Literal.authority(host, port);
        this.agent = agent;
        this.login = login;
        this.maxBytes = maxBytes;
    }

    @Override
    public byte[] begin() {
        StringBuilder head = new StringBuilder("CONNECT ").append(target).append(" HTTP/1.1\r\nHost: ").append(target)
                .append("\r\nUser-Agent: ").append(agent).append("\r\n");
        if (login != null) {
            byte[] pair = (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
            head.append("Proxy-Authorization: Basic ").append(Base64.getEncoder().encodeToString(pair)).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public byte[] received(ByteBuffer in) throws DialException {
        while (in.hasRemaining() && state != State.DONE) {
            byte next = in.get();
            if (++bytes > maxBytes) {
                throw new DialException("answers with a head of more than " + maxBytes + " bytes");
            }
            line.write(next);
            if (state == State.STATUS && line.size() <= START.length && next != START[line.size() - 1]) {
                while (in.hasRemaining() && line.size() < SHOWN) {
                    line.write(in.get());
                }
                throw notHttp(); // at once, and not when it is silent for too long
            }
            if (next == '\n') {
                line();
            }
        }
        return NOTHING;
    }

    private void line() throws DialException {
        // a lone LF ends a line too (RFC 9112 section 2.2)
        String text = line.toString(StandardCharsets.ISO_8859_1).replaceFirst("\r?\n$", "");
        if (state == State.STATUS) {
            Matcher matcher = STATUS_LINE.matcher(text);
            if (!matcher.matches()) {
                throw notHttp();
            }
            status = Integer.parseInt(matcher.group(1));
            reason = matcher.group(2) == null ? "" : matcher.group(2).strip();
            schemes.clear();
            state = State.FIELDS;
        } else if (text.isEmpty()) {
            end();
        } else if (text.toLowerCase(Locale.ROOT).startsWith(CHALLENGE)) {
            challenge(text.substring(CHALLENGE.length()));
        }
        line.reset();
    }

    /** A success has no body, whatever its fields say of one (RFC 9110 section 9.3.6). */
    private void end() throws DialException {
        if (status >= 200 && status < 300) {
            state = State.DONE;
        } else if (status < 200 && status != 101) {
            state = State.STATUS;
        } else {
            throw refusal();
        }
    }

    /** The names of the schemes: words that begin a list element and are no parameter (RFC 9110 section 11.6.1). */
    private void challenge(String value) {
        for (String element : value.replaceAll("\"(\\\\.|[^\"\\\\])*\"?", "").split(",")) {
            String word = element.strip().split("\\s", 2)[0];
            if (word.matches("[A-Za-z][A-Za-z0-9-]{0,30}")) {
                schemes.add(word);
            }
        }
    }

    private DialException refusal() {
        String answer = " (" + status + (reason.isEmpty() ? "" : " " + printable(reason)) + ")";
        if (status == 407 || status == 401) { // tinyproxy says 401 to a wrong login
            boolean basic = schemes.isEmpty() || schemes.stream().anyMatch("basic"::equalsIgnoreCase);
            String wish = !basic ? "wants a login by " + String.join(", ", schemes) + ", and only Basic is known here"
                    : login == null ? "wants a user and a password" : "does not accept the user and the password";
            return login == null ? new DialException(wish + answer) : DialException.login(wish + answer);
        } else if (status >= 500) {
            return new DialException("cannot connect to " + target + answer);
        } else if (status >= 400) {
            return new DialException("refuses a connection to " + target + answer);
        }
        return new DialException("does not connect to " + target + " but answers something else" + answer);
    }

    private DialException notHttp() {
        return new DialException("is no HTTP proxy: its answer begins with '" + printable(line.toString(StandardCharsets.ISO_8859_1).split("\\R", 2)[0]) + "'");
    }

    /** Bounded, and in one line, whatever the other side sent. */
    private static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > 80 ? clean.substring(0, 80) + "..." : clean;
    }

    @Override
    public boolean isDone() {
        return state == State.DONE;
    }
}
