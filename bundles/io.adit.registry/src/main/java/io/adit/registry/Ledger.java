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
import io.adit.registry.NameStore.Changes;
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
        credentials.renamed(name -> quarantine.renamed(name).isPresent());
        credentials.sorted().forEach(entry -> expiries.set(entry.getKey(), entry.getValue().terms().expires()));
    }

    /** What is to be done where another registration server, which has the same store, changed a name. */
    interface Others {
        /** The invitation ended: it was revoked, or there is another one. */
        void ended(String name, Kind kind);

        /** The name is called otherwise. */
        void renamed(String name);

        /** The invitation has other terms. */
        void changed(String name, Credential credential);

        /** Domains are these now. */
        void domains(List<Claim> claims);
    }

    /** Whether other registration servers write to the store too. */
    boolean isShared() {
        return store.isShared();
    }

    private interface Write<T> {
        T run() throws SQLException;
    }

    private static <T> T write(String failed, Write<T> write) throws RegistrationException {
        try {
            return write.run();
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
        Optional<Kind> other = write("the invitation was not made", () -> store.put(name, credential));
        if (other.isPresent()) {
            throw new RegistrationException(ErrorCode.REFUSED, "'" + name + "' is the name of a " + other.get().noun());
        }
        quarantine.remove(name);
        expiries.set(name, credential.terms().expires());
        return credentials.put(name, credential).isPresent();
    }

    void change(String name, Credential credential, Terms terms) throws RegistrationException {
        if (!write("'" + name + "' was not changed", () -> store.change(name, terms))) {
            throw new RegistrationException(ErrorCode.REFUSED, "there is no name '" + name + "'");
        }
        credential.change(terms);
        expiries.set(name, terms.expires());
    }

    /** @param keep whether it goes into quarantine */
    void remove(String name, boolean keep) throws RegistrationException {
        Optional<Released> released = keep ? given(name, "") : Optional.empty();
        write("'" + name + "' was not revoked", () -> {
            store.remove(name, released);
            return null;
        });
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
        if (!write("'" + from + "' was not renamed", () -> store.rename(from, to, credential, released))) {
            throw new RegistrationException(ErrorCode.REFUSED, "there is a name '" + to + "' already");
        }
        quarantine.remove(to);
        credentials.put(to, credential);
        // before the old name ends: its peer is known by one of them at any moment
        quarantine.renamedTo(from).forEach(each -> quarantine.put(new Released(each.name(), each.since(), each.until(), to)));
        quarantine.put(released);
        credentials.remove(from);
        expiries.set(from, Optional.empty());
        expiries.set(to, credential.terms().expires());
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
        write("'" + name + "' was not released", () -> {
            store.release(name);
            return null;
        });
        quarantine.remove(name);
        return true;
    }

    /**
     * Takes over what others wrote to the store.
     *
     * @param promptly on behalf of somebody who should not wait for long, nor at all while the database is away
     */
    void follow(boolean promptly, Others others) throws SQLException {
        Changes changes = store.changes(promptly);
        changes.released().ifPresent(quarantine::set);
        changes.left().ifPresent(left -> credentials.sorted().stream().filter(entry -> !left.contains(entry.getKey()))
                .forEach(gone -> gone(gone.getKey(), gone.getValue().kind(), others)));
        changes.claims().ifPresent(others::domains);
        changes.written().forEach((name, theirs) -> written(name, theirs, others));
    }

    private void gone(String name, Kind kind, Others others) {
        credentials.remove(name);
        expiries.set(name, Optional.empty());
        Optional<String> renamed = quarantine.renamed(name);
        LOG.info("gone elsewhere name={} renamed={}", name, renamed.orElse("-"));
        if (renamed.isPresent()) {
            others.renamed(name);
        } else {
            others.ended(name, kind);
        }
    }

    private void written(String name, Credential theirs, Others others) {
        Optional<Credential> ours = credentials.find(name);
        if (ours.isPresent() && ours.get().isSame(theirs)) {
            if (ours.get().follow(theirs)) {
                expiries.set(name, ours.get().terms().expires());
                others.changed(name, ours.get());
            }
            return;
        }
        credentials.put(name, theirs);
        expiries.set(name, theirs.terms().expires());
        LOG.info("invited elsewhere name={} kind={} replaces={}", name, theirs.kind().text(), ours.isPresent());
        if (ours.isPresent()) {
            others.ended(name, ours.get().kind());
        }
    }

    List<Released> released() {
        return quarantine.all(Instant.now());
    }

    /** What the name is called now, where it was renamed. */
    Optional<String> renamed(String name) {
        return quarantine.renamed(name);
    }
}
