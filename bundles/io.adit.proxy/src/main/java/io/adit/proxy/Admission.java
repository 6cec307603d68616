package io.adit.proxy;

import io.adit.api.Invitation;
import io.adit.api.RegistrationManager;
import io.adit.api.packet.Fields;

/**
 * The first look at a request: is it one that this gateway passes on, and to whom?
 *
 * @param name the peer's name, or null when there is a problem
 * @param problem what to answer instead, or null
 */
record Admission(String name, Problem problem) {

    static Admission of(Gateway gateway, Exchange exchange, Fields fields) {
        Settings settings = gateway.settings();
        if (gateway.isDraining()) {
            return refused(Problem.restarting(settings.retryAfterSeconds()));
        }
        if (fields.size() > settings.maxFields() || fields.bytes() > settings.maxFieldBytes()) {
            return refused(Problem.of(431, "Too many fields", "The head of this request is larger than this server allows."));
        }
        if (exchange.method().equals("CONNECT")) {
            return refused(Problem.of(405, "Not a forward proxy", "This server does not open connections to other servers."));
        }
        String text = exchange.authority();
        Authority authority = Authority.parse(text);
        if (text.isEmpty()) {
            return refused(Problem.unknown(""));
        }
        if (authority == null || fields.all("host").size() > 1) {
            return refused(Problem.of(400, "Bad host", "The host of this request is not valid."));
        }
        if (exchange.target() == null) {
            return refused(Problem.of(400, "Bad target", "The address of this request has characters that must be encoded."));
        }
        return route(gateway, authority);
    }

    private static Admission route(Gateway gateway, Authority authority) {
        Settings settings = gateway.settings();
        String name = authority.label(settings.domain());
        RegistrationManager registrations = gateway.registrations();
        if (registrations == null) {
            return refused(Problem.restarting(settings.retryAfterSeconds()));
        }
        if (name == null || !Invitation.isName(name) || !registrations.isRegistered(name)) {
            return refused(Problem.unknown(authority.host()));
        }
        return new Admission(name, null);
    }

    private static Admission refused(Problem problem) {
        return new Admission(null, problem);
    }
}
