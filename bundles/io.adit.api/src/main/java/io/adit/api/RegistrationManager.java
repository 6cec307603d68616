package io.adit.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which names exist, and who may use them. Thread-safety: thread-safe. {@link #isRegistered}, {@link #quota} and {@link #name} never block; those that
 * write wait for the store and are not to be called on an I/O thread.
 *
 * <p>A name that is given up (revoked, renamed) is in quarantine for a configured time: links to it are still around, so nobody else gets it.
 */
@ProviderType
public interface RegistrationManager {

    /** Whether there is such a name (in lower case), connected or not. */
    boolean isRegistered(String name);

    /** The name that a host leads to which is somebody's own domain ({@link DomainManager}). @param host in lower case, without a dot at its end */
    default Optional<String> nameOf(String host) {
        return Optional.empty();
    }

    /**
     * Checks a peer's register packet.
     *
     * @param transcript the hash that binds the proof to this connection ({@link Proof#transcript})
     * @param remote IP address and port of the peer; empty where nobody knows
     * @return what to answer
     * @throws RegistrationException when it is refused, with the code for the go-away
     */
    Registered register(Register register, byte[] transcript, String remote) throws RegistrationException;

    /** The same of a peer that comes from nobody knows where. */
    default Registered register(Register register, byte[] transcript) throws RegistrationException {
        return register(register, transcript, "");
    }

    /**
     * A new invitation for the name, with those terms and no others; an earlier one of the name ends (its session is closed as revoked).
     *
     * @throws RegistrationException when the name is not allowed (in quarantine, say), or the proxy has no tunnel endpoint yet; the message is one
     *         clear line
     */
    Invitation invite(String name, Terms terms) throws RegistrationException;

    /** The same with {@link Terms#DEFAULT}. */
    default Invitation invite(String name) throws RegistrationException {
        return invite(name, Terms.DEFAULT);
    }

    /**
     * Other terms for the name; its secret stays, and so does its session where they allow it.
     *
     * @param change from the terms that it has to those that it gets
     * @return the new terms
     * @throws RegistrationException when there is no such name; the message is one clear line
     */
    Terms change(String name, UnaryOperator<Terms> change) throws RegistrationException;

    /** What the name may use now, the configured defaults taken in; unlimited for a name that is not known here. */
    Quota quota(String name);

    /** Ends the name and its session at once. False when there is no such name. */
    boolean revoke(String name);

    /**
     * The name is called otherwise from now on: its secret and its terms stay, its peer comes back under the new name by itself, and the old name is in
     * quarantine.
     *
     * @throws RegistrationException when there is no such name, or the new one is not allowed; the message is one clear line
     */
    void rename(String from, String to) throws RegistrationException;

    /** Ends the quarantine of a name. False when it is in none. */
    boolean release(String name);

    /** The names in quarantine, sorted. */
    List<Released> released();

    /** All names, sorted. */
    List<NameInfo> names();

    /** One of them. */
    Optional<NameInfo> name(String name);

    /**
     * @param state online, offline or expired
     * @param since when it became so (connected, lost or expired; for one never seen, when it was invited)
     * @param codec the codec version in use (of the newest session), 0 unless online
     * @param peers how many serve it now, 0 unless online
     */
    record NameInfo(String name, String state, Instant since, int codec, int peers, Terms terms) {
    }

    /**
     * A name that was given up.
     *
     * @param since when
     * @param until when somebody else may have it
     * @param renamed what it is called now, where it was renamed and not revoked; else empty
     */
    record Released(String name, Instant since, Instant until, String renamed) {
    }
}
