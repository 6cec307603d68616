package io.adit.mail;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.adit.store.Transaction;

/** The statements of one transaction of the {@link MailStore}. Not thread-safe; not to be used after the transaction. */
final class Tables {

    /** A pending SHOWN waits for as long as its peer is not there. */
    private static final String TELLABLE = "(e.kind <> 'SHOWN' OR EXISTS (SELECT 1 FROM peer p WHERE p.name = e.name AND p.online))";
    private static final String EVENT = "SELECT e.id, e.name, e.who, e.address, e.kind, e.title, e.url, e.language, e.happened, e.due FROM event e ";
    private static final String LETTER = "SELECT id, name, who, address, content, created, due, failures FROM letter ";

    /**
     * A name that mail was asked for.
     *
     * @param owner an address, or empty
     * @param changed when it went or came
     */
    record Peer(String name, String url, String language, String owner, boolean online, Instant changed) {
    }

    private final Transaction in;

    Tables(Transaction in) {
        this.in = in;
    }

    // ---- peers ----

    Optional<Peer> peer(String name) throws SQLException {
        return in.first("SELECT name, url, language, owner, online, changed FROM peer WHERE name = ?", row -> new Peer(row.getString(1), row.getString(2),
                row.getString(3), row.getString(4), row.getBoolean(5), Instant.ofEpochMilli(row.getLong(6))), name);
    }

    void put(Peer peer) throws SQLException {
        in.update("MERGE INTO peer (name, url, language, owner, online, changed) KEY (name) VALUES (?, ?, ?, ?, ?, ?)", peer.name(), peer.url(), peer.language(),
                peer.owner(), peer.online(), peer.changed().toEpochMilli());
    }

    /** All of a name that has ended, but for who wants no more of it, and how many mails were made of it. */
    void forget(String name) throws SQLException {
        for (String table : List.of("peer", "told", "event", "letter")) {
            in.update("DELETE FROM " + table + " WHERE name = ?", name);
        }
    }

    // ---- who was told of what ----

    /** When it was last there to be told of. */
    Optional<Instant> told(String name, Recipient who, String content) throws SQLException {
        return in.first("SELECT seen FROM told WHERE name = ? AND who = ? AND content = ?", row -> Instant.ofEpochMilli(row.getLong(1)), name, who.key(),
                Recipient.digest(content));
    }

    void putTold(String name, Recipient who, String content, Instant now) throws SQLException {
        in.update("MERGE INTO told (name, who, content, seen) KEY (name, who, content) VALUES (?, ?, ?, ?)", name, who.key(), Recipient.digest(content),
                now.toEpochMilli());
    }

    void removeTold(String name, Recipient who, String content) throws SQLException {
        in.update("DELETE FROM told WHERE name = ? AND who = ? AND content = ?", name, who.key(), Recipient.digest(content));
    }

    /** What was last there to be told of before that time, of names whose peers are away. */
    void removeTold(Instant before) throws SQLException {
        in.update("DELETE FROM told WHERE seen < ?", before.toEpochMilli());
    }

    // ---- who wants no more ----

    boolean isUnsubscribed(String name, String who) throws SQLException {
        return in.first("SELECT 1 FROM unsubscribed WHERE who = ? AND (name = ? OR name = '') LIMIT 1", row -> true, who, name).isPresent();
    }

    /** @param name empty for all names; what waits for that person is gone too */
    void unsubscribe(String name, String who, Instant now) throws SQLException {
        in.update("MERGE INTO unsubscribed (name, who, at) KEY (name, who) VALUES (?, ?, ?)", name, who, now.toEpochMilli());
        for (String table : List.of("event", "letter")) {
            in.update("DELETE FROM " + table + " WHERE who = ? AND (name = ? OR ? = '')", who, name, name);
        }
    }

    // ---- events ----

    void add(Event event) throws SQLException {
        in.update("INSERT INTO event (name, who, address, kind, title, url, language, happened, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", event.name(),
                event.recipient().key(), event.recipient().address(), event.kind().name(), event.title(), event.url(), event.language(),
                event.at().toEpochMilli(), event.due().toEpochMilli());
    }

    /** What waits to be told to one person of one name, in the order in which it happened. */
    List<Event> events(String name, Recipient who) throws SQLException {
        return in.all(EVENT + "WHERE e.name = ? AND e.who = ? ORDER BY e.happened, e.id", Tables::event, name, who.key());
    }

    Optional<Event> due(Instant now) throws SQLException {
        return in.first(EVENT + "WHERE e.due <= ? AND " + TELLABLE + " ORDER BY e.due, e.id LIMIT 1", Tables::event, now.toEpochMilli());
    }

    Optional<Instant> nextEvent() throws SQLException {
        return time("SELECT MIN(e.due) FROM event e WHERE " + TELLABLE);
    }

    List<Event> eventsBefore(Instant time) throws SQLException {
        return in.all(EVENT + "WHERE e.happened < ? ORDER BY e.id LIMIT 100", Tables::event, time.toEpochMilli());
    }

    /** All events of a name that are due earlier are due then. */
    void postpone(String name, Instant due) throws SQLException {
        in.update("UPDATE event SET due = ? WHERE name = ? AND due < ?", due.toEpochMilli(), name, due.toEpochMilli());
    }

    void remove(Event event) throws SQLException {
        in.update("DELETE FROM event WHERE id = ?", event.id());
    }

    /** Events and letters. */
    long waiting() throws SQLException {
        return count("SELECT (SELECT COUNT(*) FROM event) + (SELECT COUNT(*) FROM letter)");
    }

    long waiting(String name) throws SQLException {
        return count("SELECT (SELECT COUNT(*) FROM event WHERE name = ?) + (SELECT COUNT(*) FROM letter WHERE name = ?)", name, name);
    }

    // ---- letters ----

    /** It was made now: the limits count it. */
    void add(Letter letter) throws SQLException {
        in.update("INSERT INTO letter (id, name, who, address, content, created, due, failures) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", letter.id(), letter.name(),
                letter.recipient().key(), letter.recipient().address(), letter.content(), letter.created().toEpochMilli(), letter.due().toEpochMilli(),
                letter.failures());
        in.update("INSERT INTO made (name, who, at) VALUES (?, ?, ?)", letter.name(), letter.recipient().key(), letter.created().toEpochMilli());
    }

    Optional<Letter> dueLetter(Instant now) throws SQLException {
        return in.first(LETTER + "WHERE due <= ? ORDER BY due, id LIMIT 1", Tables::letter, now.toEpochMilli());
    }

    Optional<Instant> nextLetter() throws SQLException {
        return time("SELECT MIN(due) FROM letter");
    }

    List<Letter> lettersBefore(Instant created) throws SQLException {
        return in.all(LETTER + "WHERE created <= ? ORDER BY created LIMIT 100", Tables::letter, created.toEpochMilli());
    }

    /** False when it is gone: its reader wants no more, or its name has ended. */
    boolean postpone(Letter letter, Instant due, int failures) throws SQLException {
        return in.update("UPDATE letter SET due = ?, failures = ? WHERE id = ?", due.toEpochMilli(), failures, letter.id()) > 0;
    }

    void remove(Letter letter) throws SQLException {
        in.update("DELETE FROM letter WHERE id = ?", letter.id());
    }

    // ---- how many mails were made ----

    long made(Instant since) throws SQLException {
        return count("SELECT COUNT(*) FROM made WHERE at > ?", since.toEpochMilli());
    }

    long made(String name, Instant since) throws SQLException {
        return count("SELECT COUNT(*) FROM made WHERE name = ? AND at > ?", name, since.toEpochMilli());
    }

    Optional<Instant> firstMade(Instant since) throws SQLException {
        return time("SELECT MIN(at) FROM made WHERE at > ?", since.toEpochMilli());
    }

    Optional<Instant> firstMade(String name, Instant since) throws SQLException {
        return time("SELECT MIN(at) FROM made WHERE name = ? AND at > ?", name, since.toEpochMilli());
    }

    Optional<Instant> lastMade(String name, Recipient who) throws SQLException {
        return time("SELECT MAX(at) FROM made WHERE name = ? AND who = ?", name, who.key());
    }

    void removeMade(Instant before) throws SQLException {
        in.update("DELETE FROM made WHERE at < ?", before.toEpochMilli());
    }

    /**
     * The clock on the wall was ahead and has been set back: what was noted meanwhile would wait, and count, until then.
     *
     * @param latest what happened later did not happen yet
     * @param due what is due later is due too late
     */
    void setBack(Instant now, Instant latest, Instant due) throws SQLException {
        in.update("DELETE FROM made WHERE at > ?", latest.toEpochMilli());
        in.update("UPDATE told SET seen = ? WHERE seen > ?", now.toEpochMilli(), latest.toEpochMilli());
        in.update("UPDATE peer SET changed = ? WHERE changed > ?", now.toEpochMilli(), latest.toEpochMilli());
        in.update("UPDATE event SET happened = ? WHERE happened > ?", now.toEpochMilli(), latest.toEpochMilli());
        in.update("UPDATE letter SET created = ? WHERE created > ?", now.toEpochMilli(), latest.toEpochMilli());
        for (String table : List.of("event", "letter")) {
            in.update("UPDATE " + table + " SET due = ? WHERE due > ?", now.toEpochMilli(), due.toEpochMilli());
        }
    }

    // ---- the rest ----

    private static Event event(ResultSet row) throws SQLException {
        return new Event(row.getLong(1), row.getString(2), new Recipient(row.getString(4), row.getString(3)), Event.Kind.valueOf(row.getString(5)),
                row.getString(6), row.getString(7), row.getString(8), Instant.ofEpochMilli(row.getLong(9)), Instant.ofEpochMilli(row.getLong(10)));
    }

    private static Letter letter(ResultSet row) throws SQLException {
        return new Letter(row.getString(1), row.getString(2), new Recipient(row.getString(4), row.getString(3)), row.getBytes(5),
                Instant.ofEpochMilli(row.getLong(6)), Instant.ofEpochMilli(row.getLong(7)), row.getInt(8));
    }

    private long count(String sql, Object... values) throws SQLException {
        return in.first(sql, row -> row.getLong(1), values).orElseThrow();
    }

    private Optional<Instant> time(String sql, Object... values) throws SQLException {
        return in.first(sql, row -> Optional.ofNullable(row.getObject(1, Long.class)).map(Instant::ofEpochMilli), values).flatMap(time -> time);
    }
}
