package io.adit.origin;

import java.net.URI;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.adit.api.ErrorCode;
import io.adit.api.MessageStream;
import io.adit.api.packet.Packet.RequestHead;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one HTTP client with its pool of connections, and the exchanges that run. It adds nothing to a request and takes nothing from a response.
 *
 * <p>Thread-safety: thread-safe.
 */
final class OriginClient {

    private static final Logger LOG = LoggerFactory.getLogger(OriginClient.class);

    /** Bytes of the fields that this side may add to a head: Host, Content-Length or Transfer-Encoding, Connection and Upgrade. */
    private static final int HEAD_SPARE = 1_024;

    private final OriginOptions options;
    private final HttpClient client;
    /** As much of a head, and of trailers, has a buffer without asking for more. */
    private static final int HEAD_BUFFER = 8_192;

    private final AtomicInteger longTrailers = new AtomicInteger();
    private final Set<Exchange> running = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private final long tick;
    private final AtomicBoolean unreachable = new AtomicBoolean();
    private final OriginHealth health = new OriginHealth();
    private volatile boolean closing;

    /**
     * Starts the client's threads; connections are made when they are needed.
     *
     * @throws IllegalStateException when it cannot start
     */
    OriginClient(OriginOptions options) {
        this.options = options;
        this.client = new HttpClient(transport(options)) {
            /** Jetty's buffer for a head that does not say how large it is, and for trailers, which get no larger one. */
            @Override
            public int getRequestBufferSize() {
                return longTrailers.get() > 0 ? options.maxHeadBytes() + HEAD_SPARE : super.getRequestBufferSize();
            }

            @Override
            public ClientConnectionFactory newSslClientConnectionFactory(SslContextFactory.Client tls, ClientConnectionFactory next) {
                return new TlsFactory(tls == null ? getSslContextFactory() : tls, getByteBufferPool(), getExecutor(), next);
            }
        };
        configure();
        try {
            client.start();
        } catch (Exception e) {
            stop();
            throw new IllegalStateException("the client for the origin does not start", e);
        }
        // start() has put them in.
        client.getProtocolHandlers().clear();
        client.getProtocolHandlers().put(new InterimHandler());
        client.getContentDecoderFactories().clear();
        long shortest = Math.min(options.continueTimeout(), Math.min(options.responseTimeout(), options.idleTimeout()));
        this.tick = Math.max(5, Math.min(1_000, shortest / 4));
        schedule();
    }

    private static HttpClientTransportOverHTTP transport(OriginOptions options) {
        ClientConnector connector = new InlineConnector();
        connector.setSelectors(1);
        QueuedThreadPool threads = new QueuedThreadPool(options.threadsMax(), Math.min(4, options.threadsMax()), 30_000);
        threads.setName("adit-origin");
        threads.setDaemon(true);
        threads.setStopTimeout(1_000);
        connector.setExecutor(threads);
        connector.setScheduler(new ScheduledExecutorScheduler("adit-origin-timer", true));
        connector.setByteBufferPool(new ArrayByteBufferPool(0, 4_096, Math.max(65_536, options.bufferBytes()), Integer.MAX_VALUE,
            options.poolBytes(), options.poolBytes()));
        SslContextFactory.Client tls = new SslContextFactory.Client(options.trustAll());
        tls.setEndpointIdentificationAlgorithm(options.trustAll() ? null : "HTTPS");
        connector.setSslContextFactory(tls);
        HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(connector) {
            @Override
            public Destination newDestination(Origin origin) {
                return new OriginDestination(getHttpClient(), origin);
            }
        };
        transport.setHeaderCacheCaseSensitive(true);
        return transport;
    }

    private void configure() {
        client.setName("adit-origin");
        client.setFollowRedirects(false);
        client.setUserAgentField(null);
        client.setDefaultRequestContentType(null);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setHttpCompliance(HttpCompliance.RFC7230.with("ADIT", HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME));
        client.setConnectTimeout(options.connectTimeout());
        client.setAddressResolutionTimeout(options.connectTimeout());
        client.setIdleTimeout(options.keepAliveTimeout());
        // matters for visitors, of whom there are many; an origin is never idle for good
        client.setDestinationIdleTimeout(options.proxyProtocol() == ProxyProtocol.OFF ? 0 : options.keepAliveTimeout());
        client.setMaxConnectionsPerDestination(options.maxConnections());
        client.setMaxRequestsQueuedPerDestination(options.maxQueued());
        client.setMaxResponseHeadersSize(options.maxHeadBytes());
        client.setRequestBufferSize(Math.min(HEAD_BUFFER, options.maxHeadBytes()));
        // What came is measured before (handle); this leaves room for what is added.
        client.setMaxRequestHeadersSize(options.maxHeadBytes() + HEAD_SPARE);
        client.setResponseBufferSize(options.bufferBytes());
    }

    HttpClient jetty() {
        return client;
    }

    OriginOptions options() {
        return options;
    }

    /** What Host says at the origin, or null: what the browser said. */
    String host(URI origin) {
        return options.rewriteHost() ? origin.getRawAuthority() : null;
    }

    /** Begins an exchange with the origin. Whoever asked may have gone by now: the stream alone hears of a failure. */
    void handle(URI origin, RequestHead head, boolean last, MessageStream stream) {
        String refusal = Head.refusal(head, last);
        if (refusal != null) {
            stream.reset(ErrorCode.PROTOCOL, refusal);
            return;
        }
        if (Head.bytes(head) > options.maxHeadBytes()) {
            stream.reset(ErrorCode.TOO_LARGE, "the request head is over " + options.maxHeadBytes() + " bytes");
            return;
        }
        Exchange exchange = new Exchange(this, origin, head, last, stream);
        running.add(exchange);
        if (closing) {
            running.remove(exchange);
            stream.reset(ErrorCode.REFUSED, "the request handler stops");
            return;
        }
        try {
            exchange.start();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("a request cannot be handled", e);
            remove(exchange);
            stream.reset(ErrorCode.INTERNAL, "request handler");
        }
    }

    /** Exchanges that run now. */
    int running() {
        return running.size();
    }

    /** One line for the operator when the origin goes, and one when it is back; not one for each request. */
    void unreachable(URI origin, Throwable cause) {
        if (unreachable.compareAndSet(false, true)) {
            LOG.warn("The origin {} cannot be reached: {}", origin, String.valueOf(cause));
        }
    }

    OriginHealth health() {
        return health;
    }

    void reached(URI origin) {
        health.reached();
        if (unreachable.get() && unreachable.compareAndSet(true, false)) {
            LOG.info("The origin {} is reached again", origin);
        }
    }

    /** Whether trailers do not fit the usual buffer. */
    boolean areLong(int trailerBytes) {
        return trailerBytes > Math.min(HEAD_BUFFER, options.maxHeadBytes());
    }

    /** How many exchanges have trailers that are to be sent and do not fit the usual buffer. */
    AtomicInteger longTrailers() {
        return longTrailers;
    }

    void remove(Exchange exchange) {
        running.remove(exchange);
        exchange.trailersSent();
        if (running.isEmpty()) {
            if (closing) {
                idle.complete(null);
            }
            synchronized (running) {
                running.notifyAll();
            }
        }
    }

    void send(OriginRequest request, Response.ContentSourceListener content, Response.CompleteListener complete) {
        request.onResponseContentSource(content);
        request.send(complete);
    }

    void send(OriginRequest request, Connection connection, Response.ContentSourceListener content, Response.CompleteListener complete) {
        request.onResponseContentSource(content);
        Inflow.begin(connection); // where something came already, what comes next is the end
        connection.send(request, complete);
    }

    /** A new connection, outside the pool, for one request; who asks closes it. */
    void connect(OriginRequest request, Promise<Connection> promise) {
        Destination destination = client.resolveDestination(request);
        destination.newConnection(promise);
        if (request.getTag() != null) {
            // one visitor's, for this request only: a place in the client that nobody would use again
            client.removeDestination(destination);
        }
    }

    /**
     * Whether as many visitors have connections of their own as there may be. From then on none is kept for another, or everybody who
     * connects to the proxy often enough could make the client hold any number of them.
     */
    boolean isCrowded() {
        return options.proxyProtocol() != ProxyProtocol.OFF && client.getDestinations().size() >= options.maxConnections();
    }

    private void schedule() {
        client.getScheduler().schedule(this::tick, tick, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (closing && running.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        try {
            for (Exchange exchange : running) {
                exchange.expire(now);
            }
        } finally {
            schedule();
        }
    }

    /** Waits for what runs, for so many milliseconds at most. */
    void awaitIdle(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (running) {
            try {
                for (long left = end - System.nanoTime(); !running.isEmpty() && left > 0; left = end - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(running, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Takes no more, waits (bounded) for what runs, resets the rest, and ends all threads and connections. */
    void close() {
        if (closing) {
            return;
        }
        closing = true;
        if (!running.isEmpty()) {
            try {
                idle.get(options.shutdownTimeout(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.info("{} requests to the origin are reset: the request handler stops", running.size());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                throw new AssertionError("nobody fails it", e);
            }
        }
        for (Exchange exchange : new ArrayList<>(running)) {
            exchange.fail(new OriginException(ErrorCode.SHUTDOWN, "the request handler stops"));
        }
        stop();
    }

    private void stop() {
        try {
            client.stop();
        } catch (Exception e) {
            LOG.warn("The client for the origin did not stop as it should", e);
        }
    }
}
