package io.adit.registry;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.adit.api.ErrorCode;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager.Released;
import io.adit.api.Terms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which names there are, and which were given up: each change is in the store first, then in memory ({@link Credentials}, {@link Quarantine},
 * {@link Expiries}); when the store fails, nothing has changed. Thread-safety: to be written by one thread at a time, under the lock of
 * {@link Registrations}; read by any.
 */
final class Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private final NameStore store;
    private final Credentials credentials;
    private final Quarantine quarantine;
    private final Expiries expiries;
    private final Names names;
    private final Duration quarantineTime;

    /** @param quarantineTime how long nobody gets a name that was given up; zero: not at all */
    Ledger(NameStore store, Credentials credentials, Quarantine quarantine, Expiries expiries, Names names, Duration quarantineTime) {
        this.store = store;
        this.credentials = credentials;
        this.quarantine = quarantine;
        this.expiries = expiries;
        this.names = names;
        this.quarantineTime = quarantineTime;
        credentials.sorted().forEach(entry -> expiries.set(entry.getKey(), entry.getValue().terms().expires()));
    }

    private interface Write {
        void run() throws SQLException;
    }

    private static void write(String failed, Write write) throws RegistrationException {
        try {
            write.run();
        } catch (SQLException e) {
            LOG.warn("the registry's store failed", e);
            throw new RegistrationException(ErrorCode.INTERNAL, failed + ": " + Registrations.line(e));
        }
    }

    /**
     * For a checked name that nobody has.
     *
     * @param owner the name that it comes from when it is renamed, so that it may look like that and go back to what it was; or null
     * @throws RegistrationException REFUSED, when nobody, or nobody else, may have it
     */
    void vacant(String name, String owner) throws RegistrationException {
        Optional<Released> released = quarantine.find(name, Instant.now()).filter(each -> !each.renamed().equals(owner));
        if (released.isPresent()) {
            throw new RegistrationException(ErrorCode.REFUSED, "'" + name + "' was given up at " + released.get().since() + " and is in quarantine until "
                    + released.get().until() + ", since links to it are still around: release it first");
        }
        names.checkNew(name, skeleton -> credentials.lookAlike(skeleton, owner));
    }

    /** @return whether there was an invitation of the name, which ends */
    boolean put(String name, Credential credential) throws RegistrationException {
        write("the invitation was not made", () -> store.put(name, credential));
        quarantine.remove(name);
        expiries.set(name, credential.terms().expires());
        return credentials.put(name, credential).isPresent();
    }

    void change(String name, Credential credential, Terms terms) throws RegistrationException {
        write("'" + name + "' was not changed", () -> store.change(name, terms));
        credential.change(terms);
        expiries.set(name, terms.expires());
    }

    /** @param keep whether it goes into quarantine */
    void remove(String name, boolean keep) throws RegistrationException {
        Optional<Released> released = keep ? given(name, "") : Optional.empty();
        write("'" + name + "' was not revoked", () -> store.remove(name, released));
        credentials.remove(name);
        expiries.set(name, Optional.empty());
        released.ifPresent(quarantine::put);
        quarantine.renamedTo(name).forEach(each -> quarantine.put(new Released(each.name(), each.since(), each.until(), "")));
    }

    /** The credential is the new name's from now on. */
    void rename(String from, String to, Credential credential) throws RegistrationException {
        Instant now = Registrations.now();
        // also without a quarantine, since its peer knows the old name only
        Released released = given(from, to).orElse(new Released(from, now, now, to));
        write("'" + from + "' was not renamed", () -> store.rename(from, to, credential, released));
        quarantine.remove(to);
        credentials.put(to, credential);
        credentials.remove(from);
        expiries.set(from, Optional.empty());
        expiries.set(to, credential.terms().expires());
        quarantine.renamedTo(from).forEach(each -> quarantine.put(new Released(each.name(), each.since(), each.until(), to)));
        quarantine.put(released);
    }

    private Optional<Released> given(String name, String renamed) {
        Instant now = Registrations.now();
        return quarantineTime.isZero() ? Optional.empty() : Optional.of(new Released(name, now, now.plus(quarantineTime), renamed));
    }

    /** Ends the quarantine of the name; false when it is in none. */
    boolean release(String name) throws RegistrationException {
        if (quarantine.find(name, Instant.now()).isEmpty()) {
            return false;
        }
        write("'" + name + "' was not released", () -> store.release(name));
        quarantine.remove(name);
        return true;
    }

    List<Released> released() {
        return quarantine.all(Instant.now());
    }

    /** What the name is called now, where it was renamed. */
    Optional<String> renamed(String name) {
        return quarantine.renamed(name);
    }
}
