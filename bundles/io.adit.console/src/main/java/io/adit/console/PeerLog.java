package io.adit.console;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import io.adit.api.ErrorCode;
import io.adit.api.PeerEvent;
import io.adit.api.PeerEvent.Kind;
import io.adit.api.PeerListener;

/**
 * The last events of each name, and of all together. Names are bounded too: a refusal may be of one that nobody knows. Thread-safe; the lock is held
 * for moments.
 */
final class PeerLog implements PeerListener {

    private static final int MOST_TOGETHER = 200;
    /** Names of which nothing but refusals is known. */
    private static final int MOST_STRANGERS = 500;

    /**
     * What is kept of an event.
     *
     * @param at milliseconds since the epoch
     * @param kind in lower case: those of {@link PeerEvent.Kind}, and {@code switched} for a session that sends with another codec version
     * @param trouble whether that is not as it should be
     */
    record Event(long at, String name, String kind, String session, String remote, String text, boolean trouble) {

        static Event of(PeerEvent event) {
            boolean orderly = event.code() == ErrorCode.NONE || event.code() == ErrorCode.SHUTDOWN || event.code() == ErrorCode.REPLACED
                    || event.code() == ErrorCode.MOVED;
            return new Event(event.at().toEpochMilli(), event.name(), event.kind().name().toLowerCase(Locale.ROOT), event.session(), event.remote(), event.text(),
                    event.kind() == Kind.REFUSED || event.kind() == Kind.ENDED && !orderly);
        }
    }

    private static final String CONNECTED = "connected";
    private static final String REFUSED = "refused";

    private final int most;
    private final Map<String, Deque<Event>> byName = new HashMap<>();
    private final Map<String, Deque<Event>> strangers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Event>> eldest) {
            return size() > MOST_STRANGERS;
        }
    };
    private final Deque<Event> together = new ArrayDeque<>();

    /** @param most events that are kept of a name */
    PeerLog(int most) {
        this.most = most;
    }

    @Override
    public void happened(PeerEvent event) {
        add(Event.of(event));
    }

    /** The session sends with another codec version than before. */
    void switched(String name, String session, String remote, int before, int now) {
        String text = now == 0 ? "waits for a codec, before: v" + before : "codec v" + now + (before == 0 ? "" : ", before: v" + before);
        add(new Event(System.currentTimeMillis(), name, "switched", session, remote, text, now == 0));
    }

    private synchronized void add(Event event) {
        if (event.kind().equals(CONNECTED) && isKnown(event)) {
            return; // told again after an update of the registry
        }
        add(together, event, MOST_TOGETHER);
        if (event.name().isEmpty()) {
            return;
        }
        Deque<Event> events = byName.get(event.name());
        if (events == null && event.kind().equals(REFUSED)) {
            events = strangers.computeIfAbsent(event.name(), name -> new ArrayDeque<>());
        } else if (events == null) {
            Deque<Event> before = strangers.remove(event.name());
            events = before == null ? new ArrayDeque<>() : before;
            byName.put(event.name(), events);
        }
        add(events, event, most);
    }

    private boolean isKnown(Event event) {
        Deque<Event> events = byName.get(event.name());
        return events != null && events.stream().anyMatch(each -> each.kind().equals(CONNECTED) && each.session().equals(event.session()));
    }

    private static void add(Deque<Event> events, Event event, int most) {
        events.addLast(event);
        if (events.size() > most) {
            events.removeFirst();
        }
    }

    /** The name is no more; what is known of it goes with its next event's bound only, as that of a stranger. */
    synchronized void forget(String name) {
        Deque<Event> events = byName.remove(name);
        if (events != null) {
            strangers.put(name, events);
        }
    }

    /** The newest first. */
    synchronized List<Event> of(String name) {
        return newestFirst(byName.getOrDefault(name, strangers.getOrDefault(name, new ArrayDeque<>())));
    }

    /** Of all names, the newest first. */
    synchronized List<Event> together() {
        return newestFirst(together);
    }

    /** The last time that a session of the name was lost or refused, unless that was as it should be. */
    synchronized Optional<Event> lastTrouble(String name) {
        Deque<Event> events = byName.get(name);
        return events == null ? Optional.empty() : newestFirst(events).stream().filter(Event::trouble).findFirst();
    }

    private static List<Event> newestFirst(Deque<Event> events) {
        List<Event> list = new ArrayList<>(events);
        Collections.reverse(list);
        return list;
    }
}
