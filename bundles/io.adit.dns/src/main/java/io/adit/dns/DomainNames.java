package io.adit.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.adit.api.Checks;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.TextParseException;

/** Names and addresses from configurations and from peers. Stateless. */
final class DomainNames {

    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

    private DomainNames() {
    }

    /** The host name that a configuration holds, with or without the last dot. */
    static Name host(String pid, String key, String value) {
        String text = value == null ? "" : value.strip();
        try {
            if (text.length() <= 254 && text.matches(LABEL + "(\\." + LABEL + ")*\\.?")) {
                return Name.fromString(text, Name.root);
            }
        } catch (TextParseException e) {
            throw Checks.bad(pid, key, value, "a host name");
        }
        throw Checks.bad(pid, key, value, "a host name");
    }

    /** One label below the domain; empty where that makes no host name. */
    static Optional<Name> below(String label, Name domain) {
        if (!label.matches(LABEL)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Name.fromString(label, domain));
        } catch (TextParseException e) {
            return Optional.empty(); // longer than 255 bytes together
        }
    }

    /** Where a host is to be found in the domain: in it already, or put there because it has no domain of its own; else empty. */
    static Optional<Name> within(String host, Name domain) {
        if (host.indexOf('.') < 0) {
            return below(host, domain);
        }
        try {
            Name name = Name.fromString(host, Name.root);
            boolean fits = name.subdomain(domain) && !name.equals(domain) && host.matches(LABEL + "(\\." + LABEL + ")*\\.?");
            return fits ? Optional.of(name) : Optional.empty();
        } catch (TextParseException e) {
            return Optional.empty();
        }
    }

    /** @throws IllegalArgumentException for a name that has no room for it */
    static Name child(String label, Name parent) {
        try {
            return Name.concatenate(Name.fromConstantString(label), parent);
        } catch (NameTooLongException e) {
            throw new IllegalArgumentException(label + "." + parent + " is longer than a name may be", e);
        }
    }

    /** Addresses of several values, each of which may hold several, separated by commas. */
    static List<InetAddress> addresses(String pid, String key, String[] values) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String value : values == null ? new String[0] : values) {
            for (String one : value.split(",")) {
                if (!one.isBlank()) {
                    addresses.add(address(pid, key, one.strip()));
                }
            }
        }
        return List.copyOf(addresses);
    }

    private static InetAddress address(String pid, String key, String text) {
        try {
            if (text.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) { // no name: that would be looked up
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException e) {
            throw Checks.bad(pid, key, text, "IP addresses, separated by commas");
        }
        throw Checks.bad(pid, key, text, "IP addresses, separated by commas");
    }
}
