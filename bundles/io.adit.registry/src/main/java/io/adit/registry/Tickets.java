package io.adit.registry;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

import io.adit.api.ErrorCode;
import io.adit.api.RegistrationException;
import io.adit.registry.Ticket.BadTicketException;

/**
 * Checks the tickets of one linked proxy without asking back (PROTOCOL T5 to T7). Thread-safety: thread-safe.
 */
final class Tickets {

    /** Names whose end is remembered one by one; when there are more, older tickets of every name are refused, which costs their peers a way. */
    private static final int MOST_ENDS = 4096;

    private final Duration skew;
    private final InstantSource clock;

    // guarded by this
    private PublicKey key;
    private String proxy = "";
    private Instant notBefore = Instant.EPOCH;
    private final Map<String, Instant> ends = new LinkedHashMap<>();

    /** @param skew how far the clocks of registration server and proxy may differ */
    Tickets(Duration skew, InstantSource clock) {
        this.skew = skew;
        this.clock = clock;
    }

    /** Tickets count from now on that this key signed, for the proxy of that name. */
    synchronized void accept(PublicKey signer, String proxyName) {
        key = signer;
        proxy = proxyName;
    }

    /** The proxy's name; empty when it was never linked. */
    synchronized String proxy() {
        return proxy;
    }

    /** Tickets of the name that were issued up to then are refused: it was revoked, or invited anew. */
    synchronized void end(String name, Instant at) {
        ends.merge(name, at, (one, other) -> one.isAfter(other) ? one : other);
        if (ends.size() > MOST_ENDS) {
            Map.Entry<String, Instant> eldest = ends.entrySet().iterator().next();
            ends.remove(eldest.getKey());
            endAll(eldest.getValue());
        }
    }

    /** The registration server told which names there are: older tickets may be of others, and their peers can get new ones. */
    synchronized void endAll(Instant at) {
        notBefore = at.isAfter(notBefore) ? at : notBefore;
        ends.values().removeIf(end -> !end.isAfter(notBefore));
    }

    /**
     * @param name that in REGISTER
     * @throws RegistrationException TICKET, with one line that says why
     */
    synchronized Ticket check(byte[] bytes, String name) throws RegistrationException {
        try {
            if (key == null) {
                throw new BadTicketException("this proxy was never linked to a registration server");
            }
            Ticket ticket = Ticket.read(bytes, key);
            Instant now = clock.instant();
            if (!ticket.proxy().equals(proxy)) {
                throw new BadTicketException("it is for the proxy '" + Names.printable(ticket.proxy()) + "', and this is '" + proxy + "'");
            } else if (!ticket.name().equals(name)) {
                throw new BadTicketException("it is for another name");
            } else if (now.isAfter(ticket.expires().plus(skew))) {
                throw new BadTicketException("it expired at " + ticket.expires());
            } else if (now.isBefore(ticket.issued().minus(skew))) {
                throw new BadTicketException("it was issued at " + ticket.issued() + ", which is not yet: one of the clocks is wrong");
            } else if (!ticket.issued().isAfter(notBefore) || !ticket.issued().isAfter(ends.getOrDefault(name, Instant.EPOCH))) {
                throw new BadTicketException("it is older than what the registration server said since");
            }
            return ticket;
        } catch (BadTicketException e) {
            throw new RegistrationException(ErrorCode.TICKET, "the ticket for '" + Names.printable(name) + "' is refused: " + e.getMessage());
        }
    }
}
