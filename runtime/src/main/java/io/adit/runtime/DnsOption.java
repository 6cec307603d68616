package io.adit.runtime;

import java.util.List;

import picocli.CommandLine.Option;

/**
 * {@code --dns-port}, of the commands with a registry. The name server's bundle does nothing without a configuration, so there is none unless it is
 * wanted. Not thread-safe.
 */
final class DnsOption {

    private static final String DNS = "io.adit.dns";
    private static final String BIND = "bind.address";

    @Option(names = "--dns-port", paramLabel = "PORT", converter = Converters.OfPort.class,
        description = "Answers DNS questions for the domain, on UDP and TCP at the bind address. Default: no name server.")
    private Integer port;

    private boolean wanted;

    boolean given() {
        return port != null;
    }

    /**
     * At first where peers dial; later only what is said anew.
     *
     * @param ofDomain has the domain
     * @param server what was said of bind address and domain
     */
    void configure(EtcFolder etc, ConfigFile ofDomain, ServerOptions server) throws CommandFailure {
        ConfigFile file = etc.file(DNS);
        if (port == null && !file.existed()) {
            return;
        }
        set(file, "domain", ofDomain, server.domain());
        set(file, BIND, etc.file(ServerOptions.ACCEPTOR), server.bind());
        Ports.setGiven(file, BIND, "port", port);
    }

    private static void set(ConfigFile file, String key, ConfigFile other, String said) {
        String value = file.text(key).isEmpty() ? other.text(key) : said;
        file.setGiven(key, value == null || value.isEmpty() ? null : value);
    }

    /** Adds the name server to those that listen, and tries UDP. */
    void check(EtcFolder etc, List<Ports.Listener> listeners) throws CommandFailure {
        wanted = etc.file(DNS).isWanted();
        if (wanted) {
            Ports.Listener listener = new Ports.Listener(etc.file(DNS), BIND, "port", "--dns-port");
            listeners.add(listener);
            Ports.requireFreeForDatagrams(listener);
        }
    }

    /** Whether there is a name server; known after the check. */
    boolean wanted() {
        return wanted;
    }
}
