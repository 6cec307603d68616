package io.adit.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.adit.api.Checks;
import io.adit.store.Database;
import io.adit.store.EmbeddedDatabase;
import io.adit.store.PostgresDatabase;

/**
 * Where the names are kept. Immutable.
 *
 * @param file of the embedded database, without its suffix; null where there is a url
 * @param url of a PostgreSQL database; null where there is a file
 * @param passwordFile null for none
 * @param sharing how to live with other registration servers that have the same database
 */
record StoreSettings(Path file, String url, Path passwordFile, PostgresDatabase.Deadlines deadlines, SharedNames.Limits sharing) {

    private static final Pattern PASSWORD = Pattern.compile("[?&]password=");

    /** @throws IllegalArgumentException with one line, which holds no password */
    static StoreSettings of(RegistryConfiguration config, Function<String, Path> base) {
        String store = config.store().strip();
        PostgresDatabase.Deadlines deadlines = new PostgresDatabase.Deadlines(millis("store.connect.timeout.millis", config.store_connect_timeout_millis(), 100),
                millis("store.socket.timeout.millis", config.store_socket_timeout_millis(), 100),
                millis("store.statement.timeout.millis", config.store_statement_timeout_millis(), 100));
        SharedNames.Limits sharing = new SharedNames.Limits(millis("store.poll.millis", config.store_poll_millis(), 50),
                Checks.within(Settings.PID, "store.lookups.per.second", config.store_lookups_per_second(), 1, 1000));
        if (!store.startsWith("jdbc:")) {
            return new StoreSettings(file(store, base), null, null, deadlines, sharing);
        }
        int query = store.indexOf('?');
        String place = query < 0 ? store : store.substring(0, query);
        if (!place.startsWith(PostgresDatabase.URL + "//") || place.indexOf('@') >= 0) {
            throw Checks.bad(Settings.PID, "store", place.replaceAll("//.*@", "//...@"), "a path or jdbc:postgresql://HOST:PORT/DATABASE?user=USER");
        } else if (PASSWORD.matcher(store).find()) {
            throw Checks.bad(Settings.PID, "store", place + "?...", "without the password, which is in the file store.password.file");
        }
        String password = config.store_password_file().strip();
        return new StoreSettings(null, store, password.isEmpty() ? null : base.apply(password), deadlines, sharing);
    }

    private static Path file(String value, Function<String, Path> base) {
        Path file = Settings.path("store", value, base);
        if (file.toString().indexOf(';') >= 0) { // it begins a setting of H2
            throw Checks.bad(Settings.PID, "store", value, "a path without a semicolon");
        }
        return file;
    }

    private static Duration millis(String key, long value, long least) {
        return Duration.ofMillis(Checks.within(Settings.PID, key, value, least, 600_000));
    }

    Database database(PostgresDatabase.Drivers drivers) {
        return url == null ? new EmbeddedDatabase(file, NameStore.COMPACT_FROM) : new PostgresDatabase(url, passwordFile, deadlines, drivers);
    }
}
