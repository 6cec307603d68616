package io.adit.connector;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.adit.api.Api;
import io.adit.api.Details;
import io.adit.api.ErrorCode;
import io.adit.api.LocalRequests;
import io.adit.api.PeerNode.Trouble;
import io.adit.api.PeerSession;
import io.adit.api.RequestHandler;
import io.adit.api.RequestListener;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.PacketCodec;
import io.adit.tunnel.Tunnel;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one session with a proxy up: dials, registers, goes on to the proxy that it is assigned to, and dials again when the session is lost or about to
 * end. Gives up only when the proxy says that the invitation is no good, or when another peer took the name over with the same one. {@link Course} knows
 * where to go next, {@link Settings} what its configuration says, {@link Attempts} holds its connections, and {@link Published} tells the container.
 *
 * <p>Thread-safety: all decisions are made on one thread of its own ({@code adit-connector}), where nothing but name look-ups and a
 * small file blocks. No locks: what changes is confined to that thread, but for the count of codecs and the handlers, which are thread-safe.
 */
@Component(service = {}, immediate = true, configurationPid = Connector.PID, configurationPolicy = ConfigurationPolicy.REQUIRE,
        reference = @Reference(name = "api", service = Api.class))
@Designate(ocd = ConnectorConfiguration.class, factory = true)
public final class Connector implements Attempt.Listener {

    static final String PID = "io.adit.connector";
    private static final Logger LOG = LoggerFactory.getLogger(Connector.class);
    /** For the good-bye after a drain. */
    private static final long STOP_MILLIS = 3000;

    private final Tunnel tunnel;
    private final Settings settings;
    private final String name;
    private final String agent;
    private final Backoff backoff;
    private final Handlers handlers;
    private final ScheduledThreadPoolExecutor thread;
    private final Published published;

    /** Without a codec there is nothing to say to a proxy: the connector waits for one, and does not try. */
    private final AtomicInteger codecs = new AtomicInteger();

    // confined to the thread
    private final Course course = new Course();
    private final Attempts attempts;
    private ScheduledFuture<?> nextAttempt;
    private boolean waitsForCodec;
    private boolean stopped;
    private boolean wasUp;

    @Activate
    public Connector(BundleContext context, ConnectorConfiguration configuration, @Reference Tunnel tunnel, Map<String, Object> properties) {
        this.tunnel = tunnel;
        this.settings = new Settings(String.valueOf(properties.get(Constants.SERVICE_PID)), configuration, context);
        this.name = settings.name();
        this.agent = "adit/" + context.getBundle().getVersion();
        this.backoff = settings.backoff();
        this.handlers = settings.handlers();
        this.attempts = new Attempts(settings.isProxy(), settings.drainTimeout());
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "adit-connector-" + name);
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true); // deadlines of attempts that came to an end
        this.published = new Published(context, settings, this::drain);
        thread.execute(this::dial);
    }

    @Reference(service = PacketCodec.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addCodec(ServiceReference<PacketCodec> codec) {
        codecs.incrementAndGet();
        execute(this::codecArrived);
    }

    void removeCodec(ServiceReference<PacketCodec> codec) {
        codecs.decrementAndGet();
    }

    /** A handler of registration servers is for the connector that its configuration gives it to. */
    @Reference(name = "handler", target = "(!(io.adit.link=*))", cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setHandler(RequestHandler handler) {
        handlers.set(handler);
    }

    void unsetHandler(RequestHandler handler) {
        handlers.unset(handler);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addLocalRequests(LocalRequests local) {
        handlers.add(local);
    }

    void removeLocalRequests(LocalRequests local) {
        handlers.remove(local);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addRequestListener(RequestListener listener) {
        if (!settings.isProxy()) { // the link of a proxy carries no requests of visitors
            handlers.reports().add(listener);
        }
    }

    void removeRequestListener(RequestListener listener) {
        handlers.reports().remove(listener);
    }

    /** The proxy is told, and what runs finishes, within a time. */
    @Deactivate
    void deactivate() {
        published.withdraw();
        Duration longest = settings.drainTimeout();
        drain(longest).toCompletableFuture().completeOnTimeout(null, longest.toMillis() + STOP_MILLIS, TimeUnit.MILLISECONDS).join();
        handlers.close();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        thread.execute(() -> {
            published.clear();
            attempts.close();
            ended.complete(null);
        });
        ended.completeOnTimeout(null, STOP_MILLIS, TimeUnit.MILLISECONDS).join();
        thread.shutdownNow();
    }

    /** Does not dial any more; on any thread. */
    private CompletionStage<Void> drain(Duration deadline) {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        thread.execute(() -> {
            stopped = true;
            attempts.drain(deadline).thenAccept(drained::complete);
        });
        return drained;
    }

    /** One that was missed, or a newer one, is worth an attempt at once; a pause for another reason goes on. */
    private void codecArrived() {
        if (waitsForCodec && !attempts.hasCurrent()) {
            if (nextAttempt != null) {
                nextAttempt.cancel(false);
            }
            dial();
        }
    }

    private void dial() {
        nextAttempt = null;
        waitsForCodec = codecs.get() == 0;
        if (stopped) {
            return;
        } else if (waitsForCodec) {
            published.trouble(Trouble.CODEC, "there is no packet codec", null);
            return;
        }
        Assignment assigned = course.next().orElse(null);
        Attempt attempt;
        try {
            attempt = new Attempt(tunnel, settings.invitation(), assigned, settings.route(assigned), settings.connectMillis(), thread, agent,
                    settings.details(assigned != null, course.avoid()), handlers, this);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            fail(Trouble.OTHER, e.getMessage()); // no TLS here at all, or a forward proxy that cannot do it
            return;
        }
        attempts.begin(attempt);
        attempt.dial();
    }

    @Override
    public void unreachable(Attempt attempt, DialException cause) {
        // a refused login is not tried again soon: many a company locks the account after a few attempts
        execute(() -> {
            attempt.close();
            if (attempts.end(attempt)) {
                boolean atOnce = course.ended(attempt.assignment(), false, ErrorCode.SESSION_LOST);
                Trouble kind = cause.isLogin() ? Trouble.LOGIN : attempt.route().isDirect() ? Trouble.NETWORK : Trouble.FORWARD_PROXY;
                retry(attempt, kind, cause.getMessage(), cause.isLogin() ? attempt.route().refusedMillis() : atOnce ? 0 : backoff.next());
            }
        });
    }

    @Override
    public void registered(Attempt attempt, Registered answer, PeerSession session) {
        execute(() -> up(attempt, answer, session));
    }

    @Override
    public void goingAway(Attempt attempt, ErrorCode code) {
        execute(() -> leave(attempt, code));
    }

    @Override
    public void ended(Attempt attempt, ErrorCode code, String reason) {
        execute(() -> down(attempt, code, reason));
    }

    /** What comes after the connector was stopped has nobody to hear it. */
    private void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("after the end", e);
        }
    }

    private void retry(Attempt attempt, Trouble kind, String reason, long delay) {
        if (!stopped) {
            LOG.info("not connected name={} proxy={} reason={} retry_ms={}", name, attempt.where(), reason, delay);
            published.retry(kind, reason, Instant.now().plusMillis(delay));
            nextAttempt = thread.schedule(this::dial, delay, TimeUnit.MILLISECONDS);
        }
    }

    private void up(Attempt attempt, Registered answer, PeerSession session) {
        attempt.registered(session);
        if (stopped || !attempts.isCurrent(attempt)) {
            attempts.finish(session);
        } else if (settings.isProxy() && !Details.PROXY.equals(answer.details().first(Details.ROLE))) { // PROTOCOL R1
            fail(Trouble.INVITATION, "the invitation for '" + name + "' is not one for a proxy");
            session.close(ErrorCode.UNAUTHORIZED, "not a proxy");
        } else if (attempt.assignment() == null && answer.ticket().length > 0) {
            follow(attempt, answer);
        } else {
            course.up();
            wasUp = true;
            backoff.reset();
            LOG.info("connected name={} session={} proxy={} {}:{} url={} codec={} via={}", answer.name(), session.id(), answer.proxyName(),
                    answer.proxyAddress(), answer.proxyPort(), answer.url(), session.info().codec(), attempt.route().isDirect() ? "-" : attempt.route());
            published.up(answer, session);
        }
    }

    /** PROTOCOL R4 */
    private void follow(Attempt attempt, Registered answer) {
        try {
            Assignment assignment = Assignment.of(answer, settings.invitation());
            LOG.info("assigned name={} proxy={} {}:{}", name, assignment.proxy(), assignment.target().host(), assignment.target().port());
            course.assigned(assignment);
            attempts.leave(attempt);
            attempt.session().close(ErrorCode.MOVED, "");
            dial();
        } catch (IllegalArgumentException e) {
            attempts.leave(attempt);
            attempt.session().close(ErrorCode.PROTOCOL, e.getMessage());
            retry(attempt, Trouble.OTHER, e.getMessage(), backoff.next());
        }
    }

    /** The session goes on for a while; it is time to look for the next. */
    private void leave(Attempt attempt, ErrorCode code) {
        boolean over = code == ErrorCode.REPLACED || code == ErrorCode.REVOKED || code == ErrorCode.UNAUTHORIZED || code == ErrorCode.EXPIRED;
        if (stopped || !attempts.isCurrent(attempt) || over) {
            return; // its end says what that means
        }
        LOG.info("leaving name={} session={} proxy={} reason={}", name, attempt.session().id(), attempt.where(), code);
        attempts.leave(attempt);
        course.goingAway(attempt.assignment(), code);
        dial();
    }

    private void down(Attempt attempt, ErrorCode code, String reason) {
        attempt.close();
        boolean mine = attempts.end(attempt);
        if (stopped) {
            return;
        }
        if (!attempts.hasSession()) {
            published.down();
        }
        if (!mine) {
            return;
        }
        boolean served = attempt.session() != null;
        // only who has the name's secret from us, and not just a ticket, may say that it is no good
        boolean asked = attempt.assignment() == null || served;
        switch (code) {
            case REVOKED, REPLACED, UNAUTHORIZED, EXPIRED, VERSION -> {
                if (asked) {
                    fail(code == ErrorCode.REPLACED ? Trouble.TAKEN_OVER : code == ErrorCode.VERSION ? Trouble.CODEC : Trouble.INVITATION, describe(code, reason));
                    return;
                }
            }
            default -> {
                if (attempt.mismatch() && attempt.assignment() == null) {
                    mismatch(attempt);
                    return;
                }
            }
        }
        waitsForCodec = code == ErrorCode.NO_CODEC;
        boolean atOnce = course.ended(attempt.assignment(), served, code);
        String why = attempt.mismatch() ? "the proxy shows another certificate than the registration server says" : reason;
        Trouble kind = attempt.mismatch() ? Trouble.CERTIFICATE : waitsForCodec ? Trouble.CODEC : Trouble.NETWORK;
        retry(attempt, kind, code.text() + (why.isEmpty() ? "" : ": " + why), atOnce ? 0 : backoff.next());
    }

    private void mismatch(Attempt attempt) {
        String message = "the proxy at " + attempt.where() + " shows another certificate than the one that the invitation names"
                + (settings.route().isDirect() ? "" : "; does the forward proxy " + settings.route() + " look into TLS?");
        if (wasUp) {
            course.ended(null, false, ErrorCode.SESSION_LOST);
            retry(attempt, Trouble.CERTIFICATE, message, backoff.slow());
        } else {
            fail(Trouble.CERTIFICATE, message);
        }
    }

    private String describe(ErrorCode code, String reason) {
        return switch (code) {
            case REVOKED -> "the invitation for '" + name + "' was revoked";
            case EXPIRED -> reason.isEmpty() || reason.equals(code.text()) ? "the invitation for '" + name + "' has expired" : reason;
            case REPLACED -> "another " + settings.role() + " with the same invitation took over '" + name + "'";
            default -> reason.isEmpty() ? code.text() : reason;
        };
    }

    /** Does not try again: whoever watches (the launcher, the console) is told why. */
    private void fail(Trouble kind, String message) {
        stopped = true;
        published.stopped(kind, message);
        LOG.error("stopped name={} reason={}", name, message);
        published.failed(message);
    }
}
