import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.PeerSession;
import io.adit.api.Proof;
import io.adit.api.RequestHandler;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.PacketCodec;
import io.adit.codec.v1.CodecV1;
import io.adit.codec.v2.CodecV2;
import io.adit.tunnel.Tunnel;
import io.adit.tunnel.mina.MinaHandler;
import io.adit.tunnel.mina.TlsFilter;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSocketConnector;

/**
 * Many peers in one process, with the engine, the codecs and the TLS of the distribution: each registers its names one after the other, and keeps a session
 * for each; all peers at the same time, but for the handshakes, of which this one process makes so many at once: it has to do its part of each within
 * the deadline. What is not of a peer's connector here: the sockets share a few threads.
 *
 * <p>{@code java -cp ... Peers.java INVITATIONS PEERS AT-ONCE DNS-HOST:PORT DOMAIN SAMPLES}: a file with an invitation a line. Prints lines of KEY VALUE, the last
 * one {@code done}, and keeps the sessions until its input ends.
 */
public final class Peers {

    private static final long PAUSE_MILLIS = 200;
    private static final long DEADLINE_SECONDS = 600;

    private final Tunnel tunnel;
    private final NioSocketConnector sockets;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1, Peers::thread);
    private final ExecutorService resolvers = Executors.newCachedThreadPool(Peers::thread);
    private final InetSocketAddress nameServer;
    private final String domain;
    private final int every;
    private final int atOnce;
    // guarded by itself
    private final Queue<Name> turns = new ArrayDeque<>();
    private int dialling;

    private final CountDownLatch registered;
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger sampled = new AtomicInteger();
    private final Queue<Long> registration = new ConcurrentLinkedQueue<>();
    private final Queue<Long> resolution = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    private Peers(List<Invitation> names, int atOnce, InetSocketAddress nameServer, String domain, int samples) throws Exception {
        this.atOnce = atOnce;
        this.nameServer = nameServer;
        this.domain = domain;
        this.every = Math.max(1, names.size() / samples);
        this.registered = new CountDownLatch(names.size());
        this.tunnel = tunnel();
        this.sockets = new NioSocketConnector(Runtime.getRuntime().availableProcessors());
        MinaHandler.configure(sockets.getSessionConfig());
        byte[] fingerprint = names.get(0).fingerprint();
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, new TrustManager[] {new Pinned(fingerprint)}, new SecureRandom());
        sockets.getFilterChain().addFirst("tls", new TlsFilter(tls, true));
        // each dial brings its own handler, which MINA would have for all
        sockets.setHandler(new PerSession());
    }

    public static void main(String[] arguments) throws Exception {
        List<Invitation> names = Files.readAllLines(Path.of(arguments[0])).stream().map(Invitation::parse).toList();
        int peers = Integer.parseInt(arguments[1]);
        int colon = arguments[3].lastIndexOf(':');
        Peers all = new Peers(names, Integer.parseInt(arguments[2]),
            new InetSocketAddress(arguments[3].substring(0, colon), Integer.parseInt(arguments[3].substring(colon + 1))), arguments[4],
            Integer.parseInt(arguments[5]));
        List<Peer> started = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            List<Invitation> its = new ArrayList<>();
            for (int j = i; j < names.size(); j += peers) {
                its.add(names.get(j));
            }
            started.add(all.new Peer(its));
        }
        long start = System.nanoTime();
        started.forEach(Peer::next);
        boolean complete = all.registered.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
        print("registered", names.size() - all.registered.getCount());
        print("seconds", (System.nanoTime() - start) / 1e9);
        all.resolvers.shutdown();
        all.resolvers.awaitTermination(60, TimeUnit.SECONDS);
        print("refused", all.refused);
        quantiles("registration_ms", all.registration);
        quantiles("resolution_ms", all.resolution);
        all.failures.stream().limit(5).forEach(each -> print("failure", each));
        print("done", complete);
        while (System.in.read() >= 0) {
            continue;
        }
        print("lost", all.lost);
        System.exit(0);
    }

    private static void print(String key, Object value) {
        System.out.println(key + " " + value);
    }

    private static void quantiles(String what, Queue<Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        for (double q : new double[] {0.5, 0.99, 1}) {
            print(what + "_" + Math.round(q * 100), sorted.length == 0 ? "-" : sorted[(int) Math.min(sorted.length - 1, Math.round(q * sorted.length))] / 1e6);
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** The engine without a container: its component, with the defaults of its configuration. */
    private static Tunnel tunnel() throws Exception {
        Class<?> component = Class.forName("io.adit.tunnel.internal.TunnelComponent");
        Constructor<?> constructor = Arrays.stream(component.getConstructors()).findFirst().orElseThrow();
        Class<?> configuration = constructor.getParameterTypes()[0];
        Object made = constructor.newInstance(Proxy.newProxyInstance(configuration.getClassLoader(), new Class<?>[] {configuration},
            (proxy, method, none) -> method.getDefaultValue()));
        Method add = component.getDeclaredMethod("addCodec", PacketCodec.class);
        add.setAccessible(true);
        add.invoke(made, new CodecV1());
        add.invoke(made, new CodecV2());
        return (Tunnel) made;
    }

    /** Its names, one after the other. */
    private final class Peer {

        private final List<Invitation> names;
        private int at;

        Peer(List<Invitation> names) {
            this.names = names;
        }

        void next() {
            if (at < names.size()) {
                dial(new Name(this, names.get(at++)));
            }
        }
    }

    /** When it is its turn. */
    private void dial(Name name) {
        synchronized (turns) {
            if (dialling == atOnce) {
                turns.add(name);
                return;
            }
            dialling++;
        }
        connect(name);
    }

    /** One handshake less: the next one's turn. */
    private void next() {
        Name next;
        synchronized (turns) {
            next = turns.poll();
            if (next == null) {
                dialling--;
                return;
            }
        }
        connect(next);
    }

    private void connect(Name name) {
        name.dialled = System.nanoTime();
        sockets.connect(new InetSocketAddress(name.invitation.host(), name.invitation.port()),
            (session, future) -> session.setAttribute(PerSession.class, new MinaHandler(transport -> tunnel.connect(transport, name.invitation.fingerprint(), name))))
            .addListener(done -> {
                if (((org.apache.mina.core.future.ConnectFuture) done).getException() != null) {
                    name.closed(ErrorCode.SESSION_LOST, false, "no connection");
                }
            });
    }

    /** One name, and its session. */
    private final class Name implements Tunnel.PeerSide {

        private final Peer peer;
        private final Invitation invitation;
        private volatile long dialled;
        private volatile boolean open;

        Name(Peer peer, Invitation invitation) {
            this.peer = peer;
            this.invitation = invitation;
        }

        @Override
        public String name() {
            return invitation.name();
        }

        @Override
        public byte[] secret() {
            return invitation.secret();
        }

        @Override
        public String agent() {
            return "bench/1";
        }

        @Override
        public byte[] ticket() {
            return new byte[0];
        }

        @Override
        public Fields details() {
            return Fields.EMPTY;
        }

        @Override
        public RequestHandler handler() {
            return null;
        }

        @Override
        public void opened(Registered answer, PeerSession session) {
            long now = System.nanoTime();
            open = true;
            registration.add(now - dialled);
            if (sampled.getAndIncrement() % every == 0) {
                resolvers.execute(() -> resolve(name(), now));
            }
            registered.countDown();
            Peers.this.next();
            peer.next();
        }

        @Override
        public void closed(ErrorCode code, boolean remote, String reason) {
            if (open) {
                lost.incrementAndGet();
                return;
            }
            // busy: as a peer does, again after a pause
            Peers.this.next();
            refused.incrementAndGet();
            failures.add(code + " " + reason);
            timer.schedule(() -> dial(this), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Asks until the name has an address. */
    private void resolve(String name, long since) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(nameServer);
            socket.setSoTimeout(1000);
            byte[] question = question(name + "." + domain);
            byte[] answer = new byte[1500];
            while (true) {
                socket.send(new DatagramPacket(question, question.length));
                try {
                    socket.receive(new DatagramPacket(answer, answer.length));
                } catch (SocketTimeoutException e) {
                    failures.add("no answer for " + name);
                    continue;
                }
                if ((answer[3] & 0xF) == 0 && answer[7] > 0) {
                    resolution.add(System.nanoTime() - since);
                    return;
                }
            }
        } catch (IOException e) {
            failures.add(name + ": " + e);
        }
    }

    private static byte[] question(String host) throws IOException {
        var out = new java.io.ByteArrayOutputStream();
        out.write(new byte[] {0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : host.split("\\.")) {
            out.write(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(new byte[] {0, 0, 1, 0, 1});
        return out.toByteArray();
    }

    /** Hands each event on to the handler that its session was dialled with. */
    private static final class PerSession extends org.apache.mina.core.service.IoHandlerAdapter {

        private static MinaHandler of(IoSession session) {
            return (MinaHandler) session.getAttribute(PerSession.class);
        }

        @Override
        public void sessionOpened(IoSession session) {
            of(session).sessionOpened(session);
        }

        @Override
        public void messageReceived(IoSession session, Object message) {
            of(session).messageReceived(session, message);
        }

        @Override
        public void inputClosed(IoSession session) {
            of(session).inputClosed(session);
        }

        @Override
        public void exceptionCaught(IoSession session, Throwable cause) {
            of(session).exceptionCaught(session, cause);
        }
    }

    /** The one certificate that the invitations name. */
    private static final class Pinned extends X509ExtendedTrustManager {

        private final byte[] fingerprint;

        Pinned(byte[] fingerprint) {
            this.fingerprint = fingerprint;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (!Arrays.equals(fingerprint, Proof.sha256(chain[0].getEncoded()))) {
                throw new CertificateException("another certificate than the invitation's");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
