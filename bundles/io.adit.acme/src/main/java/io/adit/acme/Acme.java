package io.adit.acme;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

import io.adit.api.Check;
import io.adit.api.DomainManager;
import io.adit.api.DomainManager.Domain;
import io.adit.api.HealthSource;
import io.adit.api.LocalAnswers;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
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
 * The component: keeps the certificates of the configured domains, and of those that lead to names, and answers the ACME server's challenges. With a configuration that
 * cannot be accepted it says so and does nothing; the next one starts it anew. Thread-safe.
 */
@Component(service = {}, immediate = true, configurationPid = Options.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AcmeConfig.class)
public final class Acme {

    private static final Logger LOG = LoggerFactory.getLogger(Acme.class);

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile DomainManager domains;

    private final Worker worker;
    private final ServiceRegistration<LocalAnswers> answers;
    private final ServiceRegistration<HealthSource> health;
    private Object ready;

    @Activate
    public Acme(BundleContext context, AcmeConfig config) {
        String home = context.getProperty("adit.home");
        Options options;
        try {
            options = Options.of(config, Path.of(home == null ? "" : home));
        } catch (IllegalArgumentException e) {
            // thrown, it would be three stack traces in the log around this line
            LOG.error("{}; no certificates are got", e.getMessage());
            worker = null;
            answers = null;
            health = context.registerService(HealthSource.class, () -> List.of(HealthSource.bad("acme", Check.State.FAIL, e.getMessage(), "No certificates are got until that is right.")), null);
            return;
        }
        Clock clock = Clock.systemUTC();
        Challenges challenges = new Challenges();
        answers = context.registerService(LocalAnswers.class, challenges, null);
        Keeper keeper = new Keeper(options, new CertificateFolder(options.certificates(), options.renewBefore(), clock), new AcmeIssuer(options, challenges), clock,
                () -> ThreadLocalRandom.current().nextDouble(), this::owned);
        worker = new Worker(keeper, clock);
        health = context.registerService(HealthSource.class, keeper, null);
    }

    private Optional<Set<String>> owned() {
        DomainManager now = domains;
        return now == null ? Optional.empty()
                : Optional.of(now.domains().stream().filter(domain -> !domain.state().equals("waiting")).map(Domain::domain).collect(Collectors.toSet()));
    }

    /** What says that the public port serves. */
    @Reference(service = Object.class, target = "(io.adit.ready=proxy)", cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    synchronized void ready(Object now) {
        ready = now;
        serving(true);
    }

    synchronized void unready(Object gone) {
        if (ready == gone) { // else another one took its place before
            ready = null;
            serving(false);
        }
    }

    @Deactivate
    void deactivate() {
        health.unregister();
        if (worker != null) {
            worker.close();
            answers.unregister();
        }
    }

    private void serving(boolean now) {
        if (worker != null) {
            worker.serving(now);
        }
    }
}
