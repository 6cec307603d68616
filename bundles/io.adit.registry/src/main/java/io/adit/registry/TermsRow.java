package io.adit.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.adit.api.Quota;
import io.adit.api.Terms;

/** The columns that hold the terms of a name. Stateless. */
final class TermsRow {

    static final String COLUMNS = "expires, quota_streams, quota_rate, quota_bandwidth, notified, peers";
    static final String SET = "expires = ?, quota_streams = ?, quota_rate = ?, quota_bandwidth = ?, notified = ?, peers = ?";

    private TermsRow() {
    }

    /** @param first the place of the first of {@link #COLUMNS} */
    static Terms read(ResultSet row, int first) throws SQLException {
        OffsetDateTime expires = row.getObject(first, OffsetDateTime.class);
        String notified = row.getString(first + 4);
        return new Terms(Optional.ofNullable(expires).map(OffsetDateTime::toInstant),
                new Quota(row.getInt(first + 1), row.getInt(first + 2), row.getLong(first + 3)),
                notified.isEmpty() ? List.of() : List.of(notified.split(" ")), row.getInt(first + 5));
    }

    /** The values of {@link #COLUMNS}, and those that follow. */
    static Object[] with(Terms terms, Object... others) {
        Quota quota = terms.quota();
        return Stream.concat(Stream.of(terms.expires().map(end -> OffsetDateTime.ofInstant(end, ZoneOffset.UTC)).orElse(null), quota.streams(), quota.rate(),
                quota.bandwidth(), String.join(" ", terms.notified()), terms.peers()), Stream.of(others)).toArray();
    }
}
