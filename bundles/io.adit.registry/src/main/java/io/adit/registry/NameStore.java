package io.adit.registry;

import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.adit.api.Proof.Verifier;
import io.adit.store.Database;
import io.adit.store.Migration;
import io.adit.store.Store;
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

    private final Store store;
    private final boolean shared;

    /** @throws SQLException when the database cannot be opened, or is of a newer version of this bundle; the message is one line */
    NameStore(Database database) throws SQLException {
        this.store = new Store(database, MIGRATIONS);
        this.shared = database.isShared();
    }

    /** All names. */
    Map<String, Credential> load() throws SQLException {
        Map<String, Credential> all = new TreeMap<>();
        store.run(transaction -> transaction.all("SELECT name, stored_key, server_key, invited, kind, proxy FROM peer_name", row -> {
            Verifier verifier = new Verifier(HexFormat.of().parseHex(row.getString(2)), HexFormat.of().parseHex(row.getString(3)));
            return all.put(row.getString(1), new Credential(Kind.of(row.getString(5)), verifier, row.getObject(4, OffsetDateTime.class).toInstant(), true,
                    row.getString(6)));
        }));
        return all;
    }

    /** Adds the name, or replaces what it had. */
    void put(String name, Credential credential) throws SQLException {
        store.run(transaction -> {
            Object[] values = {HexFormat.of().formatHex(credential.verifier().storedKey()), HexFormat.of().formatHex(credential.verifier().serverKey()),
                OffsetDateTime.ofInstant(credential.invited(), ZoneOffset.UTC), credential.kind().text(), credential.proxy(), next(transaction), name};
            return transaction.update("UPDATE peer_name SET stored_key = ?, server_key = ?, invited = ?, kind = ?, proxy = ?, revision = ? WHERE name = ?", values) > 0
                    ? 0 : transaction.update("INSERT INTO peer_name (stored_key, server_key, invited, kind, proxy, revision, name) VALUES (?, ?, ?, ?, ?, ?, ?)", values);
        });
    }

    /** Which proxy the name was assigned to; it need not survive the loss of power, since the next registration is assigned anew then. */
    void assign(String name, String proxy) throws SQLException {
        store.runUnsynced(transaction -> transaction.update("UPDATE peer_name SET proxy = ?, revision = ? WHERE name = ?", proxy, next(transaction), name));
    }

    /** Nothing happens when there is no such name. */
    void remove(String name) throws SQLException {
        store.run(transaction -> {
            next(transaction);
            return transaction.update("DELETE FROM peer_name WHERE name = ?", name) > 0 && shared
                    ? transaction.update("UPDATE store_revision SET removed = revision") : 0;
        });
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
