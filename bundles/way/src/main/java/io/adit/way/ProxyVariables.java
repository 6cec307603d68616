package io.adit.way;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The environment variables that name a forward proxy, as curl and git read them: {@code https_proxy}, else {@code all_proxy}, each in lower case, else
 * in upper case; not for hosts that {@code no_proxy} lists, and never for this machine. Stateless.
 */
public final class ProxyVariables {

    private static final List<String> NAMES = List.of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");

    /** @param via without a path */
    public record Found(String variable, Via via) {
    }

    private ProxyVariables() {
    }

    /**
     * @param host what is to be dialled
     * @throws IllegalArgumentException with a whole line that names the variable and tells no password
     */
    public static Optional<Found> find(Map<String, String> environment, String host) {
        if (isLocal(host) || isListed(host, value(environment, "no_proxy").or(() -> value(environment, "NO_PROXY")).orElse(""))) {
            return Optional.empty();
        }
        for (String name : NAMES) {
            Optional<String> value = value(environment, name);
            if (value.isPresent()) {
                String url = value.get().contains("://") ? value.get() : "http://" + value.get();
                try {
                    return Optional.of(new Found(name, Via.parse(url)));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("the environment variable " + name + " must be " + e.getMessage() + ", not '"
                            + Via.redact(url).replaceAll("\\p{Cntrl}", "?") + "'");
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static boolean isLocal(String host) {
        byte[] address = Literal.address(host);
        if (address == null) {
            String name = host.toLowerCase(Locale.ROOT);
            return name.equals("localhost") || name.endsWith(".localhost");
        }
        byte[] loopback6 = new byte[16];
        loopback6[15] = 1;
        return address.length == 4 && address[0] == 127 || Arrays.equals(address, loopback6);
    }

    /** A star, names (with all names below them), addresses, and networks such as 10.0.0.0/8; separated by commas or blanks. */
    private static boolean isListed(String host, String list) {
        byte[] address = Literal.address(host);
        String name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        for (String each : list.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
            String entry = each.replaceFirst("^\\*?\\.", "").replaceAll("\\.$|[\\[\\]]", "");
            if (entry.equals("*") || (address == null ? !entry.isEmpty() && (name.equals(entry) || name.endsWith("." + entry)) : contains(entry, address))) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(String network, byte[] address) {
        String[] parts = network.split("/", 2);
        byte[] base = Literal.address(parts[0]);
        if (base == null || base.length != address.length || parts.length == 2 && !parts[1].matches("[0-9]{1,3}")) {
            return false;
        }
        int bits = parts.length == 2 ? Integer.parseInt(parts[1]) : 8 * base.length;
        if (bits > 8 * base.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((base[bit / 8] & mask) != (address[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
