package io.adit.registry;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import io.adit.api.Details;
import io.adit.api.ErrorCode;
import io.adit.api.Network;
import io.adit.api.Proof.Verifier;
import io.adit.api.RegistrationException;
import io.adit.api.packet.Packet.Register;

/**
 * Names for peers without an invitation (PROTOCOL section 17): whether there are any, and the bounds. What it remembers is one entry for each name that
 * was given away within the last hour. Thread-safety: thread-safe.
 */
final class OpenNames {

    /**
     * @param on whether names are given away at all
     * @param most how many such names there may be
     * @param perNetwork how many the peers of one network get within an hour
     * @param idle after what time without its peer such a name is free again
     */
    record Bounds(boolean on, int most, int perNetwork, Duration idle) {
    }

    private record Given(String network, long at) {
    }

    private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();
    private static final int KEY = 32;

    private final Bounds bounds;
    private final LongSupplier nanoClock;

    // guarded by this
    private final Deque<Given> lately = new ArrayDeque<>();
    private final Map<String, Integer> perNetwork = new HashMap<>();

    OpenNames(Bounds bounds, LongSupplier nanoClock) {
        this.bounds = bounds;
        this.nanoClock = nanoClock;
    }

    boolean isOn() {
        return bounds.on();
    }

    Duration idle() {
        return bounds.idle();
    }

    /** The verifier of the secret that a peer without an invitation made; empty when it sent none, or what is none. */
    static Optional<Verifier> verifier(Register register) {
        String text = register.details().first(Details.VERIFIER);
        if (text == null || text.length() != 4 * KEY || Kind.of(register) != Kind.PEER) {
            return Optional.empty();
        }
        try {
            HexFormat hex = HexFormat.of();
            return Optional.of(new Verifier(hex.parseHex(text, 0, 2 * KEY), hex.parseHex(text, 2 * KEY, 4 * KEY)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Counts one more name for that network, before it is made: a name that cannot be stored counts too.
     *
     * @param remote IP address and port of the peer
     * @param names how many there are
     * @throws RegistrationException REFUSED, with one line: the peer may try again later
     */
    synchronized void take(String remote, long names) throws RegistrationException {
        long now = nanoClock.getAsLong();
        for (Given eldest = lately.peek(); eldest != null && now - eldest.at() >= HOUR_NANOS; eldest = lately.peek()) {
            lately.remove();
            perNetwork.computeIfPresent(eldest.network(), (network, count) -> count == 1 ? null : count - 1);
        }
        String network = network(remote);
        if (names >= bounds.most()) {
            throw new RegistrationException(ErrorCode.REFUSED, "there are " + bounds.most() + " names without an invitation already");
        } else if (perNetwork.getOrDefault(network, 0) >= bounds.perNetwork()) {
            throw new RegistrationException(ErrorCode.REFUSED,
                    "the network " + network + " has got " + bounds.perNetwork() + " names within the last hour already");
        }
        perNetwork.merge(network, 1, Integer::sum);
        lately.add(new Given(network, now));
    }

    /** @param remote HOST:PORT */
    static String network(String remote) {
        int colon = remote.lastIndexOf(':');
        String text = (colon < 0 ? remote : remote.substring(0, colon)).replaceAll("%.*", "").replaceAll("[\\[\\]]", "");
        try {
            if (!text.matches("[0-9.]+|[0-9a-fA-F:.]+")) { // no name: that would be looked up
                return "unknown";
            }
            return Network.of(InetAddress.getByName(text)).toString();
        } catch (UnknownHostException e) {
            return "unknown"; // no address at all: all those share
        }
    }
}
