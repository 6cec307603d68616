package io.adit.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;

import io.adit.api.DomainManager;
import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.ProxyManager;
import io.adit.api.Quota;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager;
import io.adit.api.Terms;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;

/** Knows two names, alpha and demo, and a third in quarantine; remembers what was asked. */
public final class FakeRegistrations implements RegistrationManager, ProxyManager, DomainManager {

    public final List<String> calls = new ArrayList<>();
    private final Map<String, NameInfo> names = new ConcurrentSkipListMap<>();
    private volatile boolean quarantined = true;

    public FakeRegistrations() {
        names.put("alpha", new NameInfo("alpha", "offline", Instant.parse("2026-01-02T03:04:05Z"), 0, 0, Terms.DEFAULT));
        names.put("demo", new NameInfo("demo", "online", Instant.parse("2026-01-02T03:04:06Z"), 2, 3, Terms.DEFAULT));
    }

    @Override
    public boolean isRegistered(String name) {
        return names.containsKey(name);
    }

    @Override
    public Registered register(Register register, byte[] transcript, String remote) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Invitation invite(String name, Terms terms) throws RegistrationException {
        calls.add("invite " + name);
        if (name.equals("www")) {
            throw new RegistrationException(ErrorCode.REFUSED, "'www' is a reserved name");
        }
        if (name.equals("early")) {
            throw new RegistrationException(ErrorCode.INTERNAL, "the proxy has no tunnel endpoint");
        }
        if (name.equals("gone") && quarantined) {
            throw new RegistrationException(ErrorCode.REFUSED, "'gone' is in quarantine");
        }
        names.put(name, new NameInfo(name, "offline", Instant.parse("2026-01-02T03:04:07Z"), 0, 0, terms));
        return new Invitation("127.0.0.1", 7443, name, new byte[32], new byte[0]);
    }

    @Override
    public Terms change(String name, UnaryOperator<Terms> change) throws RegistrationException {
        calls.add("change " + name);
        NameInfo info = names.get(name);
        if (info == null) {
            throw new RegistrationException(ErrorCode.REFUSED, "there is no name '" + name + "'");
        }
        names.put(name, new NameInfo(name, info.state(), info.since(), info.codec(), info.peers(), change.apply(info.terms())));
        return names.get(name).terms();
    }

    @Override
    public Quota quota(String name) {
        return names.get(name).terms().quota().over(new Quota(7, 0, 0));
    }

    @Override
    public boolean revoke(String name) {
        calls.add("revoke " + name);
        if (name.equals("stuck")) {
            throw new IllegalStateException("'stuck' was not revoked: the store failed");
        }
        return name.equals("p2") || names.remove(name) != null;
    }

    @Override
    public void rename(String from, String to) throws RegistrationException {
        calls.add("rename " + from + " " + to);
        if (to.equals("www")) {
            throw new RegistrationException(ErrorCode.REFUSED, "'www' is a reserved name");
        }
        NameInfo info = names.remove(from);
        names.put(to, new NameInfo(to, info.state(), info.since(), info.codec(), info.peers(), info.terms()));
    }

    @Override
    public boolean release(String name) {
        calls.add("release " + name);
        boolean was = quarantined && name.equals("gone");
        quarantined &= !was;
        return was;
    }

    @Override
    public List<Released> released() {
        return quarantined ? List.of(new Released("gone", Instant.parse("2026-01-02T03:04:05Z"), Instant.parse("2026-02-01T03:04:05Z"), "demo")) : List.of();
    }

    @Override
    public List<NameInfo> names() {
        return List.copyOf(names.values());
    }

    @Override
    public Optional<NameInfo> name(String name) {
        return Optional.ofNullable(names.get(name));
    }

    @Override
    public Invitation inviteProxy(String name) throws RegistrationException {
        calls.add("invite proxy " + name);
        return new Invitation("127.0.0.1", 7443, name, new byte[32], new byte[0]);
    }

    private final Map<String, Domain> domains = new ConcurrentSkipListMap<>(Map.of("www.example", domain("www.example", "demo", "active", "")));

    private static Domain domain(String domain, String name, String state, String problem) {
        return new Domain(domain, name, "_adit." + domain, "adit-domain=0123", state, Instant.parse("2026-01-02T03:04:05Z"), problem);
    }

    @Override
    public Domain add(String name, String domain) throws RegistrationException {
        if (!names.containsKey(name)) {
            throw new RegistrationException(ErrorCode.REFUSED, "there is no name '" + name + "'");
        }
        domains.put(domain, domain(domain, name, "waiting", ""));
        return domains.get(domain);
    }

    @Override
    public List<Domain> check(String domain) throws RegistrationException {
        if (!domains.containsKey(domain)) {
            throw new RegistrationException(ErrorCode.REFUSED, "no name wants the domain '" + domain + "'");
        }
        return List.of(domains.get(domain));
    }

    @Override
    public boolean remove(String name, String domain) {
        return domains.containsKey(domain) && domains.get(domain).name().equals(name) && domains.remove(domain) != null;
    }

    @Override
    public List<Domain> domains() {
        return List.copyOf(domains.values());
    }

    @Override
    public List<ProxyInfo> proxies() {
        return List.of(new ProxyInfo("gw", "here", Instant.parse("2026-01-02T03:04:05Z"), "192.0.2.1:7443", 3, 100),
                new ProxyInfo("p2", "away", Instant.parse("2026-01-02T03:04:06Z"), "", 0, 0));
    }

    @Override
    public void move(String name, String proxy) throws RegistrationException {
        calls.add("move " + name + " " + proxy);
        if (proxy.equals("gone")) {
            throw new RegistrationException(ErrorCode.REFUSED, "'demo' cannot move to 'gone': it is no proxy that is linked now");
        }
    }
}
