package io.adit.dns;

import static org.junit.Assert.assertEquals;

import java.net.InetAddress;
import java.util.List;
import java.util.TreeMap;

import org.junit.Test;

public class HostsTest {

    private final TreeMap<String, List<String>> leads = new TreeMap<>();
    private final Hosts hosts = new Hosts(Fixtures.DOMAIN, (host, addresses) -> {
        if (addresses.isEmpty()) {
            leads.remove(host.toString());
        } else {
            leads.put(host.toString(), addresses.stream().map(InetAddress::getHostAddress).toList());
        }
    });

    @Test
    public void aPeerAndItsProxyAreRegistered() {
        hosts.online(Fixtures.presence("alice", "gate", "192.0.2.1"));
        assertEquals("{alice.tunnel.example.=[192.0.2.1], gate.tunnel.example.=[192.0.2.1]}", leads.toString());
        hosts.online(Fixtures.presence("bob", "gate", "192.0.2.1"));
        hosts.gone("alice");
        assertEquals("{bob.tunnel.example.=[192.0.2.1], gate.tunnel.example.=[192.0.2.1]}", leads.toString());
        hosts.gone("bob");
        assertEquals("{}", leads.toString());
    }

    @Test
    public void aMoveIsFollowed() {
        hosts.online(Fixtures.presence("alice", "one.tunnel.example", "192.0.2.1"));
        hosts.online(Fixtures.presence("alice", "two.tunnel.example", "192.0.2.2"));
        assertEquals("{alice.tunnel.example.=[192.0.2.2], two.tunnel.example.=[192.0.2.2]}", leads.toString());
        assertEquals(Fixtures.addresses("192.0.2.2"), hosts.proxies());
    }

    @Test
    public void aProxyElsewhereHasNoNameHere() {
        for (String proxy : List.of("gate.other.example", "tunnel.example", "no_host", "-", "a..tunnel.example")) {
            hosts.online(Fixtures.presence("alice", proxy, "192.0.2.1"));
            assertEquals(proxy, "{alice.tunnel.example.=[192.0.2.1]}", leads.toString());
        }
    }

    @Test
    public void aPeersNameGoesBeforeAProxys() {
        hosts.online(Fixtures.presence("gate", "other", "192.0.2.1"));
        hosts.online(Fixtures.presence("alice", "gate", "192.0.2.2"));
        assertEquals(List.of("192.0.2.1"), leads.get("gate.tunnel.example."));
        hosts.gone("gate");
        assertEquals(List.of("192.0.2.2"), leads.get("gate.tunnel.example."));
        hosts.gone("alice");
        assertEquals("{}", leads.toString());
    }

    @Test
    public void aPeerOfItsProxysNameGoesWithIt() {
        hosts.online(Fixtures.presence("gate", "gate", "192.0.2.1"));
        hosts.gone("gate");
        assertEquals("{}", leads.toString());
    }

    @Test
    public void aNameThatIsNoLabelIsNoName() {
        hosts.online(Fixtures.presence("a.b", "gate", "192.0.2.1"));
        hosts.online(Fixtures.presence("a\\.b", "gate", "192.0.2.1"));
        hosts.online(Fixtures.presence("*", "gate", "192.0.2.1"));
        hosts.gone("a\nb");
        assertEquals("{}", leads.toString());
    }
}
