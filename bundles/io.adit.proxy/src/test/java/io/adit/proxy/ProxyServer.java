package io.adit.proxy;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import io.adit.api.LocalAnswers;
import io.adit.api.PeerManager;
import io.adit.api.RegistrationManager;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The servlet on a real Jetty at a free port of the loopback address, configured like the public server, and a scripted peer. */
final class ProxyServer implements AutoCloseable {

    /** How much later it is than it is, in nanoseconds. */
    private final AtomicLong passed = new AtomicLong();
    /** When the clock was stopped; null while it goes. */
    private volatile Long stoppedAt;
    final FakePeers peers;
    final Gateway gateway;
    private final PagesFolder folder;
    private final JettyErrors errors;
    final Refusals refusals;
    final QueuedThreadPool threads = new QueuedThreadPool(16);
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final Server server = new Server(threads);
    private final ServerConnector connector;
    private final ServerConnector http2;
    /** Run by the servlet's thread before, and after, the servlet. */
    volatile Consumer<ServletRequest> arriving = request -> { };
    volatile Consumer<ServletRequest> leaving = request -> { };

    ProxyServer(Map<String, Object> settings) throws Exception {
        this(settings, List.of());
    }

    ProxyServer(Map<String, Object> settings, List<LocalAnswers> localAnswers) throws Exception {
        peers = new FakePeers(executor);
        Settings checked = Settings.of(config(settings));
        folder = new PagesFolder(checked.pagesDirectory(), checked.pagesMaxBytes(), checked.pagesCheckMillis());
        ErrorPages pages = new ErrorPages(folder);
        gateway = new Gateway(checked, pages, () -> localAnswers, this::now);
        refusals = new Refusals(gateway);
        errors = new JettyErrors(pages, refusals);
        gateway.registry().set((PeerManager) peers);
        gateway.registry().set((RegistrationManager) peers);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        configuration.setSendServerVersion(false);
        configuration.setRequestHeaderSize(128 * 1024);
        configuration.setResponseHeaderSize(64 * 1024);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        HTTP2CServerConnectionFactory clear = new HTTP2CServerConnectionFactory(configuration);
        clear.setConnectProtocolEnabled(true);
        http2 = new ServerConnector(server, 1, 1, clear);
        http2.setHost("127.0.0.1");
        server.addConnector(http2);
        ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.NO_SESSIONS);
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        ServletHolder holder = new ServletHolder(new ProxyServlet(gateway, JettyExchange::new, (request, response) -> false, bound -> { }));
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/*");
        FilterHolder filter = new FilterHolder((request, response, chain) -> {
            arriving.accept(request);
            chain.doFilter(request, response);
            leaving.accept(request);
        });
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
        server.setHandler(context);
        server.start();
        errors.attach(server);
    }

    private long now() {
        Long stopped = stoppedAt;
        return (stopped == null ? System.nanoTime() : stopped) + passed.get();
    }

    /** From now on time passes by {@link #pass} alone. */
    void stopClock() {
        stoppedAt = System.nanoTime();
    }

    /** So much time passes at once. */
    void pass(Duration time) {
        passed.addAndGet(time.toNanos());
    }

    /** So much time passes again and again until the browser has something to read: when a deadline begins is not seen from outside. */
    void passUntilAnswered(Browser browser, Duration time) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FakeStream.WAIT_SECONDS);
        while (browser.available() == 0) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("no answer, whatever the time");
            }
            pass(time);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Speaks HTTP/2 without TLS, from the preface on. */
    int http2Port() {
        return http2.getLocalPort();
    }

    Browser browser() throws IOException {
        return new Browser(port());
    }

    @Override
    public void close() throws Exception {
        gateway.close();
        folder.close();
        errors.close();
        server.stop();
        executor.shutdownNow();
    }

    /** The configuration with its defaults, but for what is given. */
    static ProxyConfig config(Map<String, Object> given) {
        return (ProxyConfig) java.lang.reflect.Proxy.newProxyInstance(ProxyConfig.class.getClassLoader(), new Class<?>[] {ProxyConfig.class},
                (proxy, method, arguments) -> {
                    String key = method.getName().replace('_', '.');
                    if (key.equals("annotationType")) {
                        return (Class<? extends Annotation>) ProxyConfig.class;
                    }
                    return given.containsKey(key) ? given.get(key) : method.getDefaultValue();
                });
    }
}
