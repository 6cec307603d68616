package io.adit.origin;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.client.transport.IConnection;
import org.eclipse.jetty.client.transport.SendFailure;

/**
 * The connections to one origin. A kept one on which something came since its last response is closed before a request is written to it, and
 * the request goes to another: none of it was sent, so that is safe whatever its method is.
 *
 * <p>Thread-safety: thread-safe.
 */
final class OriginDestination extends HttpDestination {

    OriginDestination(HttpClient client, Origin origin) {
        super(client, origin);
    }

    @Override
    protected SendFailure send(IConnection connection, HttpExchange exchange) {
        boolean kept = Inflow.isUsed(connection);
        if (Inflow.begin(connection)) {
            return super.send(connection, exchange);
        }
        connection.close();
        // an origin that talks before it is asked does so the next time too
        return new SendFailure(OriginException.broken("the origin sent what nobody asked for"), kept);
    }
}
