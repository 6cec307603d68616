package io.adit.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * That a domain is to lead to a name, and how far that has come. Immutable.
 *
 * @param token what the domain's TXT record has to say; random, so that it proves nothing for another name, nor for a later owner of this one
 * @param added when it was asked for, or, if it was lost to another name, when that was
 * @param proven since when the domain leads to the name; null while it does not
 * @param seen when its record was seen last; null if it never was
 */
record Claim(String domain, String name, String token, Instant added, Instant proven, Instant seen) {

    static final String PREFIX = "adit-domain=";
    private static final String LABEL = "_adit.";

    /** The name of the TXT record. */
    String record() {
        return recordOf(domain);
    }

    /** Where the TXT records of a domain are. */
    static String recordOf(String domain) {
        return LABEL + domain;
    }

    /** The TXT record's text. */
    String value() {
        return PREFIX + token;
    }

    boolean isActive() {
        return proven != null;
    }

    /**
     * What becomes of all claims of one domain after a look at its records. The one that it leads to stays that while its record is there. If that is gone,
     * another whose record is there takes over, the newest first; while there is none, it stays for a time.
     *
     * @param claims of that domain; one of them active at most
     * @param texts the TXT records that there are; none where the look failed
     * @param keep how long a domain without its record is served, and one is waited for
     * @return those that are left
     */
    static List<Claim> settle(List<Claim> claims, Set<String> texts, Instant now, Duration keep) {
        Claim owner = claims.stream().filter(Claim::isActive).findFirst().orElse(null);
        Claim heir = owner != null && texts.contains(owner.value()) ? owner
                : claims.stream().filter(each -> texts.contains(each.value())).max(Comparator.comparing(Claim::added)).orElse(owner);
        List<Claim> left = new ArrayList<>();
        for (Claim each : claims) {
            boolean there = texts.contains(each.value());
            Claim next = there ? new Claim(each.domain, each.name, each.token, each.added, each.proven, now) : each;
            if (each == heir && there && each != owner) {
                next = new Claim(each.domain, each.name, each.token, each.added, now, now);
            } else if (each == owner && heir != owner) {
                next = new Claim(each.domain, each.name, each.token, now, null, each.seen);
            }
            Instant alive = next.isActive() ? next.seen : next.added;
            if (there || Duration.between(alive, now).compareTo(keep) <= 0) {
                left.add(next);
            }
        }
        return left;
    }
}
