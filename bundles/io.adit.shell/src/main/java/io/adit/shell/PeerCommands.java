package io.adit.shell;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.adit.api.ErrorCode;
import io.adit.api.PeerManager;
import io.adit.api.PeerNode;
import io.adit.api.PeerSession;
import io.adit.api.RegistrationManager;
import io.adit.api.RegistrationManager.NameInfo;
import io.adit.api.Terms;
import io.adit.api.TermsText;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The commands about sessions, at a proxy for all its peers, at a peer for itself. Thread-safe. */
@Component(service = PeerCommands.class, property = {"osgi.command.scope=adit", "osgi.command.function=peers", "osgi.command.function=peer",
        "osgi.command.function=streams", "osgi.command.function=stats", "osgi.command.function=drain", "osgi.command.function=disconnect"})
public final class PeerCommands {

    /** Of a session, that many streams are shown. */
    private static final int MOST_STREAMS = 1000;
    private static final int LONGEST_SECONDS = 600;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile RegistrationManager registrations;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile PeerManager peers;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    final List<PeerNode> nodes = new CopyOnWriteArrayList<>();

    @Activate
    public PeerCommands() {
        // what it needs comes and goes
    }

    private Map<String, List<PeerSession>> sessions() {
        Map<String, List<PeerSession>> all = new TreeMap<>();
        PeerManager here = peers;
        if (here != null) {
            all.putAll(here.connected());
        }
        for (PeerNode node : nodes) {
            node.session().ifPresent(session -> all.putIfAbsent(node.status().name(), List.of(session)));
        }
        return all;
    }

    private List<PeerSession> sessions(String name) {
        List<PeerSession> own = sessions().getOrDefault(name, List.of());
        if (own.isEmpty()) {
            known(name);
            throw new IllegalArgumentException("'" + name + "' is not connected here");
        }
        return own;
    }

    private static <T extends Row> void addAll(List<T> rows, java.util.stream.Stream<T> more) {
        more.forEach(rows::add);
    }

    /** The sessions, of all peers. */
    @Descriptor("lists the sessions of peers, with what they do")
    public List<Rows.Session> peers() {
        List<Rows.Session> rows = new ArrayList<>();
        sessions().forEach((name, own) -> addAll(rows, own.stream().map(session -> Rows.Session.of(name, session.info()))));
        return Listing.of(Rows.Session.class, rows.stream());
    }

    /** All of one peer. */
    @Descriptor("shows all of one peer: state, terms, sessions and streams")
    public Rows.Peer peer(@Descriptor("the name") String name) {
        List<PeerSession> own = sessions().getOrDefault(name, List.of());
        Listing<Rows.Session> sessions = Listing.of(Rows.Session.class, own.stream().map(session -> Rows.Session.of(name, session.info())));
        Listing<Rows.Stream> streams = streams(Map.of(name, own));
        Optional<PeerNode.Status> node = nodes.stream().map(PeerNode::status).filter(status -> status.name().equals(name)).findFirst();
        if (node.isPresent()) {
            PeerNode.Status status = node.get();
            return new Rows.Peer(name, status.state(), status.since(), status.url(), status.proxy(), status.reason(), "", "", List.of(), own.size(), sessions, streams);
        }
        NameInfo info = known(name).orElseThrow();
        Terms terms = info.terms();
        return new Rows.Peer(name, info.state(), info.since(), "", "", "", terms.expires().map(Object::toString).orElse("never"), TermsText.of(terms.quota()),
                terms.notified(), terms.peers(), sessions, streams);
    }

    /** @throws IllegalArgumentException when nobody here is called that; empty where a peer of this container is */
    private Optional<NameInfo> known(String name) {
        RegistrationManager names = registrations;
        if (nodes.stream().anyMatch(node -> node.status().name().equals(name))) {
            return Optional.empty();
        }
        return Optional.of(Optional.ofNullable(names).flatMap(all -> all.name(name))
                .orElseThrow(() -> new IllegalArgumentException("there is no name '" + name.replaceAll("[^\\x20-\\x7e]", "?") + "' here")));
    }

    /** The streams of all peers. */
    @Descriptor("lists the open streams of all peers, with age and stall time")
    public List<Rows.Stream> streams() {
        return streams(sessions());
    }

    /** The streams of one. */
    @Descriptor("lists the open streams of a peer, with age and stall time")
    public List<Rows.Stream> streams(@Descriptor("the name") String name) {
        return streams(Map.of(name, sessions(name)));
    }

    private static Listing<Rows.Stream> streams(Map<String, List<PeerSession>> sessions) {
        List<Rows.Stream> rows = new ArrayList<>();
        sessions.forEach((name, own) -> own.forEach(session -> addAll(rows,
                session.streams(MOST_STREAMS).stream().map(stream -> Rows.Stream.of(name, session.id(), stream)))));
        return Listing.of(Rows.Stream.class, rows.stream());
    }

    /** Totals. */
    @Descriptor("totals of this container: names, sessions, streams, bytes, memory")
    public Rows.Stats stats() {
        List<Rows.Session> sessions = peers();
        RegistrationManager manager = registrations;
        List<NameInfo> names = manager == null ? List.of() : manager.names();
        int online = (int) (manager == null ? nodes.stream().filter(node -> node.session().isPresent()).count()
                : names.stream().filter(name -> name.state().equals("online")).count());
        Runtime runtime = Runtime.getRuntime();
        return new Rows.Stats(manager == null ? nodes.size() : names.size(), online, sessions.size(), sessions.stream().mapToInt(Rows.Session::streams).sum(),
                sessions.stream().mapToLong(Rows.Session::total).sum(), sessions.stream().mapToLong(Rows.Session::bytesIn).sum(),
                sessions.stream().mapToLong(Rows.Session::bytesOut).sum(), runtime.totalMemory() - runtime.freeMemory() >> 20, runtime.maxMemory() >> 20,
                ManagementFactory.getRuntimeMXBean().getUptime() / 1000);
    }

    /** What runs finishes, then the peer connects anew. */
    @Descriptor("ends the sessions of a peer when what runs has finished; it connects anew")
    public String drain(@Parameter(names = "--timeout", absentValue = "30") @Descriptor("seconds for what runs, 0 to 600") int seconds,
            @Descriptor("the name") String name) {
        if (seconds < 0 || seconds > LONGEST_SECONDS) {
            throw new IllegalArgumentException("--timeout must be in 0.." + LONGEST_SECONDS + " seconds, not " + seconds);
        }
        List<PeerSession> own = sessions(name);
        own.forEach(session -> session.drain(Duration.ofSeconds(seconds), ErrorCode.SHUTDOWN));
        return "draining " + name + ": " + ids(own);
    }

    /** What runs breaks, and the peer connects anew. */
    @Descriptor("ends the sessions of a peer now; it connects anew")
    public String disconnect(@Descriptor("the name") String name) {
        List<PeerSession> own = sessions(name);
        own.forEach(session -> session.close(ErrorCode.SHUTDOWN, "an operator ended it"));
        return "disconnected " + name + ": " + ids(own);
    }

    private static String ids(List<PeerSession> sessions) {
        return String.join(", ", sessions.stream().map(PeerSession::id).toList());
    }
}
