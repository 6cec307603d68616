package io.adit.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The statements of one transaction of a {@link Store}. Not thread-safe; not to be used after the transaction. */
public final class Transaction {

    /** What is made of one row of a result. */
    public interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private boolean changed;

    Transaction(Connection connection) {
        this.connection = connection;
    }

    /** Whether anything was written. */
    boolean isChanged() {
        return changed;
    }

    /**
     * @param values one for each question mark, of types that JDBC maps by itself; null is NULL
     * @return how many rows were written
     */
    public int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = statement(sql, values)) {
            int rows = statement.executeUpdate();
            changed |= rows > 0;
            return rows;
        }
    }

    /** All rows of a query, which has to bound them itself. */
    public <T> List<T> all(String sql, Row<T> map, Object... values) throws SQLException {
        try (PreparedStatement statement = statement(sql, values); ResultSet rows = statement.executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(map.of(rows));
            }
            return all;
        }
    }

    /** The first row of a query, where there is one. */
    public <T> Optional<T> first(String sql, Row<T> map, Object... values) throws SQLException {
        try (PreparedStatement statement = statement(sql, values); ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(map.of(rows)) : Optional.empty();
        }
    }

    private PreparedStatement statement(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
