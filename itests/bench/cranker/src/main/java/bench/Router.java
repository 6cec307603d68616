package bench;

import com.hsbc.cranker.mucranker.CrankerRouter;
import com.hsbc.cranker.mucranker.CrankerRouterBuilder;
import io.muserver.MuServer;
import io.muserver.MuServerBuilder;

import java.util.List;

/**
 * The proxy side of Cranker: one HTTP server for browsers, one for connectors, both on loopback.
 *
 * <p>Arguments: the HTTP port, the registration port, {@code ws} or {@code wss} (registration in clear or over TLS with
 * mu-server's own self-signed certificate). Prints {@code READY http=... registration=...} when both ports are open.
 */
public final class Router {
    private static final String LOOPBACK = "127.0.0.1";

    private Router() {
    }

    public static void main(String[] args) {
        int httpPort = Integer.parseInt(args[0]);
        int registrationPort = Integer.parseInt(args[1]);
        boolean tls = args[2].equals("wss");

        CrankerRouter router = CrankerRouterBuilder.crankerRouter()
            .withSupportedCrankerProtocols(List.of("cranker_3.0", "cranker_1.0"))
            .start();
        MuServerBuilder registration = MuServerBuilder.muServer().withInterface(LOOPBACK);
        MuServer registrationServer = (tls ? registration.withHttpsPort(registrationPort)
                                           : registration.withHttpPort(registrationPort))
            .addHandler(router.createRegistrationHandler())
            .start();
        MuServer httpServer = MuServerBuilder.muServer()
            .withInterface(LOOPBACK)
            .withHttpPort(httpPort)
            // mu-server's default cap of 24 MB on a request's body would refuse the bulk upload.
            .withMaxRequestSize(Long.MAX_VALUE)
            // Off, as in every other system here: the bodies are random bytes.
            .withGzipEnabled(false)
            .addHandler(router.createHttpHandler())
            .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            httpServer.stop();
            registrationServer.stop();
            router.stop();
        }));
        System.out.println("READY http=" + httpServer.uri() + " registration=" + registrationServer.uri());
    }
}
