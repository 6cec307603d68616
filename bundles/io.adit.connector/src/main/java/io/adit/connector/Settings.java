package io.adit.connector;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import io.adit.api.Checks;
import io.adit.api.Details;
import io.adit.api.Invitation;
import io.adit.api.Proof;
import io.adit.api.SecretFile;
import io.adit.api.packet.Fields;
import org.osgi.framework.BundleContext;

/**
 * The configuration of one tunnel, checked, and what follows from it. Read once: a new invitation in the file is for the next start of the component.
 * Immutable.
 */
final class Settings {

    private static final String PEER = "peer";

    private final String pid;
    private final ConnectorConfiguration configuration;
    private final Path home;
    private final Invitation invitation;
    private final boolean proxy;
    /** What is said of the peer. */
    private final Fields introduction;
    private final int retryMillis;
    private final int retryFastForMillis;
    private final int retryMaxMillis;
    private final Duration handlerTimeout;
    private final int handlerWaiting;
    private final Duration drainTimeout;
    private final int connectMillis;
    private final Route route;

    /**
     * @param pid of the configuration, to tell it from those of other tunnels
     * @throws IllegalArgumentException one line that names PID, key and range, and no secret
     */
    Settings(String pid, ConnectorConfiguration configuration, BundleContext context) {
        this.pid = pid;
        this.configuration = configuration;
        String root = context.getProperty("adit.home");
        this.home = Path.of(root == null ? "" : root);
        this.invitation = invitation(pid, configuration, home);
        Fields said = Introduction.of(pid, configuration);
        this.retryMillis = Checks.within(pid, "retry.millis", configuration.retry_millis(), 10, 60_000);
        this.retryFastForMillis = Checks.within(pid, "retry.fast.for.millis", configuration.retry_fast_for_millis(), 0, 3_600_000);
        this.retryMaxMillis = Checks.within(pid, "retry.max.millis", configuration.retry_max_millis(), 100, 3_600_000);
        this.handlerTimeout = Duration.ofMillis(Checks.within(pid, "handler.timeout.millis", configuration.handler_timeout_millis(), 0, 600_000));
        this.handlerWaiting = Checks.within(pid, "handler.waiting", configuration.handler_waiting(), 0, 100_000);
        this.drainTimeout = Duration.ofMillis(Checks.within(pid, "drain.timeout.millis", configuration.drain_timeout_millis(), 0, 600_000));
        this.connectMillis = Checks.within(pid, "connect.timeout.millis", configuration.connect_timeout_millis(), 100, 120_000);
        if (!List.of(PEER, Details.PROXY).contains(configuration.role())) {
            throw Checks.bad(pid, "role", configuration.role(), PEER + " or " + Details.PROXY);
        }
        this.proxy = configuration.role().equals(Details.PROXY);
        if (configuration.register() && (proxy || !invitation.tls())) {
            throw Checks.bad(pid, "register", "true", "false, for a proxy and without TLS");
        }
        this.introduction = proxy ? said : Fields.builder().addAll(said).add(Details.INSTANCE, Instance.of(context, pid)).build();
        this.route = route(invitation.host());
    }

    static Invitation invitation(String pid, ConnectorConfiguration configuration, Path home) {
        String text = SecretFile.either(pid, "invitation", configuration.invitation(), configuration.invitation_file(), home);
        try {
            return Invitation.parse(text);
        } catch (IllegalArgumentException e) {
            String file = configuration.invitation_file().strip();
            throw file.isEmpty() ? new IllegalArgumentException(pid + ": invitation: " + e.getMessage(), e)
                    : SecretFile.bad(pid, "invitation.file", home.resolve(file), e.getMessage());
        }
    }

    private Route route(String host) {
        return new Route(pid, configuration, System.getenv(), home, host);
    }

    Invitation invitation() {
        return invitation;
    }

    /** Of the peer, or of the proxy that this is the link of. */
    String name() {
        return invitation.name();
    }

    /** Whether this is the link of a proxy to its registration server. */
    boolean isProxy() {
        return proxy;
    }

    /** "peer" or "proxy". */
    String role() {
        return configuration.role();
    }

    Duration drainTimeout() {
        return drainTimeout;
    }

    int connectMillis() {
        return connectMillis;
    }

    /** A new one. */
    Backoff backoff() {
        return new Backoff(retryMillis, retryFastForMillis, retryMaxMillis, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** New ones. */
    Handlers handlers() {
        return new Handlers(name(), handlerTimeout, handlerWaiting);
    }

    /** To the one that the invitation names. */
    Route route() {
        return route;
    }

    /**
     * @param assigned null for the one that the invitation names
     * @throws IllegalArgumentException with one line, when the forward proxy cannot do it
     */
    Route route(Assignment assigned) {
        return assigned == null ? route : route(assigned.target().host());
    }

    /**
     * What is said at registration.
     *
     * @param assigned whether to an assigned proxy
     * @param avoid the proxy that we do not want to be assigned to; empty for none
     */
    Fields details(boolean assigned, String avoid) {
        Fields.Builder details = Fields.builder().addAll(introduction);
        if (proxy) {
            details.add(Details.ROLE, Details.PROXY);
        } else if (!assigned && !avoid.isEmpty()) {
            details.add(Details.AVOID, avoid);
        }
        if (configuration.register() && !assigned) {
            Proof.Verifier verifier = Proof.verifier(invitation.secret());
            details.add(Details.VERIFIER, Proof.hex(verifier.storedKey()) + Proof.hex(verifier.serverKey()));
        }
        return details.build();
    }
}
