package io.adit.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code adit peer}: the side behind the firewall, in the foreground until a signal. */
@Command(name = "peer", description = "Runs a peer: dials out to a proxy and makes a web server or a folder visible there.")
final class PeerCommand implements Callable<Integer>, ContainerPlan {

    private static final String CONTENT = "org.apache.felix.http~content";
    private static final String CONNECTOR = "io.adit.connector~main";
    static final String INVITATION_FILE = "conf/invitation";
    private static final String ORIGIN = "io.adit.origin";
    private static final String SHARE = "io.adit.share";
    /** Felix's servlet, on the admin port. */
    private static final String HEALTH = "org.apache.felix.hc.core.impl.servlet.HealthCheckExecutorServlet~adit";

    /** What only some peers have: written when it is asked for, kept when it is there. */
    private static final Set<String> ON_DEMAND = Set.of(ServerOptions.ADMIN, HEALTH, CONTENT, CONNECTOR, SHARE);

    @Mixin
    private ContainerOptions options;

    @Option(names = "--invite", paramLabel = "INVITATION",
        description = "What 'adit invite' printed; @FILE reads it from a file, - from standard input. "
            + "Needed at the first start only.")
    private String invite;

    @ArgGroup(exclusive = false)
    private Registration registration;

    @ArgGroup
    private Origin origin;

    @Option(names = "--admin-port", paramLabel = "PORT", converter = Converters.OfPort.class,
        description = "The web console on 127.0.0.1. Without it there is none.")
    private Integer adminPort;

    @Option(names = "--via", paramLabel = "URL", converter = Via.Converter.class,
        description = "The forward proxy to dial through: http://[USER@]HOST:PORT, socks5://[USER@]HOST:PORT, env (what https_proxy, "
            + "all_proxy and no_proxy of the environment say) or none. Default: env.")
    private Via via;

    @Option(names = "--via-password-file", paramLabel = "FILE",
        description = "The file with the password of USER at the forward proxy, in its first line.")
    private Path viaPasswordFile;

    @Option(names = "--notify", paramLabel = "ADDRESS", converter = Converters.OfMailAddress.class,
        description = "Somebody who is told once, by e-mail of the proxy, that there is something to see. Repeatable.")
    private List<String> notify;

    @Option(names = "--owner", paramLabel = "ADDRESS", converter = Converters.OfMailAddress.class,
        description = "Who is told by e-mail when this peer has gone away for long, and when it is back.")
    private String owner;

    @Option(names = "--title", paramLabel = "TEXT",
        description = "What there is to see, in a few words, for those who are told; and the heading of a shared folder.")
    private String title;

    @Option(names = "--language", paramLabel = "TAG", description = "Language of these e-mails, such as en, de or fr. Default: the proxy's.")
    private String language;

    private String invitation;
    private boolean hasAdminPort;

    @Override
    public Integer call() throws CommandFailure {
        if (origin != null) {
            origin.check();
        }
        if (viaPasswordFile != null) {
            Via.checkPasswordFile(viaPasswordFile);
        }
        if (invite != null && registration != null) {
            throw CommandFailure.usage("--register is for a name without an invitation: give the one or the other");
        }
        readInvitation();
        new ContainerRun(this, options).run();
        return 0;
    }

    void readInvitation() throws CommandFailure {
        invitation = invite == null ? null : Invitation.read("--invite", invite);
    }

    @Override
    public String role() {
        return "peer";
    }

    @Override
    public void configure(EtcFolder etc, Feature feature) throws CommandFailure {
        for (String pid : feature.configurations().keySet()) {
            if (!ON_DEMAND.contains(pid)) {
                etc.setDefaults(pid, feature);
            }
        }
        configureConnector(etc, feature);
        configureOrigin(etc, feature);
        if (adminPort != null) {
            etc.setDefaults(ServerOptions.ADMIN, feature);
            etc.setDefaults(HEALTH, feature);
            Ports.setGiven(etc.file(ServerOptions.ADMIN), ServerOptions.HTTP_HOST, ServerOptions.HTTP_PORT, adminPort);
        }
        hasAdminPort = adminPort != null || etc.file(ServerOptions.ADMIN).existed();
    }

    private void configureConnector(EtcFolder etc, Feature feature) throws CommandFailure {
        KeptInvitation kept = new KeptInvitation(etc, etc.file(CONNECTOR), INVITATION_FILE);
        kept.moveToFile();
        if (invitation != null) {
            kept.set(invitation);
            if (Boolean.parseBoolean(etc.file(CONNECTOR).text("register"))) {
                etc.file(CONNECTOR).set("register", Boolean.FALSE);
            }
        } else if (registration != null) {
            registration.configure(etc.file(CONNECTOR), kept);
        } else if (!etc.file(CONNECTOR).existed()) {
            throw CommandFailure.usage("the first start needs --invite INVITATION (or @FILE, or -), or --register HOST:PORT --name NAME");
        }
        if (via != null) {
            via.configure(etc.file(CONNECTOR));
        }
        if (viaPasswordFile != null) {
            Via.configurePasswordFile(etc.file(CONNECTOR), viaPasswordFile);
        }
        etc.file(CONNECTOR).setGiven("notify", notify == null ? null : notify.toArray(String[]::new));
        etc.file(CONNECTOR).setGiven("owner", owner);
        etc.file(CONNECTOR).setGiven("title", title);
        etc.file(CONNECTOR).setGiven("language", language);
        etc.setDefaults(CONNECTOR, feature);
    }

    private void configureOrigin(EtcFolder etc, Feature feature) throws CommandFailure {
        String url = origin == null ? etc.file(ORIGIN).text("url") : origin.url();
        if (url != null && !url.isEmpty()) {
            etc.file(ORIGIN).set("url", url);
            if (origin != null) {
                // The folder and its server were for another wish.
                etc.file(SHARE).delete();
                etc.file(CONTENT).delete();
            }
        } else {
            etc.file(ORIGIN).set("url", "");
            etc.setDefaults(CONTENT, feature);
            if (origin != null) {
                etc.file(SHARE).set("folder", origin.folder().toString());
                etc.setDefaults(SHARE, feature);
            }
            if (origin != null || etc.file(SHARE).existed()) {
                etc.file(SHARE).setGiven("title", title);
            }
        }
    }

    @Override
    public void checkPorts(EtcFolder etc) throws CommandFailure {
        if (hasAdminPort) {
            Ports.requireFree(List.of(new Ports.Listener(etc.file(ServerOptions.ADMIN), ServerOptions.HTTP_HOST, ServerOptions.HTTP_PORT, "--admin-port")));
        }
    }

    @Override
    public Set<String> readyKeys() {
        return Set.of("url");
    }

    @Override
    public boolean hasAdminPort() {
        return hasAdminPort;
    }

    @Override
    public boolean mayWait() {
        return true;
    }
}
