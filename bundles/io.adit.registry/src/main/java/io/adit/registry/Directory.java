package io.adit.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.PeerSession;
import io.adit.api.PeerUnavailableException;
import io.adit.api.Presence;
import io.adit.api.ProxyManager.ProxyInfo;
import io.adit.api.Terms;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.registry.Message.MalformedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies that are linked to this registration server: what they say of themselves, which names they serve, and what they are told (PROTOCOL
 * section 15). A proxy is believed only of names that are assigned to it, so that none takes over another's.
 *
 * <p>Thread-safety: thread-safe; nothing blocks. The lock is held over map operations and while messages are queued.
 */
final class Directory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Directory.class);

    /** Until a link is opened again whose session is still there: the proxy's registry is updated, say. */
    private static final long REOPEN_MILLIS = 500;
    /** Names in one line. */
    private static final int CHUNK = 100;
    private static final long MOST_MILLIS = 4_102_444_800_000L; // the year 2100

    private static final class Linked {
        private final String name;
        private PeerSession session;
        private Lines lines;
        private Announcement announcement;
        private Instant since;
        private final Map<String, Reported> online = new HashMap<>();
        /** Of all names together. */
        private int peers;
        /** Assigned and not reported yet, with the moment of it, the eldest first. */
        private final Map<String, Long> coming = new LinkedHashMap<>();

        Linked(String name) {
            this.name = name;
        }

        boolean isUp() {
            return lines != null && announcement != null;
        }

        void put(Reported reported) {
            remove(reported.presence().name());
            online.put(reported.presence().name(), reported);
            peers += reported.peers();
        }

        void remove(String served) {
            Reported before = online.remove(served);
            peers -= before == null ? 0 : before.peers();
        }
    }

    /** A name that is served there. */
    private record Reported(Presence presence, int codec, int peers) {
    }

    private final Credentials credentials;
    private final Whereabouts whereabouts;
    private final Supplier<String> self;
    private final String publicKey;
    private final long comingNanos;
    private final Supplier<Map<String, String>> domains;
    private final LongSupplier nanoClock;
    private final ScheduledExecutorService timer;

    // guarded by this; the number of proxies that were invited bounds it
    private final Map<String, Linked> proxies = new TreeMap<>();
    private boolean closed;

    /**
     * @param self HOST:PORT of this registration server
     * @param publicKey of the tickets, as {@link TicketKey#openText}
     * @param domains that lead to names now
     * @param comingNanos how long a peer that was sent to a proxy counts there without being reported
     */
    Directory(Credentials credentials, Whereabouts whereabouts, Supplier<String> self, String publicKey, long comingNanos,
            Supplier<Map<String, String>> domains, LongSupplier nanoClock,
            ScheduledExecutorService timer) {
        this.credentials = credentials;
        this.whereabouts = whereabouts;
        this.self = self;
        this.publicKey = publicKey;
        this.comingNanos = comingNanos;
        this.domains = domains;
        this.nanoClock = nanoClock;
        this.timer = timer;
    }

    // ---- links

    /** A proxy's session: the newest counts. */
    void attach(String name, PeerSession session) {
        PeerSession refused;
        ErrorCode reason = ErrorCode.REPLACED;
        synchronized (this) {
            if (closed) {
                return; // the next registry is told of it
            }
            // whoever ends the invitation changes the credentials first, and calls end() then
            if (credentials.find(name).filter(credential -> credential.kind() == Kind.PROXY && credential.isUsed()).isEmpty()) {
                refused = session;
                reason = ErrorCode.REVOKED;
            } else {
                Linked linked = proxies.computeIfAbsent(name, Linked::new);
                if (linked.session == session) {
                    return;
                } else if (linked.session != null && session.info().since().isBefore(linked.session.info().since())) {
                    refused = session;
                } else {
                    refused = linked.session;
                    down(linked, ErrorCode.REPLACED.text());
                    linked.session = session;
                }
            }
        }
        if (refused != null) {
            refused.close(reason, reason.text());
        }
        if (refused != session) {
            session.closed().thenAccept(code -> sessionEnded(name, session, code));
            open(name, session);
        }
    }

    private void sessionEnded(String name, PeerSession session, ErrorCode code) {
        synchronized (this) {
            Linked linked = proxies.get(name);
            if (linked != null && linked.session == session) {
                down(linked, code.text());
                linked.session = null;
            }
        }
    }

    private void open(String name, PeerSession session) {
        synchronized (this) {
            Linked linked = proxies.get(name);
            if (closed || linked == null || linked.session != session || linked.lines != null || session.closed().toCompletableFuture().isDone()) {
                return;
            }
            try {
                // PROTOCOL R1: no visitor's request has this scheme
                RequestHead head = new RequestHead(Link.METHOD, Link.SCHEME, self.get(), "/", "ADIT/1", Fields.EMPTY, "", "", -1);
                Incoming incoming = new Incoming(linked);
                linked.lines = Lines.opened(session.open(head, null, false), incoming);
                incoming.lines = linked.lines;
                greet(linked);
            } catch (PeerUnavailableException e) {
                LOG.debug("no link with proxy={}", name, e);
                again(name, session);
                return;
            }
            // not on this thread, which has the lock
            timer.execute(linked.lines::start);
        }
    }

    private void again(String name, PeerSession session) {
        try {
            timer.schedule(() -> open(name, session), REOPEN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("after the end", e);
        }
    }

    /** PROTOCOL R7 and R8: the key, and all names that are this proxy's. */
    private void greet(Linked linked) {
        linked.lines.send("key", new Message("key").with("public", publicKey).with("proxy", linked.name));
        List<Map.Entry<String, Credential>> names = credentials.sorted().stream().filter(entry -> isAt(entry.getValue(), linked)).toList();
        long at = Instant.now().toEpochMilli();
        for (int from = 0; from == 0 || from < names.size(); from += CHUNK) {
            int to = Math.min(from + CHUNK, names.size());
            Message part = new Message("names").with("at", at).with("more", to < names.size() ? "yes" : "no");
            names.subList(from, to).forEach(entry -> part.with("name", entry.getKey()).with("peers", entry.getValue().terms().peers()));
            linked.lines.send("names " + from, part);
        }
        Message granted = new Message(TermsMessage.VERB);
        for (Map.Entry<String, Credential> entry : names) {
            String name = entry.getKey();
            Terms terms = credentials.terms(name);
            if (!TermsMessage.isUsual(terms) && TermsMessage.with(granted, name, terms).all("name").size() == CHUNK) {
                linked.lines.send("terms to " + name, granted);
                granted = new Message(TermsMessage.VERB);
            }
        }
        if (!granted.all("name").isEmpty()) {
            linked.lines.send("terms to the end", granted);
        }
        List<Map.Entry<String, String>> led = List.copyOf(domains.get().entrySet());
        for (int from = 0; from == 0 || from < led.size(); from += CHUNK) {
            int to = Math.min(from + CHUNK, led.size());
            Message part = new Message("domains").with("more", to < led.size() ? "yes" : "no");
            led.subList(from, to).forEach(entry -> part.with("domain", entry.getKey()).with("name", entry.getValue()));
            linked.lines.send("domains " + from, part);
        }
    }

    /** PROTOCOL R12: the domain leads to that name from now on, or to none. @param name may be null */
    synchronized void domain(String domain, String name) {
        Message message = new Message("domain").with("domain", domain);
        if (name != null) {
            message.with("name", name);
        }
        proxies.values().stream().filter(linked -> linked.lines != null).forEach(linked -> linked.lines.send("domain " + domain, message));
    }

    /** PROTOCOL R11. @param always also where they are the usual ones, which another message may have been about */
    private void terms(Linked linked, String name, boolean always) {
        Terms terms = credentials.terms(name);
        if (always || !TermsMessage.isUsual(terms)) {
            linked.lines.send("terms " + name, TermsMessage.with(new Message(TermsMessage.VERB), name, terms));
        }
    }

    /** The name has other terms, which that proxy should know. */
    synchronized void terms(String name, String proxy) {
        Linked linked = proxies.get(proxy);
        if (linked != null && linked.lines != null) {
            tell(linked, name, credentials.terms(name).peers());
            terms(linked, name, true);
        }
    }

    private static boolean isAt(Credential credential, Linked linked) {
        return credential.kind().isPeer() && linked.name.equals(credential.proxy()) && !credential.isExpired();
    }

    /** With the lock held: its names are lost until somebody reports them. */
    private void down(Linked linked, String reason) {
        Lines lines = linked.lines;
        if (lines == null) {
            return;
        }
        linked.lines = null;
        linked.since = Instant.now();
        linked.online.keySet().forEach(name -> whereabouts.lostAt(linked.name, name, linked.since));
        linked.online.clear();
        linked.peers = 0;
        LOG.info("proxy away proxy={} reason={}", linked.name, reason);
    }

    /** Of one link. */
    private final class Incoming implements Lines.Receiver {
        private final Linked linked;
        private Lines lines;

        Incoming(Linked linked) {
            this.linked = linked;
        }

        @Override
        public void received(Message message) throws MalformedException {
            synchronized (Directory.this) {
                if (linked.lines == lines) {
                    on(linked, message);
                }
            }
        }

        @Override
        public void ended(String reason) {
            PeerSession session;
            synchronized (Directory.this) {
                if (linked.lines != lines) {
                    return;
                }
                down(linked, reason);
                session = linked.session;
            }
            if (session != null) {
                again(linked.name, session);
            }
        }
    }

    private void on(Linked linked, Message message) throws MalformedException {
        switch (message.verb()) {
            case Announcement.VERB -> announced(linked, Announcement.of(message));
            case "online" -> online(linked, message);
            case "lost" -> lost(linked, name(message), time(message, "at"));
            default -> LOG.debug("proxy={} says {}, which is not known here", linked.name, message.verb());
        }
    }

    private void announced(Linked linked, Announcement announcement) {
        boolean first = !linked.isUp();
        Announcement before = linked.announcement;
        linked.announcement = announcement;
        if (first || before.draining() != announcement.draining()) {
            linked.since = Instant.now();
            LOG.info("proxy linked proxy={} tunnel={} capacity={} draining={}", linked.name, announcement.tunnel(), announcement.capacity(),
                    announcement.draining());
        }
        if (before == null || before.url().equals(announcement.url()) && before.addresses().equals(announcement.addresses())) {
            return;
        }
        // its names are served elsewhere now
        List.copyOf(linked.online.values()).forEach(each -> present(linked, each));
    }

    private void online(Linked linked, Message message) throws MalformedException {
        if (linked.announcement == null) {
            throw new MalformedException("online before announce");
        }
        String name = name(message);
        Instant since = time(message, "since");
        int codec = (int) message.number("codec", 0, 0xFFFF);
        int peers = (int) message.number("peers", 1, 1, Terms.MOST_PEERS);
        Fields details = details(message);
        linked.coming.remove(name);
        Optional<Credential> credential = credentials.find(name);
        if (credential.isEmpty() || !isAt(credential.get(), linked)) { // PROTOCOL R6
            LOG.info("proxy={} serves name={}, which is not there any more", linked.name, Names.printable(name));
            linked.lines.send("move " + name, new Message("move").with("name", name));
            return;
        }
        present(linked, new Reported(new Presence(name, "", linked.name, List.of(), since, credential.get().details(details)), codec, peers));
    }

    /** As the proxy's announcement has it now. */
    private void present(Linked linked, Reported reported) {
        Presence said = reported.presence();
        Announcement at = linked.announcement;
        Presence presence = new Presence(said.name(), at.url(said.name()), linked.name, at.addresses(), said.since(), said.details());
        linked.put(new Reported(presence, reported.codec(), reported.peers()));
        whereabouts.onlineAt(linked.name, presence, reported.codec(), reported.peers());
    }

    private void lost(Linked linked, String name, Instant at) {
        linked.remove(name);
        whereabouts.lostAt(linked.name, name, at);
    }

    /** What is said about a name waits for the proxy to read it, so the text of it must be as short as a name is. */
    private static String name(Message message) throws MalformedException {
        String name = message.text("name");
        if (!Invitation.isName(name)) {
            throw new MalformedException(message.verb() + ": name is no name");
        }
        return name;
    }

    private static Instant time(Message message, String name) throws MalformedException {
        return Instant.ofEpochMilli(message.number(name, 0, MOST_MILLIS));
    }

    private static Fields details(Message message) throws MalformedException {
        List<String> names = message.all("detail");
        List<String> values = message.all("value");
        if (names.size() != values.size()) {
            throw new MalformedException("online: details and values do not match");
        }
        Fields.Builder details = Fields.builder();
        for (int i = 0; i < names.size(); i++) {
            details.add(names.get(i), values.get(i));
        }
        return details.build();
    }

    // ---- assignment

    /** The linked proxies that take peers now. */
    synchronized List<Balance.Candidate> candidates(String name) {
        List<Balance.Candidate> candidates = new ArrayList<>();
        for (Linked linked : proxies.values()) {
            if (linked.isUp() && !linked.announcement.draining()) {
                candidates.add(new Balance.Candidate(linked.name, peers(linked, name), linked.announcement.capacity()));
            }
        }
        return candidates;
    }

    private int peers(Linked linked, String but) {
        long now = nanoClock.getAsLong();
        for (Iterator<Long> eldest = linked.coming.values().iterator(); eldest.hasNext() && now - eldest.next() > comingNanos;) {
            eldest.remove();
        }
        int all = linked.peers + linked.coming.size();
        Reported own = linked.online.get(but);
        return all - (own != null ? own.peers() : linked.coming.containsKey(but) ? 1 : 0);
    }

    /** The peer of that name is on its way to the proxy. @return what it says of itself; empty when its link has just gone */
    synchronized Optional<Announcement> assigned(String name, String proxy, int peers) {
        Linked linked = proxies.get(proxy);
        if (linked == null || !linked.isUp()) {
            return Optional.empty();
        }
        if (!linked.online.containsKey(name)) {
            linked.coming.remove(name);
            linked.coming.put(name, nanoClock.getAsLong());
        }
        tell(linked, name, peers);
        terms(linked, name, false);
        return Optional.of(linked.announcement);
    }

    private static void tell(Linked linked, String name, int peers) {
        linked.lines.send("name " + name, new Message("name").with("name", name).with("at", Instant.now().toEpochMilli()).with("peers", peers));
    }

    /** Whether some peer serves the name at that proxy. */
    synchronized boolean serves(String proxy, String name) {
        Linked linked = proxies.get(proxy);
        return linked != null && linked.online.containsKey(name);
    }

    /** The name is another proxy's from now on. */
    synchronized void displaced(String name, String proxy) {
        Linked linked = proxies.get(proxy);
        if (linked != null) {
            linked.coming.remove(name);
            linked.remove(name);
            if (linked.lines != null) {
                linked.lines.send("move " + name, new Message("move").with("name", name));
            }
        }
    }

    /** Nobody serves the name any more, for that reason: its session ends everywhere, and older tickets do not count. */
    synchronized void ended(String name, Instant at, ErrorCode reason) {
        whereabouts.forget(name);
        for (Linked linked : proxies.values()) {
            linked.coming.remove(name);
            linked.remove(name);
            if (linked.lines != null) {
                linked.lines.send("ended " + name, new Message("ended").with("name", name).with("at", at.toEpochMilli())
                        .with("code", reason.code()));
            }
        }
    }

    /** The proxy's invitation ended. */
    void end(String proxy) {
        PeerSession session;
        synchronized (this) {
            Linked linked = proxies.remove(proxy);
            if (linked == null) {
                return;
            }
            down(linked, ErrorCode.REVOKED.text());
            session = linked.session;
            linked.session = null;
        }
        if (session != null) {
            session.close(ErrorCode.REVOKED, ErrorCode.REVOKED.text());
        }
    }

    // ---- for operators

    /** Those that were invited; sorted. */
    synchronized List<ProxyInfo> proxies() {
        List<ProxyInfo> all = new ArrayList<>();
        for (Map.Entry<String, Credential> entry : credentials.sorted()) {
            if (entry.getValue().kind() == Kind.PROXY) {
                all.add(info(entry.getKey(), entry.getValue(), proxies.get(entry.getKey())));
            }
        }
        return all;
    }

    private ProxyInfo info(String name, Credential credential, Linked linked) {
        if (linked == null || linked.announcement == null) {
            return new ProxyInfo(name, "away", credential.invited(), "", 0, 0);
        }
        String state = !linked.isUp() ? "away" : linked.announcement.draining() ? "draining" : "linked";
        return new ProxyInfo(name, state, linked.since, linked.announcement.tunnel(), peers(linked, ""), linked.announcement.capacity());
    }

    /** Links end, and sessions too: this registration server shuts down, and its proxies look for the next. */
    void shutDown() {
        List<PeerSession> sessions = new ArrayList<>();
        synchronized (this) {
            proxies.values().stream().filter(linked -> linked.session != null).forEach(linked -> sessions.add(linked.session));
        }
        sessions.forEach(session -> session.close(ErrorCode.SHUTDOWN, ErrorCode.SHUTDOWN.text()));
    }

    /** Links end; sessions stay, for the next registry. */
    @Override
    public void close() {
        Set<Lines> open = new HashSet<>();
        synchronized (this) {
            closed = true;
            for (Linked linked : proxies.values()) {
                if (linked.lines != null) {
                    open.add(linked.lines);
                    linked.lines = null;
                }
            }
        }
        open.forEach(lines -> lines.close(ErrorCode.CANCEL, "the registry is updated"));
    }
}
