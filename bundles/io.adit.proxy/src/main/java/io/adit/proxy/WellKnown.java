package io.adit.proxy;

import java.util.List;
import java.util.Optional;

import io.adit.api.LocalAnswers;
import io.adit.api.packet.Fields;

/**
 * What this proxy answers itself, though a peer may have the name: the challenges for its own certificates (RFC 8555 section 8.3). Only
 * those; the peers may have certificates and challenges of their own. Stateless.
 */
final class WellKnown {

    static final Fields FIELDS = Fields.of("Content-Type", "application/octet-stream", "Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

    private static final String CHALLENGES = "/.well-known/acme-challenge/";

    private WellKnown() {
    }

    /** @return null when the request goes its usual way */
    static String answer(List<LocalAnswers> services, Exchange exchange, Fields fields) {
        String target = exchange.target();
        if (services.isEmpty() || target == null || !target.startsWith(CHALLENGES)) {
            return null;
        }
        String method = exchange.method();
        Authority authority = Authority.parse(exchange.authority());
        if (!method.equals("GET") && !method.equals("HEAD") || authority == null || fields.all("host").size() > 1) {
            return null;
        }
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        return services.stream().map(each -> each.answer(authority.host(), path)).flatMap(Optional::stream).findFirst().orElse(null);
    }
}
