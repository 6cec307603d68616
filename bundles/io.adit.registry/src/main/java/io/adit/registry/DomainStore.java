package io.adit.registry;

import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

import io.adit.store.Store;

/** The table of {@link Claim}s. Thread-safety: thread-safe; every method waits for the disk. */
final class DomainStore {

    private final Store store;

    DomainStore(Store store) {
        this.store = store;
    }

    List<Claim> load() throws SQLException {
        return store.run(transaction -> transaction.all("SELECT domain, name, token, added, proven, seen FROM own_domain", row -> new Claim(row.getString(1),
                row.getString(2), row.getString(3), instant(row.getObject(4, OffsetDateTime.class)), instant(row.getObject(5, OffsetDateTime.class)),
                instant(row.getObject(6, OffsetDateTime.class)))));
    }

    /** All claims of one domain are these from now on. */
    void put(String domain, List<Claim> claims) throws SQLException {
        store.run(transaction -> {
            transaction.update("DELETE FROM own_domain WHERE domain = ?", domain);
            for (Claim each : claims) {
                transaction.update("INSERT INTO own_domain (domain, name, token, added, proven, seen) VALUES (?, ?, ?, ?, ?, ?)", domain, each.name(), each.token(),
                        time(each.added()), time(each.proven()), time(each.seen()));
            }
            return null;
        });
    }

    private static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant == null ? null : OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
