package io.adit.acceptor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import io.adit.api.Checks;
import io.adit.api.ErrorCode;
import io.adit.api.HealthSource;
import io.adit.api.MetricSource;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager;
import io.adit.api.TunnelEndpoint;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.tunnel.Tunnel;
import io.adit.tunnel.mina.MinaHandler;
import io.adit.tunnel.mina.TlsFilter;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for peers: accept, TLS, handshake by the engine, over to the registry, which may come and go. A service of its own while it listens: the
 * endpoint. Where the port cannot be had it is there without work, and says so, until its configuration changes.
 *
 * <p>Thread-safety: thread-safe.
 */
@Component(service = {}, immediate = true, configurationPid = Acceptor.PID)
@Designate(ocd = AcceptorConfiguration.class)
public final class Acceptor {

    static final String PID = "io.adit.acceptor";
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);

    private final Tunnel tunnel;
    private final Registry registry;
    private final Duration drain;
    private final ScheduledThreadPoolExecutor timer;
    private final NioSocketAcceptor sockets;
    private final List<ServiceRegistration<?>> services;

    @Activate
    public Acceptor(BundleContext context, AcceptorConfiguration configuration, @Reference Tunnel tunnel)
            throws IOException, GeneralSecurityException {
        this.tunnel = tunnel;
        this.registry = new Registry(Duration.ofMillis(Checks.within(PID, "registry.timeout.millis", configuration.registry_timeout_millis(), 0, 60_000)));
        this.drain = Duration.ofMillis(Checks.within(PID, "drain.timeout.millis", configuration.drain_timeout_millis(), 0, 600_000));
        int port = Checks.within(PID, "port", configuration.port(), 0, 65535);
        int most = Checks.within(PID, "max.handshakes", configuration.max_handshakes(), 1, 100_000);
        int atOnce = Checks.within(PID, "handshakes.at.once", configuration.handshakes_at_once(), 1, 100_000);
        int wait = Checks.within(PID, "handshake.wait.millis", configuration.handshake_wait_millis(), 100, 120_000);
        byte[] fingerprint = new byte[0];
        Instant end = null;
        TlsFilter tls = null;
        if (configuration.tls()) {
            Path home = Path.of(context.getProperty("adit.home") == null ? "" : context.getProperty("adit.home"));
            Identity identity = Identity.of(home.resolve(configuration.certificate_file()), home.resolve(configuration.key_file()));
            fingerprint = identity.fingerprint();
            end = identity.end();
            tls = new TlsFilter(identity.context(), true);
        }
        byte[] shown = fingerprint;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "adit-acceptor-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        this.sockets = new NioSocketAcceptor(Math.max(1, Runtime.getRuntime().availableProcessors()));
        Turns turns = new Turns(most, atOnce, wait, timer);
        InetSocketAddress address = new InetSocketAddress(configuration.bind_address(), port);
        try {
            if (address.isUnresolved()) {
                throw new IOException("unknown address");
            }
            MinaHandler.configure(sockets.getSessionConfig());
            sockets.setReuseAddress(true);
            sockets.setBacklog(Checks.within(PID, "backlog", configuration.backlog(), 1, 65535));
            // those that are open end in a drain, after the socket for new ones
            sockets.setCloseOnDeactivation(false);
            if (tls != null) {
                sockets.getFilterChain().addFirst("tls", tls);
            }
            sockets.getFilterChain().addFirst("turn", new TurnFilter(turns));
            sockets.setHandler(new MinaHandler((session, transport) -> tunnel.accept(transport, shown, new Side(session, transport.remote()))));
            sockets.bind(address);
        } catch (IOException e) {
            dispose(false);
            LOG.debug("the port cannot be had", e);
            String fault = "the tunnel port " + configuration.bind_address() + ":" + port + " cannot be used: " + reason(e);
            LOG.error("{}: {}", PID, fault);
            // a part that is out of work until its configuration changes; only a container that does not serve yet is ended by it
            this.services = List.of(context.registerService(HealthSource.class, new OutOfWork(fault), null),
                    context.registerService(Object.class, new Object(), FrameworkUtil.asDictionary(Map.of("io.adit.failure", "start", "message", fault, "code", 1))));
            return;
        } catch (RuntimeException e) {
            dispose(false);
            throw e;
        }
        Endpoint endpoint = Endpoint.of(configuration.advertise(), configuration.bind_address(), sockets.getLocalAddress().getPort(), shown);
        // the properties are for the launcher, where this is all that a container serves
        ServiceRegistration<?> registration = context.registerService(TunnelEndpoint.class, endpoint, FrameworkUtil.asDictionary(
                Map.of("io.adit.ready", "registry", "tunnel", endpoint.hostPort())));
        Condition condition = new Condition(endpoint.hostPort(), Optional.ofNullable(end), InstantSource.system());
        this.services = List.of(context.registerService(HealthSource.class, condition, null), registration,
                context.registerService(MetricSource.class, turns, null));
        LOG.info("listening address={} advertised={}:{} tls={}", sockets.getLocalAddress(), endpoint.host(), endpoint.port(), configuration.tls());
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setRegistrations(RegistrationManager manager) {
        registry.set(manager);
    }

    void unsetRegistrations(RegistrationManager manager) {
        registry.unset(manager);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void setPeers(PeerManager manager) {
        registry.set(manager);
    }

    void unsetPeers(PeerManager manager) {
        registry.unset(manager);
    }

    /** Peers are told to go, and what runs finishes, within a time. They dial again until somebody listens. */
    @Deactivate
    void deactivate() {
        services.forEach(ServiceRegistration::unregister);
        sockets.unbind();
        registry.drain(drain);
        dispose(true);
    }

    /** What MINA throws tells the address only; its cause is what the system said. */
    private static String reason(IOException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).replaceAll("\\p{Cntrl}", " ");
    }

    private void dispose(boolean await) {
        sockets.dispose(await);
        timer.shutdownNow();
    }

    /** One connection's handshake. */
    private final class Side implements Tunnel.ProxySide {
        private final IoSession connection;
        private final String remote;
        private volatile Registered answer;

        Side(IoSession connection, String remote) {
            this.connection = connection;
            this.remote = remote;
        }

        @Override
        public Registered register(Register register, byte[] transcript) throws RegistrationException {
            answer = registry.registrations().register(register, transcript, remote);
            return answer;
        }

        @Override
        public void opened(String name, PeerSession session) {
            TurnFilter.done(connection);
            if (answer.ticket().length > 0) { // PROTOCOL R4
                LOG.info("assigned name={} proxy={} remote={}", name, answer.proxyName(), remote);
                session.drain(drain, ErrorCode.MOVED);
                return;
            }
            LOG.info("connected name={} session={} remote={} codec={}", name, session.id(), remote, session.info().codec());
            session.closed().thenAccept(code -> LOG.info("disconnected name={} session={} remote={} reason={}", name, session.id(), remote, code));
            registry.attach(name, session);
        }

        @Override
        public void failed(ErrorCode code, String reason) {
            TurnFilter.done(connection);
            LOG.info("refused remote={} reason={} {}", remote, code, reason);
        }
    }
}
