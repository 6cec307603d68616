package io.adit.runtime;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code adit proxy}: the public side, in the foreground until a signal. */
@Command(name = "proxy", description = "Runs a proxy: browsers come in at its HTTP port, peers at its tunnel port.")
final class ProxyCommand implements Callable<Integer>, ContainerPlan {

    /** PIDs and keys of etc/, as the bundles define them. */
    private static final String ADMIN = "org.apache.felix.http";
    private static final String PUBLIC = "org.apache.felix.http~public";
    private static final String ACCEPTOR = "io.adit.acceptor";
    private static final String PROXY = "io.adit.proxy";
    private static final String REGISTRY = "io.adit.registry";
    private static final String REGISTRAR = "io.adit.connector~registrar";
    /** How the connector links this proxy to its registration server; there are few proxies, so they may ask often. */
    private static final Map<String, Object> LINK = Map.of("role", "proxy", "handler.target", "(io.adit.link=true)", "retry.max.millis", 3000);
    private static final String MAIL = "io.adit.mail";
    private static final String PUBLIC_URL = "public.url";
    private static final String GENERATED_URL = "http://\\{name}\\.\\{domain}(:[0-9]+)?/";
    private static final String HTTP_HOST = "org.apache.felix.http.host";
    private static final String HTTP_PORT = "org.osgi.service.http.port";

    @Mixin
    private ContainerOptions options;

    @Option(names = "--bind", paramLabel = "ADDRESS",
        description = "Where browsers and peers are listened for. Default: 127.0.0.1. The admin port is on loopback always.")
    private String bind;

    @Option(names = "--http-port", paramLabel = "PORT", converter = Converters.OfPort.class,
        description = "The public HTTP port. Default: 8080.")
    private Integer httpPort;

    @Option(names = "--tunnel-port", paramLabel = "PORT", converter = Converters.OfPort.class,
        description = "Where peers dial. Default: 7443.")
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
        description = "What invitations tell peers to dial, for a proxy behind NAT. Default: bind address and tunnel port.")
    private String advertise;

    @Option(names = "--registrar", paramLabel = "INVITATION",
        description = "Links this proxy to a registration server, which assigns peers to it: what 'adit invite --proxy' printed there; "
            + "@FILE reads it from a file, - from standard input. Needed at the first start only.")
    private String registrar;

    @Mixin
    private DnsOption dns;

    @Option(names = "--smtp", paramLabel = "HOST:PORT", converter = Converters.OfHostAndPort.class,
        description = "The mail server that tells people of what peers show. Without it there is no e-mail.")
    private String smtp;

    @Option(names = "--mail-from", paramLabel = "ADDRESS", converter = Converters.OfMailAddress.class,
        description = "Who these e-mails are from. Needed with --smtp.")
    private String mailFrom;

    private String invitation;
    private boolean linked;

    @Override
    public Integer call() throws CommandFailure {
        checkDomain(domain);
        readInvitation();
        new ContainerRun(this, options).run();
        return 0;
    }

    @Override
    public String role() {
        return "proxy";
    }

    @Override
    public void configure(EtcFolder etc, Feature feature) throws CommandFailure {
        for (String pid : feature.configurations().keySet()) {
            etc.setDefaults(pid, feature);
        }
        configureRegistrar(etc);
        set(etc.file(PUBLIC), HTTP_HOST, bind);
        set(etc.file(ACCEPTOR), "bind.address", bind);
        setPort(etc.file(ADMIN), HTTP_HOST, HTTP_PORT, adminPort);
        setPort(etc.file(PUBLIC), HTTP_HOST, HTTP_PORT, httpPort);
        setPort(etc.file(ACCEPTOR), "bind.address", "port", tunnelPort);
        set(etc.file(ACCEPTOR), "tls", tunnelTls == null ? null : tunnelTls == Converters.Switch.ON);
        set(etc.file(ACCEPTOR), "advertise", advertise);
        set(etc.file(PROXY), "domain", domain);
        set(etc.file(REGISTRY), "domain", domain);
        dns.configure(etc, etc.file(PROXY), etc.file(ACCEPTOR), bind, domain);
        configureMail(etc.file(MAIL));
        configurePublicUrl(etc.file(REGISTRY), etc.file(PUBLIC).text(HTTP_PORT));
    }

    void readInvitation() throws CommandFailure {
        invitation = registrar == null ? null : Invitation.read("--registrar", registrar);
    }

    /** A home that was linked once stays so. */
    private void configureRegistrar(EtcFolder etc) throws CommandFailure {
        linked = invitation != null || etc.file(REGISTRAR).existed();
        if (invitation != null) {
            etc.file(REGISTRAR).set("invitation", invitation);
            etc.file(REGISTRY).set("linked", true);
        }
        if (linked) {
            etc.file(REGISTRAR).setDefaults(LINK);
            if (dns.given() || smtp != null) {
                throw CommandFailure.usage((smtp == null ? "--dns-port" : "--smtp")
                    + " belongs to the registration server, which knows all names; this proxy is linked to one");
            }
        }
    }

    static void checkDomain(String domain) throws CommandFailure {
        if (domain != null && !domain.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")) {
            throw CommandFailure.usage("--domain: '" + domain + "' is not a domain name");
        }
    }

    /** What peers and users are told; one that an operator wrote (https, a port of a load balancer) is left alone. */
    private static void configurePublicUrl(ConfigFile registry, String port) {
        if (registry.text(PUBLIC_URL).isEmpty() || registry.text(PUBLIC_URL).matches(GENERATED_URL)) {
            registry.set(PUBLIC_URL, "http://{name}.{domain}" + (port.equals("80") ? "" : ":" + port) + "/");
        }
    }

    /** Its bundle does nothing without a configuration, so there is none unless it is wanted. */
    private void configureMail(ConfigFile mail) throws CommandFailure {
        if (smtp != null) {
            int colon = smtp.lastIndexOf(':');
            mail.set("smtp.host", smtp.substring(0, colon).replaceAll("[\\[\\]]", ""));
            mail.set("smtp.port", Integer.valueOf(smtp.substring(colon + 1)));
        }
        set(mail, "from", mailFrom);
        if (smtp != null && mail.text("from").isEmpty()) {
            throw CommandFailure.usage("--smtp needs --mail-from ADDRESS");
        }
        if (mailFrom != null && mail.text("smtp.host").isEmpty()) {
            throw CommandFailure.usage("--mail-from needs --smtp HOST:PORT");
        }
    }

    static void setPort(ConfigFile file, String hostKey, String portKey, Integer explicit) throws CommandFailure {
        if (explicit != null) {
            file.set(portKey, explicit == 0 ? Ports.anyFree(file.text(hostKey)) : explicit);
        }
    }

    static void set(ConfigFile file, String key, Object explicit) {
        if (explicit != null) {
            file.set(key, explicit);
        }
    }

    @Override
    public void checkPorts(EtcFolder etc) throws CommandFailure {
        List<Ports.Listener> listeners = new ArrayList<>(List.of(
            new Ports.Listener(etc.file(PUBLIC), HTTP_HOST, HTTP_PORT, "--http-port"),
            new Ports.Listener(etc.file(ACCEPTOR), "bind.address", "port", "--tunnel-port"),
            new Ports.Listener(etc.file(ADMIN), HTTP_HOST, HTTP_PORT, "--admin-port")));
        dns.check(etc, listeners);
        Ports.requireFree(listeners);
    }

    @Override
    public Set<String> readyKeys() {
        List<String> keys = new ArrayList<>(List.of("http", "tunnel"));
        if (dns.wanted()) {
            keys.add("dns");
        }
        if (linked) {
            keys.add("registrar");
        }
        return new LinkedHashSet<>(keys);
    }

    @Override
    public boolean hasAdminPort() {
        return true;
    }

    @Override
    public boolean mayWait() {
        return linked;
    }
}
