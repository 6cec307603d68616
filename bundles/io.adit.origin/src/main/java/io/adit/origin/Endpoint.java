package io.adit.origin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Dictionary;
import java.util.List;
import java.util.Locale;

import org.osgi.service.servlet.runtime.HttpServiceRuntimeConstants;

/**
 * Where a web server of this container listens, as its runtime says it.
 *
 * @param preferred whether it is the one that serves content (not, for example, an administrator's console)
 * @param uri scheme, host and port, or null when it has told none that could be dialled
 */
record Endpoint(boolean preferred, URI uri) {

    private static final String NAME = "org.apache.felix.http.name";

    static Endpoint of(Dictionary<String, Object> properties) {
        Object value = properties.get(HttpServiceRuntimeConstants.HTTP_SERVICE_ENDPOINT);
        List<?> texts = value instanceof Object[] array ? Arrays.asList(array) : value instanceof Collection<?> all ? List.copyOf(all)
            : value == null ? List.of() : List.of(value);
        URI best = null;
        for (Object text : texts) {
            URI uri = parse(String.valueOf(text).strip());
            if (uri != null && (best == null || rank(uri) > rank(best))) {
                best = uri;
            }
        }
        return new Endpoint("content".equals(properties.get(NAME)), best);
    }

    /** The preferred one, else the first (best ranked) of them that can be dialled; null when there is none. */
    static Endpoint choose(Collection<Endpoint> endpoints) {
        Endpoint first = null;
        for (Endpoint endpoint : endpoints) {
            if (endpoint.uri != null && endpoint.preferred) {
                return endpoint;
            }
            first = first == null && endpoint.uri != null ? endpoint : first;
        }
        return first;
    }

    /** Loopback before others, for it leaves no machine; plain before TLS, whose certificate names somebody else than the loopback. */
    private static int rank(URI uri) {
        String host = uri.getHost();
        boolean loopback = host.startsWith("127.") || host.equals("localhost") || host.equals("[::1]");
        return (loopback ? 2 : 0) + (uri.getScheme().equals("http") ? 1 : 0);
    }

    private static URI parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        int end = lower.indexOf("://");
        if (end < 0 || !lower.startsWith("http://") && !lower.startsWith("https://")) {
            return null;
        }
        String scheme = lower.substring(0, end);
        String authority = text.substring(end + 3).replaceFirst("[/?#].*$", "");
        for (String wildcard : new String[] {"*", "0.0.0.0", "[::]", "[0:0:0:0:0:0:0:0]"}) {
            if (authority.equals(wildcard) || authority.startsWith(wildcard + ":")) {
                authority = "127.0.0.1" + authority.substring(wildcard.length());
            }
        }
        try {
            URI uri = new URI(scheme + "://" + authority).parseServerAuthority();
            return uri.getHost() == null ? null : new URI(scheme, null, uri.getHost(), uri.getPort(), null, null, null);
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
