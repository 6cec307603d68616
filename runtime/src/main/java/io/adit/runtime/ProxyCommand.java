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
    private static final String PUBLIC = "org.apache.felix.http~public";
    private static final String PROXY = "io.adit.proxy";
    private static final String REGISTRAR = "io.adit.connector~registrar";
    /** How the connector links this proxy to its registration server; there are few proxies, so they may ask often. */
    private static final Map<String, Object> LINK = Map.of("role", "proxy", "handler.target", "(io.adit.link=true)", "retry.max.millis", 3000);
    private static final String INVITATION_FILE = "conf/registrar.invitation";
    private static final String MAIL = "io.adit.mail";
    private static final String PUBLIC_URL = "public.url";
    private static final String GENERATED_URL = "http://\\{name}\\.\\{domain}(:[0-9]+)?/";

    @Mixin
    private ContainerOptions options;

    @Mixin
    private ServerOptions server;

    @Option(names = "--http-port", paramLabel = "PORT", converter = Converters.OfPort.class,
        description = "The public HTTP port. Default: 8080.")
    private Integer httpPort;

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
        server.check();
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
        server.configure(etc);
        etc.file(PUBLIC).setGiven(ServerOptions.HTTP_HOST, server.bind());
        Ports.setGiven(etc.file(PUBLIC), ServerOptions.HTTP_HOST, ServerOptions.HTTP_PORT, httpPort);
        etc.file(PROXY).setGiven("domain", server.domain());
        dns.configure(etc, etc.file(PROXY), server);
        configureMail(etc.file(MAIL));
        configurePublicUrl(etc.file(ServerOptions.REGISTRY), etc.file(PUBLIC).text(ServerOptions.HTTP_PORT));
    }

    void readInvitation() throws CommandFailure {
        invitation = registrar == null ? null : Invitation.read("--registrar", registrar);
    }

    /** A home that was linked once stays so. */
    private void configureRegistrar(EtcFolder etc) throws CommandFailure {
        linked = invitation != null || etc.file(REGISTRAR).existed();
        KeptInvitation kept = new KeptInvitation(etc, etc.file(REGISTRAR), INVITATION_FILE);
        kept.moveToFile();
        if (invitation != null) {
            kept.set(invitation);
            etc.file(ServerOptions.REGISTRY).set("linked", true);
        }
        if (linked) {
            etc.file(REGISTRAR).setDefaults(LINK);
            if (dns.given() || smtp != null) {
                throw CommandFailure.usage((smtp == null ? "--dns-port" : "--smtp")
                    + " belongs to the registration server, which knows all names; this proxy is linked to one");
            }
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
        mail.setGiven("from", mailFrom);
        if (smtp != null && mail.text("from").isEmpty()) {
            throw CommandFailure.usage("--smtp needs --mail-from ADDRESS");
        }
        if (mailFrom != null && mail.text("smtp.host").isEmpty()) {
            throw CommandFailure.usage("--mail-from needs --smtp HOST:PORT");
        }
    }

    @Override
    public void checkPorts(EtcFolder etc) throws CommandFailure {
        List<Ports.Listener> listeners = server.listeners(etc);
        listeners.add(0, new Ports.Listener(etc.file(PUBLIC), ServerOptions.HTTP_HOST, ServerOptions.HTTP_PORT, "--http-port"));
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
