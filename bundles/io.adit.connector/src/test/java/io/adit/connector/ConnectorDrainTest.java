package io.adit.connector;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.PeerSession;
import io.adit.api.packet.Packet.Registered;
import io.adit.tunnel.Transport;
import io.adit.tunnel.TransportListener;
import io.adit.tunnel.Tunnel;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;

/** A connector that is stopped while it dials, or in the middle of a handshake. The tunnel's engine is the test. */
public class ConnectorDrainTest {

    private static final Duration DEADLINE = Duration.ofMinutes(10);

    @Rule
    public final TemporaryFolder home = new TemporaryFolder();
    @Rule
    public Timeout deadline = Timeout.seconds(60);

    private final CompletableFuture<Tunnel.PeerSide> dialled = new CompletableFuture<>();
    private final CompletableFuture<Function<Duration, CompletionStage<Void>>> drain = new CompletableFuture<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> goodbye = new CompletableFuture<>();
    private final CompletableFuture<Void> sessionEnded = new CompletableFuture<>();
    private ServerSocket server;
    private int drainMillis;
    private Connector connector;

    private void start(int drainTimeout) throws Exception {
        drainMillis = drainTimeout;
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        connector = new Connector(context(), configuration(), new Engine(), Map.of("service.pid", "io.adit.connector~demo"));
        connector.addCodec(fake(ServiceReference.class, (proxy, method, arguments) -> null));
    }

    @After
    public void stop() throws Exception {
        connector.deactivate();
        server.close();
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(ConnectorDrainTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @SuppressWarnings("unchecked")
    private BundleContext context() {
        Bundle bundle = fake(Bundle.class, (proxy, method, arguments) -> new Version(1, 0, 0));
        ServiceRegistration<?> registration = fake(ServiceRegistration.class, (proxy, method, arguments) -> null);
        return fake(BundleContext.class, (proxy, method, arguments) -> {
            if (method.getName().equals("getBundle")) {
                return bundle;
            }
            if (method.getName().equals("getProperty")) {
                return home.getRoot().toString();
            }
            if (arguments[0] == Function.class) {
                drain.complete((Function<Duration, CompletionStage<Void>>) arguments[1]);
            }
            return registration;
        });
    }

    private ConnectorConfiguration configuration() {
        String invitation = new Invitation("127.0.0.1", server.getLocalPort(), "demo", new byte[32], new byte[0]).text();
        return Config.of(Map.of("invitation", invitation, "drain.timeout.millis", drainMillis));
    }

    private final class Engine implements Tunnel {
        @Override
        public TransportListener accept(Transport transport, byte[] fingerprint, ProxySide side) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TransportListener connect(Transport transport, byte[] fingerprint, PeerSide side) {
            dialled.complete(side);
            return fake(TransportListener.class, (proxy, method, arguments) -> null);
        }
    }

    private PeerSession session() {
        return fake(PeerSession.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "drain" -> {
                boolean patient = ((Duration) arguments[0]).compareTo(DEADLINE.dividedBy(2)) > 0;
                asked.add("drain " + (patient ? "long " : "short ") + arguments[1]);
                goodbye.complete(null);
                yield sessionEnded;
            }
            case "close" -> {
                asked.add("close");
                goodbye.complete(null);
                yield null;
            }
            case "hashCode" -> 1;
            default -> null;
        });
    }

    @Test
    public void aSessionThatIsRegisteredWhileTheConnectorStopsIsDrained() throws Exception {
        start(600_000);
        Tunnel.PeerSide side = dialled.get();
        CompletableFuture<Void> drained = drain.get().apply(DEADLINE).toCompletableFuture();
        assertFalse(drained.isDone());
        side.opened(new Registered("demo", "proxy", "127.0.0.1", 7443, "http://demo.localhost/", new byte[0], new byte[0]), session());
        goodbye.get();
        assertEquals("drain long SHUTDOWN", asked.get(0));
        assertFalse(drained.isDone());
        sessionEnded.complete(null);
        drained.get();
        assertFalse(asked.contains("close"));
    }

    @Test
    public void aHandshakeThatFailsEndsTheDrain() throws Exception {
        start(600_000);
        Tunnel.PeerSide side = dialled.get();
        CompletableFuture<Void> drained = drain.get().apply(DEADLINE).toCompletableFuture();
        side.closed(ErrorCode.HANDSHAKE_TIMEOUT, false, "");
        drained.get();
    }

    @Test
    public void aProxyThatSaysNothingDoesNotHoldUpTheEnd() throws Exception {
        start(100);
        dialled.get();
        drain.get().apply(DEADLINE).toCompletableFuture().get();
        assertEquals(List.of(), asked);
    }
}
