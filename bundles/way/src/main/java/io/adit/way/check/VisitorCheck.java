package io.adit.way.check;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.way.Literal;

/**
 * The way that a visitor takes: the name, the public port, the proxy's clock, the origin through the tunnel, and how much passes. Each step has a deadline;
 * not thread-safe.
 */
public final class VisitorCheck {

    /** Where a proxy tells its time. */
    public static final String TIME_PATH = "/.well-known/adit/time";

    private static final double SLOW_ORIGIN_MILLIS = 1000;
    /** More makes tickets and certificates fail that should not. */
    private static final Duration APART = Duration.ofSeconds(10);
    private static final double SLOW_MEGABITS = 1;
    private static final int BUFFER = 64 * 1024;
    private static final Pattern TIME = Pattern.compile("datetime=\"([^\"]{1,40})\"");
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})(?: .*)?");

    private final URI url;
    private final byte[] secret;
    private final Limits limits;
    private final List<Check> checks = new ArrayList<>();
    private InetAddress address;
    private boolean strict = true;

    /**
     * @param url of the peer
     * @param secret of its invitation; null where nobody has it, and the throughput is not measured
     */
    public VisitorCheck(String url, byte[] secret, Limits limits) {
        this.url = URI.create(url);
        this.secret = secret == null ? null : secret.clone();
        this.limits = limits;
    }

    /** An answer. @param bodyMillis from its first byte to its last */
    private record Answer(int status, String head, byte[] body, long bytes, double firstMillis, double bodyMillis) {

        String field(String name) {
            Matcher field = Pattern.compile("(?im)^" + name + ":[ \t]*([^\r\n]{0,200})").matcher(head);
            return field.find() ? field.group(1).strip() : "";
        }
    }

    /** All steps, in order. */
    public List<Check> run() throws InterruptedException {
        checks.clear();
        if (!name() || !port()) {
            return List.copyOf(checks);
        }
        origin();
        throughput();
        return List.copyOf(checks);
    }

    /** The name alone. */
    public List<Check> runName() throws InterruptedException {
        checks.clear();
        name();
        return List.copyOf(checks);
    }

    /** The port alone, whatever its certificate. */
    public Check runPort(String called) throws InterruptedException {
        checks.clear();
        strict = false;
        if (name()) {
            port();
        }
        Check found = checks.stream().filter(check -> check.state() == State.FAIL).findFirst().orElse(checks.get(checks.size() > 1 ? 1 : 0));
        return new Check(called, found.state(), found.text(), found.advice(), found.millis());
    }

    private boolean isTls() {
        return "https".equals(url.getScheme());
    }

    private String host() {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private int portNumber() {
        return url.getPort() >= 0 ? url.getPort() : isTls() ? 443 : 80;
    }

    private boolean name() throws InterruptedException {
        long begun = System.nanoTime();
        try {
            address = Names.of(host(), limits.stepMillis()).get(0);
            add("Name", State.OK, host() + " is " + address.getHostAddress(), "", TunnelCheck.since(begun));
            return true;
        } catch (UnknownHostException e) {
            add("Name", State.FAIL, host() + ": " + e.getMessage(), "Visitors cannot find it: the domain needs a wildcard record that leads to the proxy, or its own name server.",
                    TunnelCheck.since(begun));
            return false;
        }
    }

    private boolean port() {
        long begun = System.nanoTime();
        Instant before = Instant.now();
        try {
            Answer answer;
            try {
                answer = ask("GET", TIME_PATH, BUFFER, limits.stepMillis());
            } catch (SSLException e) {
                strict = false;
                add("HTTPS", State.FAIL, TunnelCheck.reason(e), "Browsers warn their users: the public port needs a certificate for " + host() + ".", TunnelCheck.since(begun));
                before = Instant.now();
                answer = ask("GET", TIME_PATH, BUFFER, limits.stepMillis());
            }
            add(isTls() ? "HTTPS" : "HTTP", State.OK, Literal.authority(host(), portNumber()) + " answers", "", answer.firstMillis());
            clock(answer, before.plus(Duration.between(before, Instant.now()).dividedBy(2)));
            return true;
        } catch (IOException e) {
            add("HTTP", State.FAIL, Literal.authority(host(), portNumber()) + ": " + TunnelCheck.reason(e),
                    "Does the proxy run? Can its public port be reached from here?", TunnelCheck.since(begun));
            return false;
        }
    }

    private void clock(Answer answer, Instant here) {
        Matcher said = TIME.matcher(new String(answer.body(), StandardCharsets.ISO_8859_1));
        Instant there;
        try {
            there = answer.status() == 200 && said.find() ? Instant.parse(said.group(1))
                    : ZonedDateTime.parse(answer.field("date"), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeException e) {
            add("Clock", State.SKIPPED, "the proxy does not tell its time", "", -1);
            return;
        }
        Duration apart = Duration.between(there, here);
        String text = String.format(Locale.ROOT, "%.1f s %s the proxy's", Math.abs(apart.toMillis()) / 1000.0, apart.isNegative() ? "behind" : "ahead of");
        boolean far = apart.abs().compareTo(APART) > 0;
        add("Clock", far ? State.WARN : State.OK, text, far ? "One of the two is wrong: let both machines get their time from the network (NTP)." : "", -1);
    }

    private void origin() {
        long begun = System.nanoTime();
        try {
            Answer answer = ask("HEAD", url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath(), 0, limits.stepMillis());
            String error = answer.field("adit-error");
            boolean slow = answer.firstMillis() > SLOW_ORIGIN_MILLIS;
            if (!error.isEmpty()) {
                add("Origin", State.FAIL, "the proxy answers for it: " + answer.status() + " " + error.replaceAll("[^a-z-]", "?"), advice(error), answer.firstMillis());
            } else if (answer.status() >= 500) {
                add("Origin", State.FAIL, "it answers through the tunnel, but with an error of its own: " + answer.status(), "Look into the web server's log.", answer.firstMillis());
            } else {
                add("Origin", slow ? State.WARN : State.OK, "it answers through the tunnel: " + answer.status(), slow ? "It is slow: the web server, or the network." : "",
                        answer.firstMillis());
            }
        } catch (IOException e) {
            add("Origin", State.FAIL, TunnelCheck.reason(e), "Nothing came back in time: the peer, its web server or the network between is stuck.", TunnelCheck.since(begun));
        }
    }

    private static String advice(String error) {
        return switch (error) {
            case "unknown-name" -> "The proxy does not know the name: it was never invited, was revoked, renamed, or has expired.";
            case "offline" -> "The peer is not connected: its log and its page say why.";
            case "timeout" -> "The web server behind the peer said nothing in time: it hangs, or it is overloaded.";
            case "bad-answer" -> "The web server's answer is no valid HTTP: is it one, and is it HTTP or HTTPS that it speaks there?";
            case "origin-unreachable" -> "The peer cannot reach its web server: does that run, at the address that the peer was given?";
            case "over-quota" -> "The name has used up what it may: see its quota.";
            default -> "docs/HTTP.md has the list of these codes.";
        };
    }

    private void throughput() {
        if (secret == null) {
            add("Throughput", State.SKIPPED, "it is measured by the peer: its secret is needed", "", -1);
            return;
        }
        try {
            Answer answer = ask("GET", SpeedPath.make(secret, Instant.now()), limits.speedBytes(), limits.speedMillis());
            if (answer.status() != 200 || !answer.field("content-type").equals("application/octet-stream")) {
                add("Throughput", State.SKIPPED, "the peer does not take part: it does not run, or io.adit.diag is not there", "", -1);
                return;
            }
            double megabits = answer.bytes() * 8 / 1000.0 / Math.max(answer.bodyMillis(), 0.001);
            String text = String.format(Locale.ROOT, "%.1f Mbit/s through tunnel and proxy (%d KiB)", megabits, answer.bytes() >> 10);
            add("Throughput", megabits < SLOW_MEGABITS ? State.WARN : State.OK, text, megabits < SLOW_MEGABITS ? "That is little: the peer's line up, or a quota of the name." : "",
                    answer.bodyMillis());
        } catch (IOException e) {
            add("Throughput", State.WARN, TunnelCheck.reason(e), "The transfer broke.", -1);
        }
    }

    /** One request on a connection of its own; what is too long or takes too long is left. */
    private Answer ask(String method, String path, int mostBytes, int millis) throws IOException {
        long begun = System.nanoTime();
        try (Socket plain = Sockets.connect(address, portNumber(), limits.stepMillis()); Socket socket = isTls() ? Sockets.tls(plain, host(), strict) : plain) {
            String port = url.getPort() < 0 ? "" : ":" + url.getPort();
            String authority = (host().indexOf(':') >= 0 ? "[" + host() + "]" : host()) + port;
            socket.getOutputStream().write((method + " " + path + " HTTP/1.1\r\nHost: " + authority + "\r\nUser-Agent: adit-diag\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            String head = Sockets.head(in);
            double first = TunnelCheck.since(begun);
            Matcher line = STATUS.matcher(head.split("\r?\n", 2)[0]);
            if (!line.matches()) {
                throw new IOException("the answer is no HTTP");
            }
            long from = System.nanoTime();
            long end = from + millis * 1_000_000L;
            byte[] buffer = new byte[BUFFER];
            java.io.ByteArrayOutputStream body = new java.io.ByteArrayOutputStream();
            long bytes = 0;
            while (bytes < mostBytes && System.nanoTime() < end) {
                int count = in.read(buffer);
                if (count < 0) {
                    break;
                }
                bytes += count;
                body.write(buffer, 0, Math.max(0, Math.min(count, BUFFER - body.size())));
            }
            return new Answer(Integer.parseInt(line.group(1)), head, body.toByteArray(), bytes, first, TunnelCheck.since(from));
        }
    }

    private void add(String name, State state, String text, String advice, double took) {
        checks.add(new Check(name, state, text, advice, took));
    }
}
