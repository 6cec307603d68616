package io.adit.registry;

import java.sql.ResultSet;
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
import io.adit.api.RegistrationManager.Released;
import io.adit.api.Terms;
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

    /**
     * Append, and never change what was released; {@link Migration} says how they are written. The tables of the first one have all columns that came since,
     * since H2 makes a table anew for each column that is added: those of a database that is there already are added by the changes after it, which find
     * nothing to do in a new one.
     */
    static final List<Migration> MIGRATIONS = List.of(
            new Migration("names", """
                CREATE TABLE IF NOT EXISTS peer_name (
                    name VARCHAR(63) PRIMARY KEY,
                    stored_key CHAR(64) NOT NULL,
                    server_key CHAR(64) NOT NULL,
                    invited TIMESTAMP WITH TIME ZONE NOT NULL,
                    kind VARCHAR(8) DEFAULT 'peer' NOT NULL,
                    -- null for none, empty for the registration server itself
                    proxy VARCHAR(63),
                    revision BIGINT DEFAULT 0 NOT NULL,
                    expires TIMESTAMP WITH TIME ZONE,
                    quota_streams INTEGER DEFAULT 0 NOT NULL,
                    quota_rate INTEGER DEFAULT 0 NOT NULL,
                    quota_bandwidth BIGINT DEFAULT 0 NOT NULL,
                    -- addresses with spaces between
                    notified VARCHAR(9000) DEFAULT '' NOT NULL,
                    peers INTEGER DEFAULT 1 NOT NULL);
                -- one row, which every write changes first, so that writes come one after the other; the others are the revisions of the last
                -- removal, and of the last changes of released_name and own_domain
                CREATE TABLE IF NOT EXISTS store_revision (id INTEGER PRIMARY KEY, revision BIGINT NOT NULL, removed BIGINT NOT NULL,
                    released BIGINT DEFAULT 0 NOT NULL, domains BIGINT DEFAULT 0 NOT NULL);
                """),
            new Migration("whom an invitation is for, and the proxy of a name", """
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS kind VARCHAR(8) DEFAULT 'peer' NOT NULL;
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS proxy VARCHAR(63);
                """),
            new Migration("what is new for the others that share the database", """
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS revision BIGINT DEFAULT 0 NOT NULL;
                CREATE TABLE IF NOT EXISTS store_revision (id INTEGER PRIMARY KEY, revision BIGINT NOT NULL, removed BIGINT NOT NULL);
                INSERT INTO store_revision (id, revision, removed) SELECT 1, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM store_revision);
                """),
            new Migration("the terms of invitations, and names that were given up", """
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS expires TIMESTAMP WITH TIME ZONE;
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS quota_streams INTEGER DEFAULT 0 NOT NULL;
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS quota_rate INTEGER DEFAULT 0 NOT NULL;
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS quota_bandwidth BIGINT DEFAULT 0 NOT NULL;
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS notified VARCHAR(9000) DEFAULT '' NOT NULL;
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS peers INTEGER DEFAULT 1 NOT NULL;
                -- renamed: what the name is called now, or empty
                CREATE TABLE IF NOT EXISTS released_name (
                    name VARCHAR(63) PRIMARY KEY,
                    given_up TIMESTAMP WITH TIME ZONE NOT NULL,
                    free_from TIMESTAMP WITH TIME ZONE NOT NULL,
                    renamed VARCHAR(63) NOT NULL);
                """),
            new Migration("domains of one's own", """
                -- proven: since when it leads to the name, else null; seen: when its record was seen last
                CREATE TABLE IF NOT EXISTS own_domain (
                    domain VARCHAR(253) NOT NULL,
                    name VARCHAR(63) NOT NULL,
                    token VARCHAR(64) NOT NULL,
                    added TIMESTAMP WITH TIME ZONE NOT NULL,
                    proven TIMESTAMP WITH TIME ZONE,
                    seen TIMESTAMP WITH TIME ZONE,
                    PRIMARY KEY (domain, name));
                """),
            new Migration("what else is new for the others", """
                ALTER TABLE store_revision ADD COLUMN IF NOT EXISTS released BIGINT DEFAULT 0 NOT NULL;
                ALTER TABLE store_revision ADD COLUMN IF NOT EXISTS domains BIGINT DEFAULT 0 NOT NULL;
                """));

    /** Bytes of an embedded database from which it is made small again when it is opened; some 500 writes. */
    static final long COMPACT_FROM = 8 << 20;

    private static final String CREDENTIALS = "SELECT name, stored_key, server_key, invited, kind, proxy, revision, " + TermsRow.COLUMNS + " FROM peer_name";
    private static final String RELEASED = "SELECT name, given_up, free_from, renamed FROM released_name";

    /**
     * What was written to a shared database since the last look. What was read first may be older than the rest: it is to be taken over in the order of this list.
     *
     * @param revision of the database
     * @param left all names, where some were removed
     * @param released all names that were given up, where that changed
     * @param claims all domains, where those changed
     * @param written names with what they have now; some may be known already
     */
    record Changes(long revision, Optional<Set<String>> left, Optional<List<Released>> released, Optional<List<Claim>> claims,
            Map<String, Credential> written) {
    }

    private record Revision(long last, long removal, long release, long domains) {
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

    /** For other tables of the same database; a write to them begins with {@link #next}. */
    Store tables() {
        return store;
    }

    /** All names. */
    Map<String, Credential> load() throws SQLException {
        Changes all = store.run(transaction -> {
            long revision = revision(transaction).last(); // before the names: what comes between is told again
            return new Changes(revision, Optional.empty(), Optional.empty(), Optional.empty(), credentials(transaction, CREDENTIALS, true));
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
            if (now.last() == since) {
                return new Changes(since, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
            }
            // a name that is renamed meanwhile is missed in none of the three, and then told again
            Optional<Set<String>> left = now.removal() <= since ? Optional.empty()
                    : Optional.of(Set.copyOf(transaction.all("SELECT name FROM peer_name", row -> row.getString(1))));
            Optional<List<Released>> released = now.release() <= since ? Optional.empty() : Optional.of(transaction.all(RELEASED, NameStore::released));
            Optional<List<Claim>> claims = now.domains() <= since ? Optional.empty() : Optional.of(DomainStore.all(transaction));
            return new Changes(now.last(), left, released, claims, credentials(transaction, CREDENTIALS + " WHERE revision > ?", false, since));
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
            Credential credential = new Credential(Kind.of(row.getString(5)), verifier, row.getObject(4, OffsetDateTime.class).toInstant(), used, null,
                    TermsRow.read(row, 8));
            credential.assign(row.getString(6), row.getLong(7));
            return all.put(row.getString(1), credential);
        }, values);
        return all;
    }

    private static Released released(ResultSet row) throws SQLException {
        return new Released(row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant(), row.getObject(3, OffsetDateTime.class).toInstant(), row.getString(4));
    }

    private static Revision revision(Transaction transaction) throws SQLException {
        return transaction.first("SELECT revision, removed, released, domains FROM store_revision",
                row -> new Revision(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4))).orElseThrow();
    }

    /** All names that were given up; of those that may be somebody else's now, the renamed ones only. */
    List<Released> loadReleased() throws SQLException {
        return store.run(transaction -> {
            next(transaction);
            transaction.update("DELETE FROM released_name WHERE renamed = '' AND free_from < ?", OffsetDateTime.now(ZoneOffset.UTC));
            return transaction.all(RELEASED, NameStore::released);
        });
    }

    /**
     * Adds the name, or replaces what it had; one that is given away is not replaced by another one's.
     *
     * @return empty; or the kind of the one who has the name, and nothing was written: another registration server was faster
     */
    Optional<Kind> put(String name, Credential credential) throws SQLException {
        Optional<Kind> other = store.run(transaction -> {
            long revision = next(transaction);
            Optional<Kind> before = kind(transaction, name);
            boolean taken = before.isPresent() && before.get().isPeer() != credential.kind().isPeer() || credential.kind() == Kind.OPEN
                    && transaction.first("SELECT 1 FROM peer_name WHERE name = ? AND stored_key <> ?", row -> 1, name, key(credential)).isPresent();
            if (taken) {
                return before;
            }
            put(transaction, name, credential, revision);
            vacate(transaction, name);
            return Optional.empty();
        });
        unwritten.remove(name);
        return other;
    }

    private static Optional<Kind> kind(Transaction transaction, String name) throws SQLException {
        return transaction.first("SELECT kind FROM peer_name WHERE name = ?", row -> Kind.of(row.getString(1)), name);
    }

    private static void put(Transaction transaction, String name, Credential credential, long revision) throws SQLException {
        Object[] values = TermsRow.with(credential.terms(), key(credential), HexFormat.of().formatHex(credential.verifier().serverKey()), OffsetDateTime.ofInstant(credential.invited(), ZoneOffset.UTC),
                credential.kind().text(), credential.proxy(), revision, name);
        if (transaction.update("UPDATE peer_name SET " + TermsRow.SET + ", stored_key = ?, server_key = ?, invited = ?, kind = ?, proxy = ?, revision = ?"
                + " WHERE name = ?", values) == 0) {
            transaction.update("INSERT INTO peer_name (" + TermsRow.COLUMNS
                    + ", stored_key, server_key, invited, kind, proxy, revision, name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values);
        }
    }

    private static String key(Credential credential) {
        return HexFormat.of().formatHex(credential.verifier().storedKey());
    }

    /** Other terms of a name. @return whether there is such a name */
    boolean change(String name, Terms terms) throws SQLException {
        return store.run(transaction -> {
            long revision = next(transaction);
            return transaction.update("UPDATE peer_name SET " + TermsRow.SET + ", revision = ? WHERE name = ?", TermsRow.with(terms, revision, name)) > 0;
        });
    }

    /**
     * The name's row is the other name's from now on, and so is what was renamed to it before.
     *
     * @return false when the other name is there already, and nothing was written: another registration server was faster
     */
    boolean rename(String from, String to, Credential credential, Released released) throws SQLException {
        boolean renamed = store.run(transaction -> {
            long revision = next(transaction);
            if (kind(transaction, to).isPresent()) {
                return false;
            }
            remove(transaction, from);
            vacate(transaction, to);
            transaction.update("UPDATE released_name SET renamed = ? WHERE renamed = ?", to, from);
            release(transaction, released);
            put(transaction, to, credential, revision);
            return true;
        });
        unwritten.remove(from);
        return renamed;
    }

    /** Nothing happens when the name is in no quarantine. */
    void release(String name) throws SQLException {
        store.run(transaction -> {
            next(transaction);
            vacate(transaction, name);
            return null;
        });
    }

    private void vacate(Transaction transaction, String name) throws SQLException {
        if (transaction.update("DELETE FROM released_name WHERE name = ?", name) > 0) {
            noteReleased(transaction);
        }
    }

    private void noteReleased(Transaction transaction) throws SQLException {
        if (shared) {
            transaction.update("UPDATE store_revision SET released = revision");
        }
    }

    private void release(Transaction transaction, Released released) throws SQLException {
        transaction.update("DELETE FROM released_name WHERE name = ?", released.name());
        transaction.update("INSERT INTO released_name (name, given_up, free_from, renamed) VALUES (?, ?, ?, ?)", released.name(),
                OffsetDateTime.ofInstant(released.since(), ZoneOffset.UTC), OffsetDateTime.ofInstant(released.until(), ZoneOffset.UTC), released.renamed());
        noteReleased(transaction);
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
        remove(name, Optional.empty());
    }

    /** @param released what the name is from now on, where it goes into quarantine */
    void remove(String name, Optional<Released> released) throws SQLException {
        store.run(transaction -> {
            next(transaction);
            int removed = remove(transaction, name);
            if (transaction.update("UPDATE released_name SET renamed = '' WHERE renamed = ?", name) > 0) {
                noteReleased(transaction);
            }
            if (removed > 0 && released.isPresent()) {
                release(transaction, released.get());
            }
            return removed;
        });
        unwritten.remove(name);
    }

    private int remove(Transaction transaction, String name) throws SQLException {
        int removed = transaction.update("DELETE FROM peer_name WHERE name = ?", name);
        if (removed > 0 && shared) {
            transaction.update("UPDATE store_revision SET removed = revision");
        }
        return removed;
    }

    /** The revision of what is written in this transaction, which is its first statement; 0 where nobody else wants to know. */
    long next(Transaction transaction) throws SQLException {
        if (!shared) {
            return 0;
        }
        transaction.update("UPDATE store_revision SET revision = revision + 1");
        return transaction.first("SELECT revision FROM store_revision", row -> row.getLong(1)).orElseThrow();
    }

    /** Why the last transaction failed, one line; empty when it did not. */
    Optional<String> failure() {
        return store.failure();
    }

    @Override
    public void close() throws SQLException {
        store.close();
    }
}
