package io.adit.registry;

import java.io.File;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import io.adit.api.Invitation;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.PresenceListener;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager;
import io.adit.api.TunnelEndpoint;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
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
 * Registration manager and peer manager as services: builds {@link Registrations} and {@link Peers} from the configuration and passes
 * calls on. They are one component since neither is right without the other: a revocation ends sessions, an attach needs a registration.
 */
@Component(configurationPid = Settings.PID, immediate = true, service = {RegistrationManager.class, PeerManager.class})
@Designate(ocd = RegistryConfiguration.class)
public final class RegistryComponent implements RegistrationManager, PeerManager {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryComponent.class);

    private final BundleContext context;
    private final NameStore store;
    private final Peers peers;
    private final Presences presences;
    private final Registrations registrations;

    /**
     * The acceptor's endpoint, and only the reference: the acceptor in turn needs this component, so to get its service while this one is
     * being made would be a circle.
     */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile ServiceReference<TunnelEndpoint> endpoint;

    /**
     * Opens the store.
     *
     * @throws IllegalArgumentException for a bad value, with one line
     * @throws IllegalStateException when the store cannot be opened, with one line
     */
    @Activate
    public RegistryComponent(BundleContext context, RegistryConfiguration config) {
        this.context = context;
        Settings settings = Settings.of(config, path -> locate(context, path));
        EmbeddedDatabase database = new EmbeddedDatabase(settings.store());
        Credentials credentials;
        NameStore opened = null;
        try {
            opened = new NameStore(database);
            credentials = new Credentials(opened.load());
        } catch (SQLException e) {
            closeQuietly(opened, e);
            LOG.error("the registry's store cannot be opened", e);
            // without the cause: whoever shows one line of a failed activation takes that of the last cause
            throw new IllegalStateException(Settings.PID + ": store=" + database + " cannot be opened: " + Registrations.line(e));
        }
        this.store = opened;
        this.presences = new Presences(one -> registrations().presence(one.name(), one.session()), () -> peers().away());
        this.peers = new Peers(credentials, settings.limits(), System::nanoTime, presences);
        this.registrations = new Registrations(opened, credentials, peers, new Names(settings.reserved()), this::dial, settings.proxyName(),
                settings.url(), settings.addresses());
        LOG.info("registry open store={} names={}", database, credentials.sorted().size());
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void addListener(PresenceListener listener) {
        presences.add(listener);
    }

    void removeListener(PresenceListener listener) {
        presences.remove(listener);
    }

    /** For what is told of after this is made. */
    private Registrations registrations() {
        return registrations;
    }

    private Peers peers() {
        return peers;
    }

    @Deactivate
    public void deactivate() {
        peers.close();
        presences.close();
        try {
            store.close();
        } catch (SQLException e) {
            LOG.warn("the registry's store did not close well; what was written is in it", e);
        }
    }

    private static Path locate(BundleContext context, String path) {
        String home = context.getProperty("adit.home");
        if (home != null && !home.isBlank()) {
            return Path.of(home).resolve(path);
        }
        File own = context.getDataFile(path);
        if (own == null) {
            throw new IllegalArgumentException(Settings.PID + ": store=" + path + " must be absolute: there is no adit.home and no bundle data area");
        }
        return own.toPath();
    }

    private static void closeQuietly(NameStore store, SQLException cause) {
        if (store != null) {
            try {
                store.close();
            } catch (SQLException e) {
                cause.addSuppressed(e);
            }
        }
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
    public boolean isRegistered(String name) {
        return registrations.isRegistered(name);
    }

    @Override
    public Registered register(Register register, byte[] transcript) throws RegistrationException {
        return registrations.register(register, transcript);
    }

    @Override
    public Invitation invite(String name) throws RegistrationException {
        return registrations.invite(name);
    }

    @Override
    public boolean revoke(String name) {
        return registrations.revoke(name);
    }

    @Override
    public List<NameInfo> names() {
        return registrations.names();
    }

    @Override
    public void attach(String name, PeerSession session) {
        peers.attach(name, session);
    }

    @Override
    public Optional<PeerSession> find(String name) {
        return peers.find(name);
    }

    @Override
    public CompletionStage<Optional<PeerSession>> await(String name) {
        return peers.await(name);
    }

    @Override
    public Map<String, PeerSession> connected() {
        return peers.connected();
    }

    @Override
    public CompletionStage<Void> drainAll(Duration deadline) {
        return peers.drainAll(deadline);
    }
}
