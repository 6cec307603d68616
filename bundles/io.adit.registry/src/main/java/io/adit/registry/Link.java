package io.adit.registry;

import java.security.PublicKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.adit.api.ErrorCode;
import io.adit.api.MessageStream;
import io.adit.api.PeerSession;
import io.adit.api.RequestHandler;
import io.adit.api.SessionInfo;
import io.adit.api.Terms;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.registry.Message.MalformedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A linked proxy's end of the link with its registration server (PROTOCOL section 15): says what this proxy is and whom it serves, and does what it
 * is told. It answers the one request that opens the link, and no other: the scheme of that is none that a visitor's request can have.
 *
 * <p>Thread-safety: thread-safe; nothing blocks. Announcements are made on a thread of their own, since addresses may be looked up for them.
 */
final class Link implements RequestHandler, Peers.Watch, AutoCloseable {

    static final String METHOD = "LINK";
    static final String SCHEME = "adit";

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final long LOOK_MILLIS = 1000;
    /** Of this proxy: more than it can have sessions. */
    private static final int MOST_NAMES = 10_000_000;
    private static final long MOST_MILLIS = 4_102_444_800_000L; // the year 2100

    /** What the registration server of this proxy says. Does not block. */
    interface Orders {

        /** Tickets for this proxy are signed by that key. */
        void key(PublicKey key, String proxy);

        /** These are this proxy's names, as of that time, each with the number of peers that may serve it. */
        void names(Map<String, Integer> names, Instant at);

        /** The name is this proxy's from now on, and that many peers may serve it. */
        void name(String name, Instant at, int peers);

        /** Nobody serves the name any more. @param reason REVOKED, EXPIRED or MOVED */
        void ended(String name, Instant at, ErrorCode reason);

        /** What was granted to the name. */
        void terms(String name, Terms terms);

        /** The name is another proxy's now. */
        void move(String name);

        /** These domains, and no others, lead to names, each to its own. */
        void domains(Map<String, String> domains);

        /** The domain leads to that name from now on; to none where it is null. */
        void domain(String domain, String name);
    }

    private final Orders orders;
    private final Supplier<Optional<Announcement>> announcement;
    private final Runnable report;
    private final Consumer<String> linked;
    private final ScheduledExecutorService thread;

    // guarded by this
    private Lines lines;
    private Announcement announced;

    /**
     * @param announcement may look up addresses; empty while nothing can be said
     * @param report has this told of all names that are served now
     * @param linked is told when the registration server has said all that it says first, and where that is
     */
    Link(Orders orders, Supplier<Optional<Announcement>> announcement, Runnable report, Consumer<String> linked,
            ScheduledExecutorService thread) {
        this.orders = orders;
        this.announcement = announcement;
        this.report = report;
        this.linked = linked;
        this.thread = thread;
        thread.scheduleWithFixedDelay(this::announce, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void handle(RequestHead head, boolean last, MessageStream stream) {
        if (!head.scheme().equals(SCHEME) || !head.method().equals(METHOD)) { // PROTOCOL R1
            LOG.warn("a request that is none of a registration server's: is the invitation one for a peer?");
            stream.reset(ErrorCode.REFUSED, "a proxy answers no requests");
            return;
        }
        Incoming incoming = new Incoming(head.authority());
        Lines older;
        Lines newer = Lines.answering(stream, incoming, MOST_NAMES);
        incoming.lines = newer;
        synchronized (this) {
            older = lines;
            lines = newer;
            announced = null;
        }
        if (older != null) {
            older.close(ErrorCode.REPLACED, ErrorCode.REPLACED.text());
        }
        newer.start();
        announceNow();
    }

    /** Whether the registration server has a link open that has not ended. */
    synchronized boolean isUp() {
        return lines != null;
    }

    // ---- what we say

    /** Something changed that the registration server should know. Completes when it is on its way, or cannot be said. */
    CompletionStage<Void> announceNow() {
        return thread.isShutdown() ? CompletableFuture.completedFuture(null) : CompletableFuture.runAsync(this::announce, thread);
    }

    private void announce() {
        Lines to;
        synchronized (this) {
            to = lines;
        }
        Optional<Announcement> now = to == null ? Optional.empty() : announcement.get();
        if (now.isEmpty()) {
            return;
        }
        boolean first;
        synchronized (this) {
            if (lines != to || now.get().equals(announced)) {
                return;
            }
            first = announced == null;
            announced = now.get();
            to.send(Announcement.VERB, now.get().message());
        }
        if (first) {
            report.run(); // from now on each change is told, and this is what was before
        }
    }

    @Override
    public void online(String name, PeerSession newest, int peers) {
        Message full = online(name, newest.info(), peers);
        newest.details().forEach((detail, value) -> full.with("detail", detail).with("value", value));
        tell(name, full.line().length() <= Message.MAX_BYTES ? full : online(name, newest.info(), peers));
    }

    private static Message online(String name, SessionInfo info, int peers) {
        return new Message("online").with("name", name).with("since", info.since().toEpochMilli()).with("codec", info.codec()).with("peers", peers);
    }

    @Override
    public void lost(String name, Instant at) {
        tell(name, new Message("lost").with("name", name).with("at", at.toEpochMilli()));
    }

    /** One message for a name is enough, the last. */
    private synchronized void tell(String name, Message message) {
        if (lines != null && announced != null) {
            lines.send("peer " + name, message);
        }
    }

    @Override
    public void offline(String name) {
        // the registration server knows the grace time
    }

    @Override
    public void ended(String name) {
        // it said so itself
    }

    // ---- what we are told

    private final class Incoming implements Lines.Receiver {
        private final String registrar;
        private volatile Lines lines;
        private Map<String, Integer> names = new HashMap<>();
        private Map<String, String> domains = new HashMap<>();
        private boolean keyed;

        Incoming(String registrar) {
            this.registrar = registrar;
        }

        @Override
        public void received(Message message) throws MalformedException {
            switch (message.verb()) {
                case "key" -> {
                    try {
                        orders.key(TicketKey.parse(message.text("public")), message.text("proxy"));
                    } catch (IllegalArgumentException e) {
                        throw new MalformedException("key: " + e.getMessage());
                    }
                    keyed = true;
                }
                case "names" -> {
                    names(message);
                    if (!keyed || names.size() > MOST_NAMES) {
                        throw new MalformedException(keyed ? "names: too many" : "names before key");
                    }
                    if (!message.text("more").equals("yes")) {
                        orders.names(names, time(message));
                        names = new HashMap<>();
                        LOG.info("linked registrar={}", registrar);
                        linked.accept(registrar);
                    }
                }
                case "name" -> orders.name(message.text("name"), time(message), (int) message.number("peers", 1, 1, Terms.MOST_PEERS));
                case "ended" -> orders.ended(message.text("name"), time(message), reason(message));
                case TermsMessage.VERB -> TermsMessage.read(message).forEach(orders::terms);
                case "move" -> orders.move(message.text("name"));
                case "domains" -> domains(message);
                case "domain" -> orders.domain(message.text("domain"), message.all("name").isEmpty() ? null : message.text("name"));
                default -> LOG.debug("the registration server says {}, which is not known here", message.verb());
            }
        }

        private void names(Message message) throws MalformedException {
            List<String> listed = message.all("name");
            List<String> peers = message.all("peers");
            if (!peers.isEmpty() && peers.size() != listed.size()) {
                throw new MalformedException("names: names and peers do not match");
            }
            for (int i = 0; i < listed.size(); i++) {
                names.put(listed.get(i), peers.isEmpty() ? 1 : (int) message.number("peers", peers.get(i), 1, Terms.MOST_PEERS));
            }
        }

        private void domains(Message message) throws MalformedException {
            List<String> listed = message.all("domain");
            List<String> to = message.all("name");
            if (to.size() != listed.size() || domains.size() > MOST_NAMES) {
                throw new MalformedException(to.size() != listed.size() ? "domains: domains and names do not match" : "domains: too many");
            }
            for (int i = 0; i < listed.size(); i++) {
                domains.put(listed.get(i), to.get(i));
            }
            if (!message.text("more").equals("yes")) {
                orders.domains(domains);
                domains = new HashMap<>();
            }
        }

        /** Older registration servers give none. */
        private ErrorCode reason(Message message) throws MalformedException {
            ErrorCode code = message.all("code").isEmpty() ? ErrorCode.REVOKED : ErrorCode.of((int) message.number("code", 0, 0xFFFF));
            return code == ErrorCode.EXPIRED || code == ErrorCode.MOVED ? code : ErrorCode.REVOKED;
        }

        private Instant time(Message message) throws MalformedException {
            return Instant.ofEpochMilli(message.number("at", 0, MOST_MILLIS));
        }

        @Override
        public void ended(String reason) {
            boolean current;
            synchronized (Link.this) {
                current = Link.this.lines == lines;
                if (current) {
                    Link.this.lines = null;
                    announced = null;
                }
            }
            if (current) {
                LOG.info("link ended registrar={} reason={}", registrar, reason);
            }
        }
    }

    @Override
    public void close() {
        Lines open;
        synchronized (this) {
            open = lines;
            lines = null;
        }
        if (open != null) {
            open.close(ErrorCode.CANCEL, "the registry is updated");
        }
    }
}
