package io.adit.api;

import java.time.Instant;
import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Domains of one's own, which lead to a name once a TXT record has proven whose they are. A service of the registry. Thread-safety: thread-safe;
 * {@link #add}, {@link #check} and {@link #remove} wait for the store, {@link #check} for name servers as well.
 */
@ProviderType
public interface DomainManager {

    /**
     * The domain is to lead to the name; it does when the record of the answer is there. What there is already of this name and domain stays.
     *
     * @param domain a host name of two labels or more; it leads to the name itself, without sub-domains
     * @throws RegistrationException when there is no such name, the domain cannot be one, or there are too many; the message is one clear line
     */
    Domain add(String name, String domain) throws RegistrationException;

    /**
     * Looks for the record now.
     *
     * @return what is known of the domain then, of each name that wants it
     * @throws RegistrationException when nobody wants it; the message is one clear line
     */
    List<Domain> check(String domain) throws RegistrationException;

    /**
     * The domain does not lead to the name any more, and is not looked at.
     *
     * @return false when it was not to
     */
    boolean remove(String name, String domain) throws RegistrationException;

    /** All, by domain and name. */
    List<Domain> domains();

    /**
     * @param record the name of the TXT record that proves it
     * @param value what the record says
     * @param state {@code active}: it leads to the name; {@code waiting} for its record; {@code failing}: it leads there still, but its record is missing
     * @param since when it became active, or was added; for a failing one, when its record was seen last
     * @param problem what the last look found instead of the record, one line; empty where it was there, or nobody looked yet
     */
    record Domain(String domain, String name, String record, String value, String state, Instant since, String problem) {
    }
}
