package io.adit.acme;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import io.adit.api.LocalAnswers;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/** The component: keeps the certificates of the configured domains, and answers the ACME server's challenges. Thread-safe. */
@Component(service = LocalAnswers.class, immediate = true, configurationPid = Options.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AcmeConfig.class)
public final class Acme implements LocalAnswers {

    private final Challenges challenges = new Challenges();
    private final Worker worker;
    private Object ready;

    @Activate
    public Acme(BundleContext context, AcmeConfig config) {
        String home = context.getProperty("adit.home");
        Options options = Options.of(config, Path.of(home == null ? "" : home));
        Clock clock = Clock.systemUTC();
        worker = new Worker(new Keeper(options, new CertificateFolder(options.certificates(), options.renewBefore(), clock),
                new AcmeIssuer(options, challenges), clock, () -> ThreadLocalRandom.current().nextDouble()), clock);
    }

    /** What says that the public port serves. */
    @Reference(service = Object.class, target = "(io.adit.ready=proxy)", cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    synchronized void ready(Object now) {
        ready = now;
        worker.serving(true);
    }

    synchronized void unready(Object gone) {
        if (ready == gone) { // else another one took its place before
            ready = null;
            worker.serving(false);
        }
    }

    @Deactivate
    void deactivate() {
        worker.close();
    }

    @Override
    public Optional<String> answer(String host, String path) {
        return challenges.answer(host, path);
    }
}
