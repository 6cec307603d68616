package io.adit.mail;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.adit.api.Presence;
import io.adit.mail.Event.Kind;
import io.adit.mail.Tables.Peer;
import jakarta.mail.MessagingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who is told of what, and when: makes events of what happens to names, and letters of the events that are due. All of it is in the
 * {@link MailStore}, so a restart changes nothing.
 *
 * <ul>
 * <li>A person is told of one title of one name once.
 * <li>Between two letters of one name to one person there is the time {@code digest}; what happens meanwhile comes in one letter.
 * <li>An owner is told of an absence that lasts for {@code offlineAfter}, and of its end.
 * <li>No more letters are made than the limits say; what is over them waits.
 * </ul>
 *
 * <p>Thread-safety: one thread.
 */
final class Announcer {

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    /** A clock that is set back by less than this changes little. */
    private static final Duration SLACK = Duration.ofMinutes(1);
    /** More than anything is put off: each of the settings, and each of the limits, is a day at most. */
    private static final Duration FARTHEST = Duration.ofDays(4);
    /** For so long it is remembered what was told, after it was last there to be told of. */
    private static final Duration MEMORY = Duration.ofDays(400);
    /** Events of one name for one person that wait; the oldest give way. */
    private static final int MOST_OF_PAIR = 20;
    /** Letters that are made in a row, before those that are ready are sent. */
    private static final int ROUND = 100;

    private final MailStore database;
    private final Composer composer;
    private final Options options;
    private final Clock clock;
    private Instant cleaned = Instant.EPOCH;

    Announcer(MailStore database, Composer composer, Options options, Clock clock) {
        this.database = database;
        this.composer = composer;
        this.options = options;
        this.clock = clock;
    }

    /** The name is served; it may have been before. */
    void online(Presence presence) throws SQLException {
        Interest interest = Interest.of(presence.details(), options.language(), options.limits().recipients());
        if (interest.dropped() > 0) {
            LOG.info("not told name={} addresses={} reason=no address, or more than recipients.max", presence.name(), interest.dropped());
        }
        database.run(tables -> {
            Instant now = clock.instant();
            Optional<Peer> before = tables.peer(presence.name());
            if (before.isEmpty() && interest.isEmpty()) {
                return null;
            }
            Peer peer = new Peer(presence.name(), presence.url(), interest.language(), interest.owner().map(Recipient::address).orElse(""), true, now);
            if (before.isPresent() && !before.get().online()) {
                back(tables, before.get(), peer, now);
            }
            if (before.isEmpty() || !before.get().equals(new Peer(peer.name(), peer.url(), peer.language(), peer.owner(), true, before.get().changed()))) {
                tables.put(peer);
            }
            for (Recipient recipient : interest.recipients()) {
                shown(tables, peer, recipient, interest.title(), now);
            }
            return null;
        });
    }

    /** The peer has been away for longer than the grace time. */
    void offline(String name) throws SQLException {
        database.run(tables -> {
            Optional<Peer> before = tables.peer(name);
            if (before.isEmpty() || !before.get().online()) {
                return null; // the second time, or nobody wants to know
            }
            Instant now = clock.instant();
            Peer peer = before.get();
            tables.put(new Peer(name, peer.url(), peer.language(), peer.owner(), false, now));
            if (!peer.owner().isEmpty()) {
                add(tables, peer, Recipient.of(peer.owner()), Kind.DOWN, "", now, now.plus(options.damping().offlineAfter()));
            }
            return null;
        });
    }

    /** The name is no more: nothing of it is told any more, and whoever gets it next begins anew. */
    void ended(String name) throws SQLException {
        database.run(tables -> {
            tables.forget(name);
            return null;
        });
    }

    /**
     * Makes letters of what is due.
     *
     * @return when there will be more to do; empty for never
     */
    Optional<Instant> compose() throws SQLException {
        clean();
        for (int made = 0; made < ROUND; made++) {
            Instant now = clock.instant();
            Optional<Instant> free = database.run(tables ->
                    free(tables.made(now.minus(HOUR)), options.limits().hour(), tables.firstMade(now.minus(HOUR)), HOUR));
            if (free.isPresent()) {
                return free.map(time -> time.isAfter(now) ? time : now);
            }
            if (!database.run(tables -> composeOne(tables, now))) {
                break;
            }
        }
        return database.run(Tables::nextEvent);
    }

    /** @return false when nothing is due */
    private boolean composeOne(Tables tables, Instant now) throws SQLException {
        Optional<Event> due = tables.due(now);
        if (due.isEmpty()) {
            return false;
        }
        String name = due.get().name();
        Optional<Instant> free = free(tables.made(name, now.minus(DAY)), options.limits().nameDay(), tables.firstMade(name, now.minus(DAY)), DAY);
        if (free.isPresent()) {
            LOG.warn("mail waits name={} reason=name.max.per.day until={}", name, free.get());
            tables.postpone(name, free.get());
            return true;
        }
        boolean online = tables.peer(name).map(Peer::online).orElse(false);
        List<Event> events = tables.events(name, due.get().recipient()).stream()
                .filter(each -> each.id() == due.get().id() || isTellable(each, online, now)).toList();
        try {
            tables.add(composer.compose(events, now));
        } catch (MessagingException | RuntimeException e) {
            // it would fail again and again, and nothing else would be told
            LOG.error("mail cannot be made name={} to={}", name, due.get().recipient().domain(), e);
        }
        for (Event event : events) {
            tables.remove(event);
        }
        return true;
    }

    /** Whether it may be told along with another that is due. */
    private boolean isTellable(Event event, boolean online, Instant now) {
        return switch (event.kind()) {
            case SHOWN -> online && !event.at().plus(options.damping().announceAfter()).isAfter(now);
            case DOWN -> !event.at().plus(options.damping().offlineAfter()).isAfter(now);
            case BACK -> true;
        };
    }

    /** When the oldest one is old enough that there may be another; empty when there may be now. */
    private static Optional<Instant> free(long made, int most, Optional<Instant> first, Duration period) {
        return made < most ? Optional.empty() : first.map(time -> time.plus(period).plusMillis(1));
    }

    private void shown(Tables tables, Peer peer, Recipient recipient, String title, Instant now) throws SQLException {
        Optional<Instant> seen = tables.told(peer.name(), recipient, title);
        if (seen.isPresent()) {
            if (seen.get().plus(DAY).isBefore(now)) {
                tables.putTold(peer.name(), recipient, title, now); // not forgotten for as long as it is there
            }
        } else if (add(tables, peer, recipient, Kind.SHOWN, title, now, now.plus(options.damping().announceAfter()))) {
            tables.putTold(peer.name(), recipient, title, now);
        }
    }

    /** The owner's peer is here again. */
    private void back(Tables tables, Peer before, Peer now, Instant time) throws SQLException {
        if (before.owner().isEmpty()) {
            return;
        }
        Recipient owner = Recipient.of(before.owner());
        if (before.changed().plus(options.damping().offlineAfter()).isAfter(time) || !before.owner().equals(now.owner())) {
            // so short that it was none, or none of this owner's business any more
            for (Event event : tables.events(before.name(), owner)) {
                if (event.kind() == Kind.DOWN && event.at().equals(before.changed())) {
                    tables.remove(event);
                }
            }
        } else {
            add(tables, now, owner, Kind.BACK, "", time, time);
        }
    }

    /** @return false when it is not to be told */
    private boolean add(Tables tables, Peer peer, Recipient recipient, Kind kind, String title, Instant now, Instant due) throws SQLException {
        if (tables.isUnsubscribed(peer.name(), recipient.key())) {
            return false;
        }
        if (tables.waiting() >= options.limits().queue() || tables.waiting(peer.name()) >= options.limits().queueOfName()) {
            LOG.warn("not told name={} to={} reason=queue.max or queue.max.per.name", peer.name(), recipient.domain());
            return false;
        }
        List<Event> others = tables.events(peer.name(), recipient);
        for (Event oldest : others.subList(0, Math.max(0, others.size() - MOST_OF_PAIR + 1))) {
            tables.remove(oldest);
        }
        Instant quiet = tables.lastMade(peer.name(), recipient).map(last -> last.plus(options.damping().digest())).orElse(due);
        tables.add(new Event(0, peer.name(), recipient, kind, title, peer.url(), peer.language(), now, quiet.isAfter(due) ? quiet : due));
        return true;
    }

    /** What is too old to be told or to be counted. */
    private void clean() throws SQLException {
        Instant now = clock.instant();
        if (cleaned.plus(HOUR).isAfter(now) && !cleaned.isAfter(now)) {
            return;
        }
        cleaned = now;
        database.run(tables -> {
            tables.setBack(now, now.plus(SLACK), now.plus(FARTHEST));
            for (Event event : tables.eventsBefore(now.minus(DAY).minus(options.retry().giveUp()))) {
                tables.remove(event);
                if (event.kind() == Kind.SHOWN) {
                    // its peer went before it could be told; when it is back it can
                    tables.removeTold(event.name(), event.recipient(), event.title());
                }
            }
            tables.removeMade(now.minus(DAY));
            tables.removeTold(now.minus(MEMORY));
            return null;
        });
    }
}
