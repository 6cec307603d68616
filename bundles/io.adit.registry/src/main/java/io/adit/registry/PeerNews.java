package io.adit.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.PeerEvent;
import io.adit.api.PeerEvent.Kind;
import io.adit.api.PeerListener;
import io.adit.api.PeerSession;
import io.adit.api.RegistrationException;
import io.adit.api.SessionInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the {@link PeerListener}s what happens. Thread-safe; nothing blocks. */
final class PeerNews implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeerNews.class);

    private final List<PeerListener> listeners = new CopyOnWriteArrayList<>();
    /** Our notice of each session's end; a session that outlives this object must not hold on to it. */
    private final Map<PeerSession, Notice> notices = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private record Notice(String name, CompletableFuture<ErrorCode> end) {
    }

    /** It is told at once of the sessions that there are. */
    void add(PeerListener listener) {
        listeners.add(listener);
        notices.forEach((session, notice) -> tell(List.of(listener), connection(notice.name(), session.info())));
    }

    void remove(PeerListener listener) {
        listeners.remove(listener);
    }

    void invited(String name) {
        tell(name, Kind.INVITED, "", "", ErrorCode.NONE, "");
    }

    void revoked(String name) {
        tell(name, Kind.REVOKED, "", "", ErrorCode.NONE, "");
    }

    void moved(String name, String proxy) {
        tell(name, Kind.MOVED, "", "", ErrorCode.NONE, "to " + proxy);
    }

    void refused(String name, RegistrationException refusal) {
        tell(Invitation.isName(name) ? name : "", Kind.REFUSED, "", "", refusal.code(), refusal.getMessage());
    }

    void connected(String name, PeerSession session) {
        SessionInfo info = session.info();
        tell(listeners, connection(name, info));
        CompletableFuture<ErrorCode> notice = session.closed().toCompletableFuture().copy();
        notices.put(session, new Notice(name, notice));
        if (closed) {
            notice.complete(null); // close() may have looked before
        }
        notice.thenAccept(code -> {
            notices.remove(session);
            if (code != null) {
                tell(name, Kind.ENDED, info.id(), info.remote(), code, code.text());
            }
        });
    }

    private static PeerEvent connection(String name, SessionInfo info) {
        return new PeerEvent(info.since(), name, Kind.CONNECTED, info.id(), info.remote(), ErrorCode.NONE, "");
    }

    private void tell(String name, Kind kind, String session, String remote, ErrorCode code, String text) {
        tell(listeners, new PeerEvent(Instant.now(), name, kind, session, remote, code, text));
    }

    private static void tell(List<PeerListener> whom, PeerEvent event) {
        for (PeerListener each : whom) {
            try {
                each.happened(event);
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("{} failed", each.getClass().getName(), e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(notices.values()).forEach(notice -> notice.end().complete(null));
    }
}
