package io.adit.proxy;

import java.util.Locale;
import java.util.StringJoiner;

import io.adit.api.packet.Fields;

/** The Upgrade field of a message (RFC 9110 section 7.8), of which a gateway passes on what is not HTTP itself. */
final class UpgradeField {

    private UpgradeField() {
    }

    /** Whether Connection says that Upgrade is meant: without that it is another hop's, or a mistake. */
    static boolean isMeant(Fields fields) {
        for (String list : fields.all("connection")) {
            for (String option : list.split(",")) {
                if (option.strip().equalsIgnoreCase("upgrade")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The protocols, but HTTP and TLS: to those this connection changes with us, or not at all. Empty when there is none. */
    static String protocols(Iterable<String> lists) {
        StringJoiner protocols = new StringJoiner(", ");
        for (String list : lists) {
            for (String protocol : list.split(",")) {
                String name = protocol.strip();
                if (!name.isEmpty() && !isHttp(name)) {
                    protocols.add(name);
                }
            }
        }
        return protocols.toString();
    }

    private static boolean isHttp(String protocol) {
        int slash = protocol.indexOf('/');
        return switch ((slash < 0 ? protocol : protocol.substring(0, slash)).strip().toLowerCase(Locale.ROOT)) {
            case "h2", "h2c", "h3", "http", "tls" -> true;
            default -> false;
        };
    }
}
