package io.adit.jetty;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpChannelState;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connector whose connection factories are exchanged while it runs, so that whoever brings them can be replaced: the socket listens, and the
 * connections stay. In between, connections are accepted and those of HTTP/1 are kept unread; TLS and HTTP/2 are Jetty's own and go on.
 *
 * <p>What it refers to while nobody serves it: classes of Jetty and of this package, and factories before HTTP/1, which end with the wait.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class LastingConnector extends ServerConnector {

    private static final String HTTP1 = HttpVersion.HTTP_1_1.asString().toLowerCase(Locale.ROOT);

    private final Set<KeptConnection> kept = ConcurrentHashMap.newKeySet();
    private final List<ConnectionFactory> fallback;
    private final Keeper keeper;
    private volatile Map<String, ConnectionFactory> served;
    // guarded by this
    private boolean fallen;
    private Scheduler.Task end;

    /**
     * It listens to nothing, and serves nothing, at first. The server's errors are plain ones from now on.
     *
     * @param name by which it is found
     * @param fallback serve when nobody else does for too long; empty: the connector is closed then
     */
    public LastingConnector(Server server, String name, int selectors, Collection<ConnectionFactory> fallback) {
        this(server, name, selectors, fallback, new Keeper());
    }

    private LastingConnector(Server server, String name, int selectors, Collection<ConnectionFactory> fallback, Keeper keeper) {
        super(server, 1, selectors, keeper);
        this.keeper = keeper;
        this.fallback = List.copyOf(fallback);
        this.served = Map.of(HTTP1, keeper);
        setName(name);
        if (!(server.getErrorHandler() instanceof PlainErrors)) {
            server.setErrorHandler(new PlainErrors());
        }
        CompletableFuture.runAsync(LastingConnector::initialize, server.getThreadPool()).join();
    }

    /** This class of Jetty keeps an exception from when it was initialised, with the classes of all callers, and so must have none that go. */
    private static void initialize() {
        try {
            Class.forName(HttpChannelState.class.getName(), true, LastingConnector.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one of that name. */
    public static Optional<LastingConnector> find(Server server, String name) {
        return Arrays.stream(server.getConnectors()).filter(LastingConnector.class::isInstance).map(LastingConnector.class::cast)
                .filter(each -> name.equals(each.getName()) && each.isRunning()).findFirst();
    }

    /** Whether it listens there; a port of 0 is any. */
    public boolean isAt(String host, int port) {
        return getPort() == port && Objects.equals(getHost(), host);
    }

    /**
     * From now on connections are of these kinds; those that were kept go on. Who served before has to let his connections go afterwards.
     *
     * @param factories the first for new connections; among them one for HTTP/1.1
     * @throws RuntimeException when one of them cannot be started; what was before goes on
     */
    public synchronized void serve(List<ConnectionFactory> factories) {
        use(factories);
        if (fallen) {
            // they were read by others than those who serve now
            fallen = false;
            getConnectedEndPoints().stream().filter(each -> each.getConnection() instanceof HttpConnection connection
                    && connection.getClass() == HttpConnection.class).forEach(EndPoint::close);
        }
    }

    /**
     * Nobody serves for a while: connections are kept.
     *
     * @param longest then it falls back, or closes
     */
    public synchronized void hold(Duration longest) {
        if (!isRunning()) {
            return;
        }
        List<ConnectionFactory> next = new ArrayList<>(served.values());
        next.replaceAll(each -> each.getProtocols().stream().anyMatch(HTTP1::equalsIgnoreCase) ? keeper : each);
        use(next);
        end = getScheduler().schedule(this::giveUp, longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void use(List<ConnectionFactory> factories) {
        Map<String, ConnectionFactory> next = new LinkedHashMap<>();
        factories.forEach(factory -> factory.getProtocols().forEach(protocol -> next.putIfAbsent(protocol.toLowerCase(Locale.ROOT), factory)));
        Map<String, ConnectionFactory> before = served;
        try {
            next.values().stream().distinct().forEach(this::manage);
        } catch (RuntimeException e) {
            remove(next, before);
            throw e;
        }
        cancel();
        served = next;
        setDefaultProtocol(HTTP1); // the class above keeps the factory, and asks for it when it is told the name again
        remove(before, next);
        List.copyOf(kept).forEach(this::resume);
    }

    private void manage(ConnectionFactory factory) {
        addBean(factory, true);
        if (isRunning()) {
            LifeCycle.start(factory);
        }
    }

    private void remove(Map<String, ConnectionFactory> old, Map<String, ConnectionFactory> needed) {
        old.values().stream().distinct().filter(each -> each != keeper && !needed.containsValue(each)).forEach(this::removeBean);
    }

    private void cancel() {
        if (end != null) {
            end.cancel();
            end = null;
        }
    }

    private void giveUp() {
        synchronized (this) {
            if (end == null) {
                return;
            }
            if (!fallback.isEmpty()) {
                use(fallback);
                fallen = true;
                return;
            }
            end = null;
        }
        getServer().removeConnector(this);
        getExecutor().execute(() -> LifeCycle.stop(this));
    }

    void keep(KeptConnection connection) {
        kept.add(connection);
        if (!connection.getEndPoint().isOpen()) {
            kept.remove(connection);
        } else {
            resume(connection);
        }
    }

    void forget(KeptConnection connection) {
        kept.remove(connection);
    }

    /** Unless there is still nobody, or another thread does it. */
    private void resume(KeptConnection connection) {
        ConnectionFactory next = served.get(HTTP1);
        if (next != keeper && kept.remove(connection)) {
            connection.resume(next);
        }
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        SocketChannelEndPoint endPoint = new KeenEndPoint(channel, selector, key, getScheduler());
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    @Override
    protected void doStop() throws Exception {
        synchronized (this) {
            cancel();
        }
        super.doStop();
        kept.clear();
    }

    @Override
    public ConnectionFactory getConnectionFactory(String protocol) {
        return protocol == null ? null : served.get(protocol.toLowerCase(Locale.ROOT));
    }

    @Override
    public <T> T getConnectionFactory(Class<T> type) {
        return served.values().stream().filter(type::isInstance).map(type::cast).findFirst().orElse(null);
    }

    @Override
    public Collection<ConnectionFactory> getConnectionFactories() {
        return List.copyOf(served.values());
    }

    @Override
    public List<String> getProtocols() {
        return served == null ? super.getProtocols() : List.copyOf(served.keySet());
    }

    /** Also called while the constructor of the class above runs. */
    @Override
    public String getDefaultProtocol() {
        return served == null ? super.getDefaultProtocol() : served.keySet().iterator().next();
    }

    @Override
    public ConnectionFactory getDefaultConnectionFactory() {
        return served.values().iterator().next();
    }

    /** In the place of HTTP/1.1 while nobody serves it. */
    private static final class Keeper extends AbstractConnectionFactory {

        Keeper() {
            super(HTTP1);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            return new KeptConnection((LastingConnector) connector, endPoint);
        }
    }
}
