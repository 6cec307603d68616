package io.adit.proxy;

import java.util.List;

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

    static Admission of(Gateway gateway, Exchange exchange, Fields fields, RegistrationManager registrations) {
        Settings settings = gateway.settings();
        if (gateway.isDraining()) {
            return refused(Problem.restarting(settings.retryAfterSeconds()));
        }
        // in HTTP/2 it may be any text
        if (!ResponseFilter.isToken(exchange.method())) {
            return refused(Problem.of(400, "Bad method", "The method of this request is not valid."));
        }
        if (fields.size() > settings.maxFields() || fields.bytes() > settings.maxFieldBytes()) {
            return refused(Problem.tooLarge());
        }
        if (!isFramed(exchange, fields)) {
            return refused(Problem.refused(501, "Unknown transfer coding", "The body of this request has a coding that this server does not know."));
        }
        if (fields.contains("content-length") && Fields.contentLength(fields.first("content-length")) < 0) {
            return refused(Problem.of(400, "Bad length", "The Content-Length of this request is not valid."));
        }
        if (exchange.connectProtocol() != null && exchange.webSocket() == null) {
            return refused(Problem.refused(501, "Unknown protocol", "This server does not connect to anything in that protocol."));
        }
        if (exchange.webSocket() != null && fields.contains("content-length")) {
            return refused(Problem.of(400, "Bad length", "A request to connect has no content."));
        }
        // whatever the case: one that is taken for it further on would have its connection read as a tunnel
        if (exchange.method().equalsIgnoreCase("CONNECT")) {
            return refused(Problem.of(405, "Not a forward proxy", "This server does not open connections to other servers."));
        }
        // a reflection would show a script what its browser hides from it (RFC 9110 section 9.3.8)
        if (exchange.method().equals("TRACE")) {
            return refused(Problem.refused(405, "No echo here", "This server does not send requests back."));
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
        return hops(exchange, fields, route(settings, authority, registrations));
    }

    /** Jetty would leave the codings before chunked on, and take chunked in HTTP/1.0, which knows none (RFC 9112 section 6.1). */
    private static boolean isFramed(Exchange exchange, Fields fields) {
        List<String> codings = fields.all("transfer-encoding");
        if (codings.isEmpty()) {
            return true;
        }
        boolean chunked = codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked");
        return chunked && exchange.protocol().equals("HTTP/1.1") && !fields.contains("content-length");
    }

    private static Admission hops(Exchange exchange, Fields fields, Admission routed) {
        int hops = MaxForwards.of(exchange.method(), fields);
        if (hops == MaxForwards.BAD) {
            return refused(Problem.of(400, "Bad Max-Forwards", "The number of hops of this request is not valid."));
        }
        return hops == 0 && routed.problem() == null ? refused(Problem.lastHop()) : routed;
    }

    private static Admission route(Settings settings, Authority authority, RegistrationManager registrations) {
        String name = authority.label(settings.domain());
        if (name == null) {
            name = registrations.nameOf(authority.host()).orElse(null);
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
