package io.adit.dns;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.adit.api.Presence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * Which host names of the domain lead where, worked out from what the registry tells: a peer's name to the proxy that serves it, and a proxy's own
 * name, where it has its place in the domain, to the proxy. A peer's name goes before a proxy's.
 *
 * <p>Thread-safety: confined to the registry's thread.
 */
final class Hosts {

    /** Is told of each host name whose addresses may have changed. */
    interface Sink {

        /** @param addresses where it leads from now on; empty: nowhere */
        void lead(Name host, List<InetAddress> addresses);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Hosts.class);

    private final Name domain;
    private final Sink sink;
    private final Map<Name, Presence> peers = new HashMap<>();
    private final Map<String, Proxy> proxies = new LinkedHashMap<>();

    /** A proxy, for as long as it serves a name. */
    private static final class Proxy {
        final Set<String> names = new HashSet<>();
        List<InetAddress> addresses = List.of();
    }

    Hosts(Name domain, Sink sink) {
        this.domain = domain;
        this.sink = sink;
    }

    void online(Presence presence) {
        Optional<Name> host = DomainNames.below(presence.name(), domain);
        if (host.isEmpty()) {
            LOG.warn("name={} makes no host name in {}", presence.name().replaceAll("[^\\x20-\\x7e]", "?"), domain);
            return;
        }
        if (presence.addresses().isEmpty()) {
            LOG.warn("name={} has no address in DNS: proxy={} has none, set io.adit.registry:public.addresses there", presence.name(),
                    presence.proxyName());
        }
        Presence old = peers.put(host.get(), presence);
        Set<Name> changed = new LinkedHashSet<>();
        changed.add(host.get());
        if (old != null) {
            leave(old).ifPresent(changed::add);
        }
        Proxy proxy = proxies.computeIfAbsent(presence.proxyName(), name -> new Proxy());
        proxy.names.add(presence.name());
        if (!proxy.addresses.equals(presence.addresses())) {
            proxy.addresses = presence.addresses();
            host(presence.proxyName()).ifPresent(changed::add);
        }
        changed.forEach(this::tell);
    }

    /** Offline or no more: to DNS it is the same. Told on for names that were not online too, for what was published in an earlier life. */
    void gone(String name) {
        DomainNames.below(name, domain).ifPresent(host -> {
            Presence old = peers.remove(host);
            Optional<Name> proxy = old == null ? Optional.empty() : leave(old);
            tell(host);
            proxy.filter(its -> !its.equals(host)).ifPresent(this::tell);
        });
    }

    /** Those of all proxies that serve a name, in the order in which the proxies came. */
    List<InetAddress> proxies() {
        Set<InetAddress> all = new LinkedHashSet<>();
        proxies.values().forEach(proxy -> all.addAll(proxy.addresses));
        return List.copyOf(all);
    }

    /** @return the proxy's own host name, if that leads nowhere now */
    private Optional<Name> leave(Presence old) {
        Proxy proxy = proxies.get(old.proxyName());
        proxy.names.remove(old.name());
        if (!proxy.names.isEmpty()) {
            return Optional.empty();
        }
        proxies.remove(old.proxyName());
        return host(old.proxyName());
    }

    private Optional<Name> host(String proxyName) {
        return DomainNames.within(proxyName, domain);
    }

    private void tell(Name host) {
        Presence peer = peers.get(host);
        if (peer != null) {
            sink.lead(host, peer.addresses());
            return;
        }
        Set<InetAddress> addresses = new LinkedHashSet<>();
        proxies.forEach((name, proxy) -> {
            if (host(name).filter(host::equals).isPresent()) {
                addresses.addAll(proxy.addresses);
            }
        });
        sink.lead(host, List.copyOf(addresses));
    }
}
