package io.adit.registry;

import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import io.adit.api.Proof.Verifier;
import io.adit.store.Database;
import io.adit.store.Migration;
import io.adit.store.Store;
import io.adit.store.Store.Work;
import io.adit.store.Transaction;

/**
 * The names and the verifiers of their secrets in a relational database, in SQL that H2 and PostgreSQL both understand. A write is
 * committed and on the disk when its method returns. A write that fails may have happened or not (the disk can fail between the commit
 * and its answer): to repeat it puts that right, on a new connection. No secret ever gets here.
 *
 * <p>Thread-safety: thread-safe; one transaction at a time, and every method waits for the disk.
 */
final class NameStore implements AutoCloseable {

    /** Append, and never change what was released; {@link Migration} says how they are written. */
    static final List<Migration> MIGRATIONS = List.of(
            new Migration("names", """
                CREATE TABLE IF NOT EXISTS peer_name (
                    name VARCHAR(63) PRIMARY KEY,
                    stored_key CHAR(64) NOT NULL,
                    server_key CHAR(64) NOT NULL,
                    invited TIMESTAMP WITH TIME ZONE NOT NULL);
                """),
            new Migration("whom an invitation is for, and the proxy of a name", """
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS kind VARCHAR(8) DEFAULT 'peer' NOT NULL;
                -- null for none, empty for the registration server itself
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS proxy VARCHAR(63);
                """),
            new Migration("what is new for the others that share the database", """
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS revision BIGINT DEFAULT 0 NOT NULL;
                -- one row, which every write changes first, so that writes come one after the other; removed is the revision of the last removal
                CREATE TABLE IF NOT EXISTS store_revision (id INTEGER PRIMARY KEY, revision BIGINT NOT NULL, removed BIGINT NOT NULL);
                INSERT INTO store_revision (id, revision, removed) SELECT 1, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM store_revision);
                """));

    /** Bytes of an embedded database from which it is made small again when it is opened; some 500 writes. */
    static final long COMPACT_FROM = 8 << 20;

    private static final String COLUMNS = "SELECT name, stored_key, server_key, invited, kind, proxy, revision FROM peer_name";

    /**
     * What was written to a shared database since the last look.
     *
     * @param revision of the database
     * @param written names with what they have now; some may be known already
     * @param left all names, where some were removed
     */
    record Changes(long revision, Map<String, Credential> written, Optional<Set<String>> left) {
    }

    private record Revision(long last, long removal) {
    }

    private final Store store;
    private final boolean shared;
    /** The revision up to which changes were told; of whoever calls {@link #load} and {@link #changes}, one at a time. */
    private volatile long seen;
    /** Assignments that are not in the database yet. */
    private final Map<String, String> unwritten = new ConcurrentHashMap<>();

    /** @throws SQLException when the database cannot be opened, or is of a newer version of this bundle; the message is one line */
    NameStore(Database database) throws SQLException {
        this.store = new Store(database, MIGRATIONS);
        this.shared = database.isShared();
    }

    /** Whether other registration servers write to the database too. */
    boolean isShared() {
        return shared;
    }

    /** All names. */
    Map<String, Credential> load() throws SQLException {
        Changes all = store.run(transaction -> {
            long revision = revision(transaction).last(); // before the names: what comes between is told again
            return new Changes(revision, credentials(transaction, COLUMNS, true), Optional.empty());
        });
        seen = all.revision();
        return all.written();
    }

    /**
     * What others, and this one, wrote since the last look.
     *
     * @param promptly see {@link Store#runPromptly}
     */
    Changes changes(boolean promptly) throws SQLException {
        Map<String, String> assignments = Map.copyOf(unwritten);
        Work<Changes> work = transaction -> {
            writeAssignments(transaction, assignments);
            Revision now = revision(transaction);
            // smaller than it was: the database was restored
            long since = now.last() < seen ? -1 : seen;
            Map<String, Credential> written = now.last() == since ? Map.of() : credentials(transaction, COLUMNS + " WHERE revision > ?", false, since);
            Optional<Set<String>> left = now.removal() <= since ? Optional.empty()
                    : Optional.of(Set.copyOf(transaction.all("SELECT name FROM peer_name", row -> row.getString(1))));
            return new Changes(now.last(), written, left);
        };
        Changes changes = promptly ? store.runPromptly(work) : store.run(work);
        assignments.forEach(unwritten::remove);
        seen = changes.revision();
        return changes;
    }

    private static Map<String, Credential> credentials(Transaction transaction, String sql, boolean used, Object... values) throws SQLException {
        Map<String, Credential> all = new TreeMap<>();
        transaction.all(sql, row -> {
            Verifier verifier = new Verifier(HexFormat.of().parseHex(row.getString(2)), HexFormat.of().parseHex(row.getString(3)));
            Credential credential = new Credential(Kind.of(row.getString(5)), verifier, row.getObject(4, OffsetDateTime.class).toInstant(), used, null);
            credential.assign(row.getString(6), row.getLong(7));
            return all.put(row.getString(1), credential);
        }, values);
        return all;
    }

    private static Revision revision(Transaction transaction) throws SQLException {
        return transaction.first("SELECT revision, removed FROM store_revision", row -> new Revision(row.getLong(1), row.getLong(2))).orElseThrow();
    }

    /**
     * Adds the name, or replaces what it had.
     *
     * @return empty; or the other kind of the one who has the name, and nothing was written: another registration server was faster
     */
    Optional<Kind> put(String name, Credential credential) throws SQLException {
        Optional<Kind> other = store.run(transaction -> {
            Object[] values = {HexFormat.of().formatHex(credential.verifier().storedKey()), HexFormat.of().formatHex(credential.verifier().serverKey()),
                OffsetDateTime.ofInstant(credential.invited(), ZoneOffset.UTC), credential.kind().text(), credential.proxy(), next(transaction), name};
            Optional<Kind> before = transaction.first("SELECT kind FROM peer_name WHERE name = ?", row -> Kind.of(row.getString(1)), name);
            if (before.isEmpty()) {
                transaction.update("INSERT INTO peer_name (stored_key, server_key, invited, kind, proxy, revision, name) VALUES (?, ?, ?, ?, ?, ?, ?)", values);
            } else if (before.get() == credential.kind()) {
                transaction.update("UPDATE peer_name SET stored_key = ?, server_key = ?, invited = ?, kind = ?, proxy = ?, revision = ? WHERE name = ?", values);
            }
            return before.filter(kind -> kind != credential.kind());
        });
        unwritten.remove(name);
        return other;
    }

    /**
     * Which proxy the name was assigned to. It need not survive the loss of power, since the next registration is assigned anew then; and when this fails, it is
     * written with the next one, or by {@link #changes}.
     *
     * @return the revision of it
     */
    long assign(String name, String proxy) throws SQLException {
        unwritten.put(name, proxy);
        Map<String, String> assignments = Map.copyOf(unwritten);
        Work<Long> work = transaction -> writeAssignments(transaction, assignments);
        long revision = shared ? store.runPromptly(work) : store.runUnsynced(work);
        assignments.forEach(unwritten::remove);
        return revision;
    }

    private long writeAssignments(Transaction transaction, Map<String, String> assignments) throws SQLException {
        if (assignments.isEmpty()) {
            return 0;
        }
        long revision = next(transaction);
        for (Map.Entry<String, String> each : assignments.entrySet()) {
            transaction.update("UPDATE peer_name SET proxy = ?, revision = ? WHERE name = ?", each.getValue(), revision, each.getKey());
        }
        return revision;
    }

    /** Nothing happens when there is no such name. */
    void remove(String name) throws SQLException {
        store.run(transaction -> {
            next(transaction);
            return transaction.update("DELETE FROM peer_name WHERE name = ?", name) > 0 && shared
                    ? transaction.update("UPDATE store_revision SET removed = revision") : 0;
        });
        unwritten.remove(name);
    }

    /** The revision of what is written in this transaction, which is its first statement; 0 where nobody else wants to know. */
    private long next(Transaction transaction) throws SQLException {
        if (!shared) {
            return 0;
        }
        transaction.update("UPDATE store_revision SET revision = revision + 1");
        return transaction.first("SELECT revision FROM store_revision", row -> row.getLong(1)).orElseThrow();
    }

    @Override
    public void close() throws SQLException {
        store.close();
    }
}
