package io.adit.api;

import java.util.List;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Tells how something of this container is now: a service of whoever knows, for health checks, diagnosis and inventory. The name of each {@link Check} is what it is about
 * (docs/HEALTH.md lists those of ours); its text tells no secret. Thread-safe, and it does not block: it says what is known, and tries nothing.
 */
@ConsumerType
public interface HealthSource {

    List<Check> conditions();

    /** It is as it should be. */
    static Check ok(String name, String text) {
        return new Check(name, Check.State.OK, text, "", -1);
    }

    /** It is not. */
    static Check bad(String name, Check.State state, String text, String advice) {
        return new Check(name, state, text.replaceAll("\\p{Cntrl}", " "), advice, -1);
    }
}
