package bench;

import com.hsbc.cranker.connector.CrankerConnector;
import com.hsbc.cranker.connector.CrankerConnectorBuilder;
import com.hsbc.cranker.connector.RegistrationUriSuppliers;

import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The peer side of Cranker: registers every route with one router and passes its requests on to the origin.
 *
 * <p>Arguments: the router's registration URI ({@code ws://} or {@code wss://}), the origin's URI, the protocol
 * ({@code cranker_3.0} multiplexes all requests over one WebSocket; {@code cranker_1.0} takes one WebSocket a request).
 * Prints {@code READY} when the connector runs; the benchmark then asks for a page until the router knows the route.
 */
public final class Connector {
    private Connector() {
    }

    public static void main(String[] args) {
        URI router = URI.create(args[0]);
        URI origin = URI.create(args[1]);
        String protocol = args[2];

        // The only certificate here is the router's self-signed one, on loopback.
        boolean trustAll = router.getScheme().equals("wss");
        CrankerConnector connector = CrankerConnectorBuilder.connector()
            .withHttpClient(CrankerConnectorBuilder.createHttpClient(trustAll).build())
            .withRouterUris(RegistrationUriSuppliers.fixedUris(router))
            .withPreferredProtocols(List.of(protocol))
            .withRoute("*")
            .withTarget(origin)
            .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> connector.stop(2, TimeUnit.SECONDS)));
        System.out.println("READY router=" + router + " protocol=" + protocol);
    }
}
