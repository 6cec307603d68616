package io.adit.runtime;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code adit registry}: a registration server without visitors of its own, in the foreground until a signal. */
@Command(name = "registry", description = "Runs a registration server: peers ask it for a proxy, and proxies link to it ('adit proxy --registrar').")
final class RegistryCommand implements Callable<Integer>, ContainerPlan {

    @Mixin
    private ContainerOptions options;

    @Mixin
    private ServerOptions server;

    @Mixin
    private DnsOption dns;

    @Override
    public Integer call() throws CommandFailure {
        server.check();
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
        server.configure(etc);
        dns.configure(etc, etc.file(ServerOptions.REGISTRY), server);
    }

    @Override
    public void checkPorts(EtcFolder etc) throws CommandFailure {
        List<Ports.Listener> listeners = server.listeners(etc);
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
