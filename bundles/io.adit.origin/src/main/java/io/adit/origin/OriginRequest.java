package io.adit.origin;

import java.net.URI;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpRequest;

/**
 * A request whose head is written by a {@link HeadField}: Jetty's own puts the method into upper case and takes the target apart as a URI, and
 * not every target that a browser sends is one.
 */
final class OriginRequest extends HttpRequest {

    private final Exchange exchange;
    private final String method;
    private final String host;

    OriginRequest(HttpClient client, URI origin, Exchange exchange, String method) {
        super(client, new HttpConversation(), origin.getHost() == null ? URI.create(origin.toString().replace('_', OriginOptions.UNDERSCORE)) : origin);
        this.host = origin.getHost() == null ? origin.getRawAuthority().replaceFirst(":[0-9]+$", "") : origin.getHost();
        this.exchange = exchange;
        this.method = method;
    }

    Exchange exchange() {
        return exchange;
    }

    /** The client goes by it: the response to HEAD has no body. */
    @Override
    public String getMethod() {
        return method;
    }

    /** The client dials it. */
    @Override
    public String getHost() {
        return host;
    }

    /** Some target that is a URI; the real one is in the head. */
    @Override
    public String getPath() {
        return "/";
    }

    @Override
    public String getQuery() {
        return null;
    }

    /** None: the client would use it for cookies and authentication only, of which a gateway has none. */
    @Override
    public URI getURI() {
        return null;
    }
}
