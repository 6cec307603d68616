package io.adit.command;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.ProxyManager;
import io.adit.api.Quota;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager;
import io.adit.api.Terms;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;

/** Knows one name, demo; remembers what was asked. */
final class FakeRegistrations implements RegistrationManager, ProxyManager {

    final List<String> calls = new ArrayList<>();

    @Override
    public boolean isRegistered(String name) {
        return name.equals("demo");
    }

    @Override
    public Registered register(Register register, byte[] transcript) {
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
        return new Invitation("127.0.0.1", 7443, name, new byte[32], new byte[0]);
    }

    @Override
    public boolean revoke(String name) {
        calls.add("revoke " + name);
        if (name.equals("stuck")) {
            throw new IllegalStateException("'stuck' was not revoked: the store failed");
        }
        return name.equals("demo");
    }

    @Override
    public List<NameInfo> names() {
        return List.of(new NameInfo("alpha", "offline", Instant.parse("2026-01-02T03:04:05Z"), 0, Terms.DEFAULT),
                new NameInfo("demo", "online", Instant.parse("2026-01-02T03:04:06Z"), 2, Terms.DEFAULT));
    }

    @Override
    public Terms change(String name, UnaryOperator<Terms> change) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Quota quota(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<NameInfo> name(String name) {
        return names().stream().filter(info -> info.name().equals(name)).findFirst();
    }

    @Override
    public Invitation inviteProxy(String name) throws RegistrationException {
        calls.add("invite proxy " + name);
        return new Invitation("127.0.0.1", 7443, name, new byte[32], new byte[0]);
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
