package io.adit.runtime;

import java.util.ArrayList;
import java.util.List;

import picocli.CommandLine.Option;

/** The options of the commands that peers dial, {@code proxy} and {@code registry}. Not thread-safe. */
final class ServerOptions {

    /** PIDs and keys of etc/, as the bundles define them. */
    static final String ADMIN = "org.apache.felix.http";
    static final String ACCEPTOR = "io.adit.acceptor";
    static final String REGISTRY = "io.adit.registry";
    static final String HTTP_HOST = "org.apache.felix.http.host";
    static final String HTTP_PORT = "org.osgi.service.http.port";
    private static final String BIND = "bind.address";

    @Option(names = "--bind", paramLabel = "ADDRESS",
        description = "Where connections are listened for. Default: 127.0.0.1. The admin port is on loopback always.")
    private String bind;

    @Option(names = "--tunnel-port", paramLabel = "PORT", converter = Converters.OfPort.class,
        description = "Where peers, and proxies that are linked, dial. Default: 7443.")
    private Integer tunnelPort;

    @Option(names = "--tunnel-tls", paramLabel = "on|off", converter = Converters.OfSwitch.class,
        description = "TLS on the tunnel port. Default: on.")
    private Converters.Switch tunnelTls;

    @Option(names = "--admin-port", paramLabel = "PORT", converter = Converters.OfPort.class,
        description = "The web console and the control commands, on 127.0.0.1. Default: 8181.")
    private Integer adminPort;

    @Option(names = "--domain", paramLabel = "DOMAIN",
        description = "Peer NAME is reachable as NAME.DOMAIN. Default: localhost.")
    private String domain;

    @Option(names = "--advertise", paramLabel = "HOST:PORT", converter = Converters.OfHostAndPort.class,
        description = "What invitations tell to dial, for a host behind NAT. Default: bind address and tunnel port.")
    private String advertise;

    /** Null where none was said; so is {@link #domain}. */
    String bind() {
        return bind;
    }

    String domain() {
        return domain;
    }

    void check() throws CommandFailure {
        if (domain != null && !domain.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")) {
            throw CommandFailure.usage("--domain: '" + domain + "' is not a domain name");
        }
    }

    /** Of what there are defaults of already: what was said takes their place. */
    void configure(EtcFolder etc) throws CommandFailure {
        ConfigFile acceptor = etc.file(ACCEPTOR);
        acceptor.setGiven(BIND, bind);
        Ports.setGiven(etc.file(ADMIN), HTTP_HOST, HTTP_PORT, adminPort);
        Ports.setGiven(acceptor, BIND, "port", tunnelPort);
        acceptor.setGiven("tls", tunnelTls == null ? null : tunnelTls == Converters.Switch.ON);
        acceptor.setGiven("advertise", advertise);
        etc.file(REGISTRY).setGiven("domain", domain);
    }

    /** Those that listen; more may be added. */
    List<Ports.Listener> listeners(EtcFolder etc) throws CommandFailure {
        return new ArrayList<>(List.of(new Ports.Listener(etc.file(ACCEPTOR), BIND, "port", "--tunnel-port"),
            new Ports.Listener(etc.file(ADMIN), HTTP_HOST, HTTP_PORT, "--admin-port")));
    }
}
