package io.adit.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

import io.adit.api.Check;
import io.adit.api.DomainManager;
import io.adit.api.HealthSource;
import io.adit.api.Invitation;
import io.adit.api.PeerListener;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.PresenceListener;
import io.adit.api.ProxyManager;
import io.adit.api.Quota;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager;
import io.adit.api.RequestHandler;
import io.adit.api.Terms;
import io.adit.api.TunnelEndpoint;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Registration manager and peer manager as services: builds {@link Registrations} and {@link Peers} from the configuration and passes
 * calls on. They are one component since neither is right without the other: a revocation ends sessions, an attach needs a registration.
 */
@Component(configurationPid = Settings.PID, immediate = true, service = {RegistrationManager.class, PeerManager.class, ProxyManager.class,
        DomainManager.class, HealthSource.class})
@Designate(ocd = RegistryConfiguration.class)
public final class RegistryComponent implements RegistrationManager, PeerManager, ProxyManager, DomainManager, HealthSource {

    /** The service property of the handler that answers a registration server, and no visitor. */
    private static final String LINK = "io.adit.link";

    /** Of all instances: each attempt at an activation is a new one. */
    private static final Openings OPENINGS = new Openings(System::nanoTime);

    private final BundleContext context;
    private final Role role;
    private final PeerNews news = new PeerNews();
    private ServiceRegistration<RequestHandler> handler;
    private ServiceRegistration<?> ready;
    private boolean closed;

    /**
     * The acceptor's endpoint, and only the reference: the acceptor in turn needs this component, so to get its service while this one is
     * being made would be a circle.
     */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile ServiceReference<TunnelEndpoint> endpoint;

    /**
     * Opens the store, where there is one.
     *
     * @throws IllegalArgumentException for a bad value, with one line
     * @throws IllegalStateException when a file cannot be opened, with one line
     */
    @Activate
    public RegistryComponent(BundleContext context, RegistryConfiguration config) {
        this.context = context;
        Settings settings = Settings.of(config, path -> locate(context, path));
        if (settings.linked()) {
            LinkedRole linked = new LinkedRole(settings, this::dial, this::linked);
            this.role = linked;
            this.handler = context.registerService(RequestHandler.class, linked.handler(), FrameworkUtil.asDictionary(Map.of(LINK, true)));
        } else {
            this.role = OPENINGS.open(config.store() + " " + config.ticket_key(),
                    () -> new RegistrarRole(settings, this::dial, () -> PostgresDriver.find(context)));
        }
    }

    /** For the launcher. A link that waits for the handler is here before the handler's registration has returned. */
    private synchronized void linked(String registrar) {
        if (ready == null && !closed) {
            ready = context.registerService(Object.class, new Object(), FrameworkUtil.asDictionary(Map.of("io.adit.ready", "proxy", "registrar", registrar)));
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addListener(PresenceListener listener) {
        role.add(listener);
    }

    void removeListener(PresenceListener listener) {
        role.remove(listener);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addPeerListener(PeerListener listener) {
        news.add(listener);
    }

    void removePeerListener(PeerListener listener) {
        news.remove(listener);
    }

    @Deactivate
    public void deactivate() {
        List<ServiceRegistration<?>> ours = new ArrayList<>();
        synchronized (this) {
            ours.add(handler);
            ours.add(ready);
            handler = null;
            ready = null;
            closed = true;
        }
        // without the lock: who has the handler waits for its calls to end
        ours.stream().filter(Objects::nonNull).forEach(ServiceRegistration::unregister);
        news.close();
        role.close();
    }

    /** What relative paths start at is the same for all bundles of a container: not this one's own area, which goes with it. */
    private static Path locate(BundleContext context, String path) {
        String home = context.getProperty("adit.home");
        return Path.of(home == null ? "" : home).resolve(path).toAbsolutePath();
    }

    private Optional<Registrations.Dial> dial() {
        ServiceReference<TunnelEndpoint> reference = endpoint;
        TunnelEndpoint service = reference == null ? null : context.getService(reference);
        if (service == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Registrations.Dial(service.host(), service.port(), service.fingerprint()));
        } finally {
            context.ungetService(reference);
        }
    }

    @Override
    public List<Check> conditions() {
        return role.conditions();
    }

    @Override
    public boolean isRegistered(String name) {
        return role.registrations().isRegistered(name);
    }

    @Override
    public Registered register(Register register, byte[] transcript, String remote) throws RegistrationException {
        try {
            return role.registrations().register(register, transcript, remote);
        } catch (RegistrationException e) {
            news.refused(register.name(), e);
            throw e;
        }
    }

    @Override
    public Invitation invite(String name, Terms terms) throws RegistrationException {
        Invitation invitation = role.registrations().invite(name, terms);
        news.invited(name);
        return invitation;
    }

    @Override
    public Terms change(String name, UnaryOperator<Terms> change) throws RegistrationException {
        return role.registrations().change(name, change);
    }

    @Override
    public Quota quota(String name) {
        return role.registrations().quota(name);
    }

    @Override
    public boolean revoke(String name) {
        boolean existed = role.registrations().revoke(name);
        if (existed) {
            news.revoked(name);
        }
        return existed;
    }

    @Override
    public void rename(String from, String to) throws RegistrationException {
        role.registrations().rename(from, to);
    }

    @Override
    public boolean release(String name) {
        return role.registrations().release(name);
    }

    @Override
    public List<Released> released() {
        return role.registrations().released();
    }

    @Override
    public List<NameInfo> names() {
        return role.registrations().names();
    }

    @Override
    public Optional<NameInfo> name(String name) {
        return role.registrations().name(name);
    }

    @Override
    public Invitation inviteProxy(String name) throws RegistrationException {
        return role.proxies().inviteProxy(name);
    }

    @Override
    public List<ProxyInfo> proxies() {
        return role.proxies().proxies();
    }

    @Override
    public void move(String name, String proxy) throws RegistrationException {
        role.proxies().move(name, proxy);
        news.moved(name, proxy);
    }

    @Override
    public Optional<String> nameOf(String host) {
        return role.registrations().nameOf(host);
    }

    @Override
    public Domain add(String name, String domain) throws RegistrationException {
        return role.domains().add(name, domain);
    }

    @Override
    public List<Domain> check(String domain) throws RegistrationException {
        return role.domains().check(domain);
    }

    @Override
    public boolean remove(String name, String domain) throws RegistrationException {
        return role.domains().remove(name, domain);
    }

    @Override
    public List<Domain> domains() {
        return role.domains().domains();
    }

    @Override
    public void attach(String name, PeerSession session) {
        role.attach(name, session);
        news.connected(name, session);
    }

    @Override
    public Optional<PeerSession> find(String name) {
        return role.peers().find(name);
    }

    @Override
    public Optional<PeerSession> other(String name, PeerSession than) {
        return role.peers().other(name, than);
    }

    @Override
    public CompletionStage<Optional<PeerSession>> await(String name) {
        return role.peers().await(name);
    }

    @Override
    public Map<String, List<PeerSession>> connected() {
        return role.peers().connected();
    }

    @Override
    public CompletionStage<Void> drainAll(Duration deadline) {
        return role.drainAll(deadline);
    }
}
