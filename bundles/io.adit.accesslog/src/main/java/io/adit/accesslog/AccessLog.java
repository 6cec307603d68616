package io.adit.accesslog;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

import io.adit.accesslog.Settings.Format;
import io.adit.api.MetricSource;
import io.adit.api.RequestListener;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component: a line for each request that ended. Without a format it listens to nothing, and costs requests nothing. A line is made on the thread that
 * ends the request, in microseconds, so that no more of the request is kept; it is written on another.
 */
@Component(service = {}, immediate = true, configurationPid = Settings.PID)
@Designate(ocd = AccessLogConfig.class)
public final class AccessLog {

    /** Of lines only: a logging system can send them where it likes. */
    private static final Logger LINES = LoggerFactory.getLogger("io.adit.access");
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final Lines lines;

    /** @throws IllegalArgumentException for a bad value, with one line */
    @Activate
    public AccessLog(BundleContext context, AccessLogConfig config) {
        Settings settings = Settings.of(config);
        if (settings.format() == Format.NONE) {
            lines = null;
            return;
        }
        Line line = line(settings);
        lines = new Lines(settings.queueMaxBytes(), LINES::info);
        registrations.add(context.registerService(RequestListener.class, begin -> end -> lines.add(line.of(begin, end)), null));
        registrations.add(context.registerService(MetricSource.class, lines, null));
    }

    static Line line(Settings settings) {
        Texts texts = new Texts(settings.query(), settings.textMax());
        return settings.format() == Format.JSON ? new JsonLine(texts) : new Combined(texts, settings.format() == Format.VHOST_COMBINED, ZoneId.systemDefault());
    }

    @Deactivate
    void deactivate() {
        for (ServiceRegistration<?> each : registrations) {
            try {
                each.unregister();
            } catch (IllegalStateException e) {
                LOG.debug("unregistered already, by the framework with its bundle", e);
            }
        }
        if (lines != null) {
            lines.close();
        }
    }
}
