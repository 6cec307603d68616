package io.adit.registry;

import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

import io.adit.store.Transaction;

/** The table of {@link Claim}s. Thread-safety: thread-safe; every method waits for the disk. */
final class DomainStore {

    private final NameStore names;

    /** @param names whose database has the table too */
    DomainStore(NameStore names) {
        this.names = names;
    }

    List<Claim> load() throws SQLException {
        return names.tables().run(DomainStore::all);
    }

    static List<Claim> all(Transaction transaction) throws SQLException {
        return select(transaction, "");
    }

    private static List<Claim> select(Transaction transaction, String where, Object... values) throws SQLException {
        return transaction.all("SELECT domain, name, token, added, proven, seen FROM own_domain" + where, row -> new Claim(row.getString(1),
                row.getString(2), row.getString(3), instant(row.getObject(4, OffsetDateTime.class)), instant(row.getObject(5, OffsetDateTime.class)),
                instant(row.getObject(6, OffsetDateTime.class))), values);
    }

    /**
     * All claims of one domain are these from now on.
     *
     * @param before what they were
     * @throws SQLException also when they were others: another registration server, which has the same database, was faster
     */
    void put(String domain, List<Claim> before, List<Claim> claims) throws SQLException {
        boolean done = names.tables().run(transaction -> {
            long revision = names.next(transaction);
            if (names.isShared()) {
                if (!Set.copyOf(select(transaction, " WHERE domain = ?", domain)).equals(Set.copyOf(before))) {
                    return false;
                }
                transaction.update("UPDATE store_revision SET domains = ?", revision);
            }
            transaction.update("DELETE FROM own_domain WHERE domain = ?", domain);
            for (Claim each : claims) {
                transaction.update("INSERT INTO own_domain (domain, name, token, added, proven, seen) VALUES (?, ?, ?, ?, ?, ?)", domain, each.name(), each.token(),
                        time(each.added()), time(each.proven()), time(each.seen()));
            }
            return true;
        });
        if (!done) {
            throw new SQLException("another registration server changed it a moment ago");
        }
    }

    private static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant == null ? null : OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
