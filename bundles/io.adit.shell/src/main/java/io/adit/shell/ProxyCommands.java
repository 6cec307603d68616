package io.adit.shell;

import java.util.List;

import io.adit.api.ProxyManager;
import io.adit.api.RegistrationException;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The Gogo commands for the proxies of a registration server: adit:inviteproxy NAME, adit:proxies, adit:move NAME PROXY. Thread-safe.
 */
@Component(service = ProxyCommands.class, property = {"osgi.command.scope=adit", "osgi.command.function=inviteproxy", "osgi.command.function=proxies",
        "osgi.command.function=move"})
public final class ProxyCommands {

    private final ProxyManager proxies;

    @Activate
    public ProxyCommands(@Reference ProxyManager proxies) {
        this.proxies = proxies;
    }

    /** A new invitation for a proxy, as one line that holds the secret; an earlier one ends. */
    @Descriptor("makes an invitation for a proxy, one line that holds the secret; an earlier one ends")
    public Rows.Invited inviteproxy(@Descriptor("the proxy's name") String name) throws RegistrationException {
        return Rows.Invited.of(proxies.inviteProxy(name));
    }

    /** All proxies: name, state, since, tunnel, peers, capacity. */
    @Descriptor("lists the proxies: name, state, since when, tunnel, peers, capacity")
    public List<Rows.Proxy> proxies() {
        return Listing.of(Rows.Proxy.class, proxies.proxies().stream().map(Rows.Proxy::of));
    }

    /** Assigns the name to that proxy. */
    @Descriptor("moves a name to another proxy")
    public String move(@Descriptor("the name") String name, @Descriptor("the proxy") String proxy) throws RegistrationException {
        proxies.move(name, proxy);
        return "moved " + name + " to " + proxy;
    }
}
