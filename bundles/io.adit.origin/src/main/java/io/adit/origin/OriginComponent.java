package io.adit.origin;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import io.adit.api.Check;
import io.adit.api.ErrorCode;
import io.adit.api.HealthSource;
import io.adit.api.MessageStream;
import io.adit.api.RequestHandler;
import io.adit.api.packet.Packet.RequestHead;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.runtime.HttpServiceRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The request handler of a peer: passes each request to the configured origin, or to the container's own web server, which may come and go.
 * It is immediate so that a bad configuration is told at once and not with the first request.
 */
@Component(service = {RequestHandler.class, HealthSource.class}, immediate = true, configurationPid = OriginComponent.PID)
@Designate(ocd = OriginConfig.class)
public final class OriginComponent implements RequestHandler, HealthSource {

    static final String PID = "io.adit.origin";

    private static final Logger LOG = LoggerFactory.getLogger(OriginComponent.class);

    private final OriginClient client;
    private final URI configured;
    private final HiddenPaths hidden;
    private final Map<ServiceReference<HttpServiceRuntime>, Endpoint> runtimes = new ConcurrentHashMap<>();
    private volatile Endpoint own;
    private final Content content;

    /**
     * Starts the client.
     *
     * @throws IllegalArgumentException when a value of the configuration is out of its range
     */
    @Activate
    public OriginComponent(OriginConfig config) {
        OriginOptions options = OriginOptions.of(config);
        this.configured = options.url();
        this.hidden = options.hidden();
        this.client = new OriginClient(options);
        this.content = new Content(options.holdTimeout(), options.holdMax(), () -> client.awaitIdle(options.shutdownTimeout()));
        if (configured != null) {
            LOG.info("The origin is {}", configured);
        }
    }

    @Reference(service = HttpServiceRuntime.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
        updated = "runtime", unbind = "removeRuntime", name = "runtime")
    void runtime(ServiceReference<HttpServiceRuntime> runtime) {
        runtimes.put(runtime, Endpoint.of(runtime.getProperties()));
        choose();
    }

    void removeRuntime(ServiceReference<HttpServiceRuntime> runtime) {
        runtimes.remove(runtime);
        choose();
    }

    /** What the container's web server serves may say that it is there, and so, that it is away for a moment. */
    @Reference(service = Object.class, target = "(io.adit.serving=*)", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
        unbind = "removeContent", name = "content")
    void content(ServiceReference<Object> mark) {
        content.add(mark);
    }

    void removeContent(ServiceReference<Object> mark) {
        content.remove(mark);
    }

    private synchronized void choose() {
        // A service reference is "greater" when it ranks higher.
        Endpoint now = Endpoint.choose(runtimes.entrySet().stream().sorted(Map.Entry.<ServiceReference<HttpServiceRuntime>, Endpoint>comparingByKey()
            .reversed()).map(Map.Entry::getValue).toList());
        if (configured == null && !Objects.equals(own, now)) {
            LOG.info(now == null ? "There is no web server in this container" : "The origin is this container's web server at {}", now == null ? null : now.uri());
        }
        own = now;
    }

    @Override
    public void handle(RequestHead head, boolean last, MessageStream stream) {
        if (configured != null) {
            client.handle(configured, head, last, stream);
        } else {
            content.pass(() -> handleHere(head, last, stream));
        }
    }

    @Override
    public List<Check> conditions() {
        Endpoint here = own;
        return List.of(client.health().condition(configured != null ? configured : here == null ? null : here.uri()));
    }

    private void handleHere(RequestHead head, boolean last, MessageStream stream) {
        Endpoint origin = own;
        if (origin == null) {
            stream.reset(ErrorCode.ORIGIN_UNREACHABLE, "there is no web server in this container");
        } else if (!origin.preferred() && hidden.hide(head.target())) {
            HiddenPaths.refuse(last, stream);
        } else {
            client.handle(origin.uri(), head, last, stream);
        }
    }

    /** Requests that run now. */
    int running() {
        return client.running();
    }

    /** Waits, bounded, for what runs; then nothing of it is left. */
    @Deactivate
    public void deactivate() {
        content.close();
        client.close();
    }
}
