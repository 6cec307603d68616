package io.adit.origin;

import java.net.URI;

import io.adit.api.packet.Packet.RequestHead;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpConversation;
import org.eclipse.jetty.client.transport.HttpRequest;

/**
 * A request whose method and target reach the origin byte for byte: Jetty's own puts the method into upper case and takes the target apart as a
 * URI, and not every target that a browser sends is one.
 */
final class OriginRequest extends HttpRequest {

    private final Exchange exchange;
    private final String method;
    private final String path;
    private final String query;

    OriginRequest(HttpClient client, URI origin, Exchange exchange, RequestHead head) {
        super(client, new HttpConversation(), origin);
        this.exchange = exchange;
        this.method = head.method();
        String target = head.target();
        int mark = target.indexOf('?');
        this.path = mark < 0 ? target : target.substring(0, mark);
        this.query = mark < 0 ? null : target.substring(mark + 1);
    }

    Exchange exchange() {
        return exchange;
    }

    @Override
    public String getMethod() {
        return method;
    }

    /** What is before the first question mark; the client joins the two again as they are. */
    @Override
    public String getPath() {
        return path;
    }

    @Override
    public String getQuery() {
        return query;
    }

    /** None: the client would use it for cookies and authentication only, of which a gateway has none. */
    @Override
    public URI getURI() {
        return null;
    }
}
