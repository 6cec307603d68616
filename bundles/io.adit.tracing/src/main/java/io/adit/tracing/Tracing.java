package io.adit.tracing;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.adit.api.RequestListener;
import io.adit.api.RequestListener.Side;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
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
 * The component: spans of requests, sent to a collector by OTLP over HTTP. Spans wait in a bounded queue, and are dropped beyond that: no request waits. With a
 * configuration only. Thread-safe; each side that has requests has a thread of OpenTelemetry's ({@code BatchSpanProcessor}).
 */
@Component(service = {}, immediate = true, configurationPid = Settings.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TracingConfig.class)
public final class Tracing {

    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);
    private static final double PERCENT = 100;
    private static final long CLOSE_SECONDS = 2;

    private final Settings settings;
    /** By side: in traces, proxy and peer are two services, also where they are in one container. */
    private final Map<Side, SdkTracerProvider> providers = new EnumMap<>(Side.class);
    private final ServiceRegistration<?> registration;

    /** @throws IllegalArgumentException for a bad value, with one line */
    @Activate
    public Tracing(BundleContext context, TracingConfig config) {
        settings = Settings.of(config);
        registration = context.registerService(RequestListener.class, new Spans(this::tracer, settings.trustParent()), null);
    }

    private synchronized Tracer tracer(Side side) {
        return providers.computeIfAbsent(side, each -> provider(settings, each, exporter(settings))).get("io.adit");
    }

    private static SpanExporter exporter(Settings settings) {
        return OtlpHttpSpanExporter.builder().setEndpoint(settings.endpoint()).setTimeout(Duration.ofMillis(settings.exportTimeoutMillis()))
                .setServiceClassLoader(Tracing.class.getClassLoader()).build();
    }

    static SdkTracerProvider provider(Settings settings, Side side, SpanExporter exporter) {
        String name = settings.serviceName().replace("{side}", side.name().toLowerCase(Locale.ROOT));
        return SdkTracerProvider.builder().setResource(Resource.create(Attributes.builder().put("service.name", name).build()))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.samplePercent() / PERCENT)))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter).setMaxQueueSize(settings.queueMax()).setMaxExportBatchSize(Math.min(512, settings.queueMax()))
                        .setScheduleDelay(Duration.ofSeconds(1)).setExporterTimeout(Duration.ofMillis(settings.exportTimeoutMillis())).build())
                .build();
    }

    /** What waits is sent, for a while. */
    @Deactivate
    void deactivate() {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            LOG.debug("unregistered already, by the framework with its bundle", e);
        }
        synchronized (this) {
            providers.values().forEach(each -> each.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS));
        }
    }
}
