package io.adit.proxy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import io.adit.api.LocalAnswers;
import io.adit.api.packet.Fields;

/**
 * What this proxy answers itself, though a peer may have the name: the challenges for its own certificates (RFC 8555 section 8.3), and pages of its
 * own below {@code /.well-known/adit/}. Only those; the peers may have certificates and challenges of their own. Stateless.
 */
final class WellKnown {

    static final Fields FIELDS = Fields.of("Content-Type", "application/octet-stream", "Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

    /** The address of a page may hold what only its reader may know, so it goes nowhere. */
    static final Fields PAGE_FIELDS = Fields.of("Content-Type", "text/html; charset=utf-8", "Cache-Control", "no-store", "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer", "X-Robots-Tag", "noindex", "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");

    private static final String CHALLENGES = "/.well-known/acme-challenge/";
    private static final String PAGES = "/.well-known/adit/";

    private WellKnown() {
    }

    /** @return null when the request goes its usual way */
    static String answer(List<LocalAnswers> services, Exchange exchange, Fields fields) {
        Authority authority = isBelow(CHALLENGES, services, exchange) && isRead(exchange) ? authority(exchange, fields) : null;
        if (authority == null) {
            return null;
        }
        String path = path(exchange);
        return services.stream().map(each -> each.answer(authority.host(), path)).flatMap(Optional::stream).findFirst().orElse(null);
    }

    /** @return null when the request goes its usual way */
    static CompletionStage<LocalAnswers.Page> page(List<LocalAnswers> services, Exchange exchange, Fields fields) {
        boolean read = isRead(exchange);
        Authority authority = isBelow(PAGES, services, exchange) && (read || exchange.method().equals("POST")) ? authority(exchange, fields) : null;
        if (authority == null) {
            return null;
        }
        String path = path(exchange);
        return services.stream().map(each -> each.page(read ? "GET" : "POST", authority.host(), path)).flatMap(Optional::stream).findFirst().orElse(null);
    }

    private static boolean isBelow(String folder, List<LocalAnswers> services, Exchange exchange) {
        return !services.isEmpty() && exchange.target() != null && exchange.target().startsWith(folder);
    }

    private static boolean isRead(Exchange exchange) {
        return exchange.method().equals("GET") || exchange.method().equals("HEAD");
    }

    /** Null where it is not clear. */
    private static Authority authority(Exchange exchange, Fields fields) {
        return fields.all("host").size() > 1 ? null : Authority.parse(exchange.authority());
    }

    private static String path(Exchange exchange) {
        String target = exchange.target();
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}
