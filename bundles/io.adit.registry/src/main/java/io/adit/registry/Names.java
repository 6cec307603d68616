package io.adit.registry;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.RegistrationException;

/**
 * The rules for a name that somebody asks an invitation for. Thread-safety: immutable.
 */
final class Names {

    private final Set<String> reserved;
    /** Skeleton to one of the reserved names that have it; empty where names may look alike. */
    private final Map<String, String> reservedSkeletons;
    private final boolean lookAlikes;

    /**
     * @param reserved names that nobody gets, in any case
     * @param lookAlikes whether a name may look like another, or like a reserved one
     */
    Names(Collection<String> reserved, boolean lookAlikes) {
        this.reserved = reserved.stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
        this.lookAlikes = lookAlikes;
        this.reservedSkeletons = lookAlikes ? Map.of()
                : this.reserved.stream().sorted().collect(Collectors.toUnmodifiableMap(LookAlikes::skeleton, name -> name, (one, other) -> one));
    }

    /**
     * The name in the form in which it is stored and matched.
     *
     * @throws RegistrationException REFUSED, with one line for the one who asked
     */
    String check(String text) throws RegistrationException {
        String name = fold(text);
        if (!Invitation.isName(name)) {
            throw refused(text, "is not a name: letters, digits and inner hyphens, 1 to 63 of them");
        }
        if (reserved.contains(name)) {
            throw refused(name, "is a reserved name");
        }
        if (name.startsWith("--", 2)) {
            // RFC 5891 section 4.2.3.1: such a label claims an encoding; xn-- ones can look like another name in a browser
            throw refused(name, "is not a name: a hyphen in both the third and the fourth place is reserved for encoded names");
        }
        return name;
    }

    /**
     * For a checked name that nobody has yet.
     *
     * @param taken gives a name that has the same {@link LookAlikes#skeleton}, or null
     * @throws RegistrationException REFUSED, when it could be taken for another
     */
    void checkNew(String name, UnaryOperator<String> taken) throws RegistrationException {
        if (lookAlikes) {
            return;
        }
        String skeleton = LookAlikes.skeleton(name);
        String like = reservedSkeletons.get(skeleton);
        if (like != null) {
            throw refused(name, "looks like '" + like + "', which is a reserved name");
        }
        like = taken.apply(skeleton);
        if (like != null) {
            throw refused(name, "looks like '" + like + "', which somebody else has");
        }
    }

    /** Upper case A to Z in lower case, and nothing else: to Java, the Kelvin sign in lower case is a plain k. */
    static String fold(String text) {
        return text.chars().allMatch(c -> c < 128) ? text.toLowerCase(Locale.ROOT) : text;
    }

    /** The text as it may stand in a message or a log line, whoever sent it. */
    static String printable(String text) {
        return printable(text, 80);
    }

    /** @param most characters of it */
    static String printable(String text, int most) {
        String clean = text.length() > most ? text.substring(0, most) + "..." : text;
        return clean.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static RegistrationException refused(String name, String why) {
        return new RegistrationException(ErrorCode.REFUSED, "'" + printable(name) + "' " + why);
    }
}
