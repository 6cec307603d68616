package io.adit.mail;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.adit.api.Check;
import io.adit.api.HealthSource;
import io.adit.api.LocalAnswers;
import io.adit.api.PresenceListener;
import io.adit.store.EmbeddedDatabase;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component: tells people by e-mail what happens to names, and answers the links to unsubscribe. With a configuration that cannot be accepted it
 * says so and does nothing; the next one starts it anew. Thread-safe.
 */
@Component(service = {}, immediate = true, configurationPid = Options.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = MailConfig.class)
public final class Mail {

    private static final Logger LOG = LoggerFactory.getLogger(Mail.class);
    /** Bytes of the store's file from which it is made small again. */
    private static final long COMPACT_FROM = 16 << 20;
    /** People who unsubscribe in the same moment. */
    private static final int ANSWERS = 1000;
    private static final long STOP_SECONDS = 2;

    private final MailStore database;
    private final Worker worker;
    private final ThreadPoolExecutor answering;
    private final ServiceRegistration<PresenceListener> listener;
    private final ServiceRegistration<HealthSource> health;
    private final ServiceRegistration<LocalAnswers> answers;

    @Activate
    public Mail(BundleContext context, MailConfig config) {
        String home = context.getProperty("adit.home");
        Options options = null;
        MailStore opened = null;
        String problem = "";
        Tokens tokens = null;
        try {
            options = Options.of(config, Path.of(home == null ? "" : home));
            tokens = Tokens.of(options.keyFile());
            opened = new MailStore(new EmbeddedDatabase(options.store(), COMPACT_FROM));
        } catch (IllegalArgumentException e) {
            // thrown, it would be three stack traces in the log around this line
            problem = e.getMessage();
            LOG.error("{}; no mail is sent", problem);
        } catch (IOException | SQLException e) {
            problem = SmtpSender.reason(e);
            LOG.error("{}: {}; no mail is sent", Options.PID, problem);
        }
        database = opened;
        if (opened == null) {
            worker = null;
            String line = problem;
            health = context.registerService(HealthSource.class, () -> List.of(HealthSource.bad("mail", Check.State.FAIL, line, "No mail is sent until that is right.")), null);
            answering = null;
            listener = null;
            answers = null;
            return;
        }
        answering = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(ANSWERS), task -> {
            Thread made = new Thread(task, "adit-mail-answers");
            made.setDaemon(true);
            return made;
        });
        answering.allowCoreThreadTimeOut(true);
        Clock clock = Clock.systemUTC();
        Unsubscribe unsubscribe = new Unsubscribe(tokens, options.unsubscribeUrl(), database, answering, clock);
        worker = new Worker(new Announcer(database, new Composer(options, unsubscribe::url), options, clock),
                new Delivery(database, new SmtpSender(options.smtp(), options.from()), options, clock, () -> ThreadLocalRandom.current().nextDouble()), database,
                clock);
        worker.start();
        answers = context.registerService(LocalAnswers.class, unsubscribe, null);
        listener = context.registerService(PresenceListener.class, worker, null);
        health = context.registerService(HealthSource.class, worker, null);
        LOG.info("mail goes out server={} from={}", options.smtp(), options.from());
    }

    @Deactivate
    void deactivate() {
        health.unregister();
        if (worker == null) {
            return;
        }
        listener.unregister();
        answers.unregister();
        worker.close();
        answering.shutdown();
        try {
            if (!answering.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                answering.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            database.close();
        } catch (SQLException e) {
            LOG.warn("the store of mails does not close", e);
        }
    }
}
