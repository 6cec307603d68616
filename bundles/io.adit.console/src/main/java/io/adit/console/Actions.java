package io.adit.console;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.adit.api.Check;
import io.adit.api.CheckReport;
import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.PeerSession;
import io.adit.api.PeerUnavailableException;
import io.adit.api.Probe;
import io.adit.api.packet.Packet.RequestHead;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes that an operator makes. Each is written to the log. Thread-safe; a probe and a replay wait for the peer, a few at a time.
 */
final class Actions {

    private static final Logger LOG = LoggerFactory.getLogger(Actions.class);
    static final int BAD = 400;
    static final int GONE = 404;
    static final int CONFLICT = 409;
    private static final int BUSY = 503;
    private static final int WAITING = 4;

    private final Network network;
    private final RequestLog requests;
    private final Supplier<Probe> probe;
    private final Codecs codecs;
    private final Settings settings;
    private final Semaphore waiting = new Semaphore(WAITING);

    /**
     * @param network null in a container that is no proxy
     * @param probe gives null while it is away
     */
    Actions(Network network, RequestLog requests, Supplier<Probe> probe, Codecs codecs, Settings settings) {
        this.network = network;
        this.requests = requests;
        this.probe = probe;
        this.codecs = codecs;
        this.settings = settings;
    }

    /**
     * Does it.
     *
     * @param field gives a parameter, or null
     * @param user who asked, for the log
     * @return what the page gets
     */
    Map<String, Object> act(String action, UnaryOperator<String> field, String user) throws Refusal {
        Map<String, Object> result = switch (action) {
            case "bodies" -> bodies(required(field, "name"), "on".equals(field.apply("value")));
            case "clear" -> clear();
            case "prefer" -> prefer(number(field, "version"));
            case "drain", "disconnect" -> end(action, required(field, "name"));
            case "move", "revoke", "invite", "terms", "rename", "release", "domain-add", "domain-check", "domain-remove" -> names().act(action, field);
            case "probe" -> probe(required(field, "name"));
            case "replay" -> replay(number(field, "id"));
            default -> throw new Refusal(GONE, "there is no such action");
        };
        String on = field.apply("name");
        LOG.info("console user={} action={} on={}", printable(user), action, printable(on == null ? "-" : on));
        return result;
    }

    private Map<String, Object> probe(String name) throws Refusal {
        network();
        Probe now = probe.get();
        if (now == null) {
            throw new Refusal(BUSY, "io.adit.diag, which probes, is away just now");
        }
        return await(now.probe(name, Duration.ofMillis(settings.probeTimeoutMillis())).toCompletableFuture().thenApply(Actions::shown));
    }

    private static Map<String, Object> shown(CheckReport report) {
        return Json.object("ok", report.ok(), "verdict", report.verdict(), "legs", report.checks().stream().map(leg -> Json.object("name", leg.name(), "state",
                leg.state() == Check.State.FAIL ? "failed" : leg.state() == Check.State.WARN ? "slow" : "ok", "text", leg.text(), "millis",
                leg.millis() < 0 ? null : Math.rint(leg.millis() * 100) / 100)).toList());
    }

    private Network network() throws Refusal {
        if (network == null) {
            throw new Refusal(GONE, "there is no proxy in this container");
        }
        return network;
    }

    private NameActions names() throws Refusal {
        return new NameActions(network());
    }

    private Map<String, Object> bodies(String name, boolean on) throws Refusal {
        if (on && !Invitation.isName(name)) {
            throw new Refusal(BAD, "bodies are kept for one peer at a time");
        }
        Instant until = on ? Instant.now().plus(settings.bodyMinutes(), ChronoUnit.MINUTES) : null;
        requests.bodies(name, until);
        return Json.object("ok", true, "until", until == null ? null : until.toEpochMilli(), "bytes", settings.bodyMaxBytes());
    }

    private Map<String, Object> clear() {
        requests.clear();
        return done("");
    }

    private Map<String, Object> prefer(long version) throws Refusal {
        try {
            codecs.prefer((int) version);
        } catch (IllegalArgumentException e) {
            throw new Refusal(CONFLICT, e.getMessage());
        }
        return done(version == 0 ? "The order of the configuration counts again." : "Sessions move to codec v" + version + ".");
    }

    private Map<String, Object> end(String action, String name) throws Refusal {
        List<PeerSession> sessions = network().sessions(name);
        if (sessions.isEmpty()) {
            throw new Refusal(CONFLICT, "'" + printable(name) + "' is not connected here");
        }
        for (PeerSession session : sessions) {
            if (action.equals("drain")) {
                session.drain(Duration.ofMillis(settings.drainTimeoutMillis()), ErrorCode.SHUTDOWN);
            } else {
                session.close(ErrorCode.SHUTDOWN, "an operator ended it");
            }
        }
        return done(action.equals("drain") ? "What runs finishes; then the peer connects anew." : "The session was ended; the peer connects anew.");
    }

    private Map<String, Object> replay(long id) throws Refusal {
        Captured.Now request = requests.find(id).orElseThrow(() -> new Refusal(GONE, "that request is not kept any more"));
        if (!request.isRepeatable()) {
            throw new Refusal(CONFLICT, "it cannot be sent again: it runs, was for no peer, or its body was not kept whole");
        }
        RequestHead head = Replay.head(request);
        if (head == null) {
            throw new Refusal(CONFLICT, "it cannot be sent again: its address held a secret, which is not kept");
        }
        PeerSession session = network().session(request.begin().peer()).orElseThrow(() -> new Refusal(CONFLICT, "the peer is not connected here"));
        try {
            return await(Replay.send(session, head, request, settings.probeTimeoutMillis()));
        } catch (PeerUnavailableException e) {
            throw new Refusal(CONFLICT, e.getMessage());
        }
    }

    private Map<String, Object> await(CompletableFuture<Map<String, Object>> answer) throws Refusal {
        if (!waiting.tryAcquire()) {
            answer.cancel(false);
            throw new Refusal(BUSY, "there are " + WAITING + " probes under way already");
        }
        try {
            return answer.get(2L * settings.probeTimeoutMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new Refusal(BUSY, "no result: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(BUSY, "the console is being stopped");
        } finally {
            waiting.release();
        }
    }

    static Map<String, Object> done(String text) {
        return Json.object("ok", true, "text", text);
    }

    static String required(UnaryOperator<String> field, String name) throws Refusal {
        String value = field.apply(name);
        if (value == null || value.isBlank()) {
            throw new Refusal(BAD, "the field '" + name + "' is missing");
        }
        return value.strip();
    }

    private static long number(UnaryOperator<String> field, String name) throws Refusal {
        String value = required(field, name);
        if (!value.matches("[0-9]{1,15}")) {
            throw new Refusal(BAD, "the field '" + name + "' must be a number");
        }
        return Long.parseLong(value);
    }

    static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > 80 ? clean.substring(0, 80) + "..." : clean;
    }
}
