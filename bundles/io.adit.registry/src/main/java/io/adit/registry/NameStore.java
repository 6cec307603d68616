package io.adit.registry;

import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.adit.api.Proof.Verifier;
import io.adit.api.RegistrationManager.Released;
import io.adit.api.Terms;
import io.adit.store.Database;
import io.adit.store.Migration;
import io.adit.store.Store;
import io.adit.store.Transaction;
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
                """),
            new Migration("the terms of invitations, and names that were given up", """
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS expires TIMESTAMP WITH TIME ZONE;
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS quota_streams INTEGER DEFAULT 0 NOT NULL;
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS quota_rate INTEGER DEFAULT 0 NOT NULL;
                ALTER TABLE peer_name ADD COLUMN IF NOT EXISTS quota_bandwidth BIGINT DEFAULT 0 NOT NULL;
                -- addresses with spaces between
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
                """));

    /** Bytes of an embedded database from which it is made small again when it is opened; some 500 writes. */
    static final long COMPACT_FROM = 8 << 20;

    private final Store store;
    private final boolean shared;

    /** @throws SQLException when the database cannot be opened, or is of a newer version of this bundle; the message is one line */
    NameStore(Database database) throws SQLException {
        this.store = new Store(database, MIGRATIONS);
        this.shared = database.isShared();
    }

    /** For other tables of the same database. */
    Store tables() {
        return store;
    }

    /** All names. */
    Map<String, Credential> load() throws SQLException {
        Map<String, Credential> all = new TreeMap<>();
        store.run(transaction -> transaction.all("SELECT name, stored_key, server_key, invited, kind, proxy, " + TermsRow.COLUMNS + " FROM peer_name", row -> {
            Verifier verifier = new Verifier(HexFormat.of().parseHex(row.getString(2)), HexFormat.of().parseHex(row.getString(3)));
            return all.put(row.getString(1), new Credential(Kind.of(row.getString(5)), verifier, row.getObject(4, OffsetDateTime.class).toInstant(), true,
                    row.getString(6), TermsRow.read(row, 7)));
        }));
        return all;
    }

    /** All names that were given up; of those that may be somebody else's now, the renamed ones only. */
    List<Released> loadReleased() throws SQLException {
        return store.run(transaction -> {
            next(transaction);
            transaction.update("DELETE FROM released_name WHERE renamed = '' AND free_from < ?", OffsetDateTime.now(ZoneOffset.UTC));
            return transaction.all("SELECT name, given_up, free_from, renamed FROM released_name", row -> new Released(row.getString(1),
                    row.getObject(2, OffsetDateTime.class).toInstant(), row.getObject(3, OffsetDateTime.class).toInstant(), row.getString(4)));
        });
    }

    /** Adds the name, or replaces what it had. */
    void put(String name, Credential credential) throws SQLException {
        store.run(transaction -> {
            int put = put(transaction, name, credential);
            transaction.update("DELETE FROM released_name WHERE name = ?", name);
            return put;
        });
    }

    private int put(Transaction transaction, String name, Credential credential) throws SQLException {
        Object[] values = TermsRow.with(credential.terms(), HexFormat.of().formatHex(credential.verifier().storedKey()),
                HexFormat.of().formatHex(credential.verifier().serverKey()), OffsetDateTime.ofInstant(credential.invited(), ZoneOffset.UTC),
                credential.kind().text(), credential.proxy(), next(transaction), name);
        return transaction.update("UPDATE peer_name SET " + TermsRow.SET + ", stored_key = ?, server_key = ?, invited = ?, kind = ?, proxy = ?, revision = ?"
                + " WHERE name = ?", values) > 0 ? 0 : transaction.update("INSERT INTO peer_name (" + TermsRow.COLUMNS
                + ", stored_key, server_key, invited, kind, proxy, revision, name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values);
    }

    /** Other terms of a name. */
    void change(String name, Terms terms) throws SQLException {
        store.run(transaction -> {
            long revision = next(transaction);
            return transaction.update("UPDATE peer_name SET " + TermsRow.SET + ", revision = ? WHERE name = ?", TermsRow.with(terms, revision, name));
        });
    }

    /** The name's row is the other name's from now on, and so is what was renamed to it before. */
    void rename(String from, String to, Credential credential, Released released) throws SQLException {
        store.run(transaction -> {
            remove(transaction, from);
            transaction.update("DELETE FROM released_name WHERE name = ?", to);
            transaction.update("UPDATE released_name SET renamed = ? WHERE renamed = ?", to, from);
            release(transaction, released);
            return put(transaction, to, credential);
        });
    }

    /** Nothing happens when the name is in no quarantine. */
    void release(String name) throws SQLException {
        store.run(transaction -> {
            next(transaction);
            return transaction.update("DELETE FROM released_name WHERE name = ?", name);
        });
    }

    private static void release(Transaction transaction, Released released) throws SQLException {
        transaction.update("DELETE FROM released_name WHERE name = ?", released.name());
        transaction.update("INSERT INTO released_name (name, given_up, free_from, renamed) VALUES (?, ?, ?, ?)", released.name(),
                OffsetDateTime.ofInstant(released.since(), ZoneOffset.UTC), OffsetDateTime.ofInstant(released.until(), ZoneOffset.UTC), released.renamed());
    }

    /** Which proxy the name was assigned to; it need not survive the loss of power, since the next registration is assigned anew then. */
    void assign(String name, String proxy) throws SQLException {
        store.runUnsynced(transaction -> transaction.update("UPDATE peer_name SET proxy = ?, revision = ? WHERE name = ?", proxy, next(transaction), name));
    }

    /** Nothing happens when there is no such name. */
    void remove(String name) throws SQLException {
        remove(name, Optional.empty());
    }

    /** @param released what the name is from now on, where it goes into quarantine */
    void remove(String name, Optional<Released> released) throws SQLException {
        store.run(transaction -> {
            int removed = remove(transaction, name);
            transaction.update("UPDATE released_name SET renamed = '' WHERE renamed = ?", name);
            if (removed > 0 && released.isPresent()) {
                release(transaction, released.get());
            }
            return removed;
        });
    }

    private int remove(Transaction transaction, String name) throws SQLException {
        next(transaction);
        int removed = transaction.update("DELETE FROM peer_name WHERE name = ?", name);
        if (removed > 0 && shared) {
            transaction.update("UPDATE store_revision SET removed = revision");
        }
        return removed;
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
