package io.adit.mail;

import java.sql.SQLException;
import java.util.List;

import io.adit.store.Database;
import io.adit.store.Migration;
import io.adit.store.Store;

/**
 * What must survive a restart, in an embedded database. What {@link #run} did is on the disk when it returns, as a whole or, when it failed, not at all.
 *
 * <p>Thread-safety: thread-safe; one transaction at a time, and each waits for the disk.
 */
final class MailStore implements AutoCloseable {

    /** Append, and never change what was released; {@link Migration} says how they are written. Times are milliseconds since 1970. */
    static final List<Migration> MIGRATIONS = List.of(
            new Migration("who was told of what, and what waits", """
                -- who has a peer of a name, and whether it is here
                CREATE TABLE IF NOT EXISTS peer (
                    name VARCHAR(63) PRIMARY KEY, url VARCHAR NOT NULL, language VARCHAR(8) NOT NULL, owner VARCHAR(254) NOT NULL,
                    online BOOLEAN NOT NULL, changed BIGINT NOT NULL);
                -- who was told of what
                CREATE TABLE IF NOT EXISTS told (
                    name VARCHAR(63) NOT NULL, who CHAR(32) NOT NULL, content CHAR(32) NOT NULL, seen BIGINT NOT NULL,
                    PRIMARY KEY (name, who, content));
                CREATE TABLE IF NOT EXISTS event (
                    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name VARCHAR(63) NOT NULL, who CHAR(32) NOT NULL, address VARCHAR(254) NOT NULL,
                    kind VARCHAR(8) NOT NULL, title VARCHAR NOT NULL, url VARCHAR NOT NULL, language VARCHAR(8) NOT NULL,
                    happened BIGINT NOT NULL, due BIGINT NOT NULL);
                CREATE INDEX IF NOT EXISTS event_due ON event (due);
                CREATE INDEX IF NOT EXISTS event_pair ON event (name, who);
                CREATE TABLE IF NOT EXISTS letter (
                    id VARCHAR(400) PRIMARY KEY, name VARCHAR(63) NOT NULL, who CHAR(32) NOT NULL, address VARCHAR(254) NOT NULL,
                    content VARBINARY(1048576) NOT NULL, created BIGINT NOT NULL, due BIGINT NOT NULL, failures INTEGER NOT NULL);
                CREATE INDEX IF NOT EXISTS letter_due ON letter (due);
                CREATE INDEX IF NOT EXISTS letter_name ON letter (name);
                -- when mails were made, of the last day: what the limits count
                CREATE TABLE IF NOT EXISTS made (name VARCHAR(63) NOT NULL, who CHAR(32) NOT NULL, at BIGINT NOT NULL);
                CREATE INDEX IF NOT EXISTS made_at ON made (at);
                CREATE INDEX IF NOT EXISTS made_name ON made (name, at);
                -- who wants no more of it; an empty name is for all
                CREATE TABLE IF NOT EXISTS unsubscribed (name VARCHAR(63) NOT NULL, who CHAR(32) NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (name, who));
                """));

    interface Work<T> {
        T with(Tables tables) throws SQLException;
    }

    private final Store store;

    /** @throws SQLException when the database cannot be opened, or is of a newer version of this bundle */
    MailStore(Database database) throws SQLException {
        this.store = new Store(database, MIGRATIONS);
    }

    /** One transaction. Work that fails may be repeated, on a new connection. */
    <T> T run(Work<T> work) throws SQLException {
        return store.run(transaction -> work.with(new Tables(transaction)));
    }

    /** Where the file has grown: what is written goes to its end always. */
    void compact() throws SQLException {
        store.compact();
    }

    @Override
    public void close() throws SQLException {
        store.close();
    }
}
