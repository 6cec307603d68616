package io.adit.api;

import java.time.Instant;
import java.util.List;

import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which names exist, and who may use them. Thread-safety: thread-safe. {@link #isRegistered} never blocks; those that write wait for the
 * store and are not to be called on an I/O thread.
 */
@ProviderType
public interface RegistrationManager {

    /** Whether there is such a name (in lower case), connected or not. */
    boolean isRegistered(String name);

    /**
     * Checks a peer's register packet.
     *
     * @param transcript the hash that binds the proof to this connection ({@link Proof#transcript})
     * @return what to answer
     * @throws RegistrationException when it is refused, with the code for the go-away
     */
    Registered register(Register register, byte[] transcript) throws RegistrationException;

    /**
     * A new invitation for the name; an earlier one of the name ends (its session is closed as revoked).
     *
     * @throws RegistrationException when the name is not allowed, or the proxy has no tunnel endpoint yet; the message is one clear line
     */
    Invitation invite(String name) throws RegistrationException;

    /** Ends the name and its session at once. False when there is no such name. */
    boolean revoke(String name);

    /** All names, sorted. */
    List<NameInfo> names();

    /**
     * @param state online, or offline
     * @param since when it became so (connected, or lost; for one never seen, when it was invited)
     * @param codec the codec version in use, 0 when offline
     */
    record NameInfo(String name, String state, Instant since, int codec) {
    }
}
