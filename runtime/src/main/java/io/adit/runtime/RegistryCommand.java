package io.adit.runtime;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code adit registry}: a registration server without visitors of its own, in the foreground until a signal. */
@Command(name = "registry", description = "Runs a registration server: peers ask it for a proxy, and proxies link to it ('adit proxy --registrar').")
final class RegistryCommand implements Callable<Integer>, ContainerPlan {

    private static final String ADMIN = "org.apache.felix.http";
    private static final String ACCEPTOR = "io.adit.acceptor";
    private static final String REGISTRY = "io.adit.registry";
    private static final String HTTP_HOST = "org.apache.felix.http.host";
    private static final String HTTP_PORT = "org.osgi.service.http.port";

    @Mixin
    private ContainerOptions options;

    @Option(names = "--bind", paramLabel = "ADDRESS",
        description = "Where peers and proxies are listened for. Default: 127.0.0.1. The admin port is on loopback always.")
    private String bind;

    @Option(names = "--tunnel-port", paramLabel = "PORT", converter = Converters.OfPort.class,
        description = "Where peers and proxies dial. Default: 7443.")
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
        description = "What invitations tell peers and proxies to dial. Default: bind address and tunnel port.")
    private String advertise;

    @Mixin
    private DnsOption dns;

    @Override
    public Integer call() throws CommandFailure {
        ProxyCommand.checkDomain(domain);
        new ContainerRun(this, options).run();
        return 0;
    }

    @Override
    public String role() {
        return "registry";
    }

    @Override
    public void configure(EtcFolder etc, Feature feature) throws CommandFailure {
        for (String pid : feature.configurations().keySet()) {
            etc.setDefaults(pid, feature);
        }
        ProxyCommand.set(etc.file(ACCEPTOR), "bind.address", bind);
        ProxyCommand.setPort(etc.file(ADMIN), HTTP_HOST, HTTP_PORT, adminPort);
        ProxyCommand.setPort(etc.file(ACCEPTOR), "bind.address", "port", tunnelPort);
        ProxyCommand.set(etc.file(ACCEPTOR), "tls", tunnelTls == null ? null : tunnelTls == Converters.Switch.ON);
        ProxyCommand.set(etc.file(ACCEPTOR), "advertise", advertise);
        ProxyCommand.set(etc.file(REGISTRY), "domain", domain);
        dns.configure(etc, etc.file(REGISTRY), etc.file(ACCEPTOR), bind, domain);
    }

    @Override
    public void checkPorts(EtcFolder etc) throws CommandFailure {
        List<Ports.Listener> listeners = new ArrayList<>(List.of(
            new Ports.Listener(etc.file(ACCEPTOR), "bind.address", "port", "--tunnel-port"),
            new Ports.Listener(etc.file(ADMIN), HTTP_HOST, HTTP_PORT, "--admin-port")));
        dns.check(etc, listeners);
        Ports.requireFree(listeners);
    }

    @Override
    public Set<String> readyKeys() {
        return new LinkedHashSet<>(dns.wanted() ? List.of("tunnel", "dns") : List.of("tunnel"));
    }

    @Override
    public boolean hasAdminPort() {
        return true;
    }

    @Override
    public boolean mayWait() {
        return false;
    }
}
