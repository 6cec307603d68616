package io.adit.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** The addresses whose Forwarded and X-Forwarded fields are believed: IP addresses and CIDR blocks. Immutable. */
final class TrustedProxies {

    private record Block(byte[] address, int bits) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i & 7);
                if ((address[i >> 3] & mask) != (other[i >> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Block> blocks;

    private TrustedProxies(List<Block> blocks) {
        this.blocks = blocks;
    }

    /**
     * @param list in one there may be several, with commas between; blank ones are nothing
     * @throws IllegalArgumentException with the bad entry as its message; names are not looked up
     */
    static TrustedProxies of(String... list) {
        List<Block> blocks = new ArrayList<>();
        for (String entry : (list == null ? "" : String.join(",", list)).split(",")) {
            if (!entry.isBlank()) {
                blocks.add(block(entry.strip()));
            }
        }
        return new TrustedProxies(List.copyOf(blocks));
    }

    boolean contains(InetAddress address) {
        if (blocks.isEmpty() || address == null) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return blocks.stream().anyMatch(block -> block.contains(bytes));
    }

    private static Block block(String entry) {
        int slash = entry.indexOf('/');
        String text = slash < 0 ? entry : entry.substring(0, slash);
        InetAddress parsed = literal(text);
        if (parsed == null) {
            throw new IllegalArgumentException(entry);
        }
        try {
            byte[] address = parsed.getAddress();
            int bits = slash < 0 ? 8 * address.length : Integer.parseInt(entry.substring(slash + 1));
            if (bits < 0 || bits > 8 * address.length) {
                throw new IllegalArgumentException(entry);
            }
            return new Block(address, bits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(entry, e);
        }
    }

    /** The address that is written there, as the fields have it: with a port, or without; null where it is none. Names are not looked up. */
    static InetAddress address(String text) {
        int port = text.lastIndexOf(':');
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? null : literal(text.substring(1, end));
        }
        return literal(port >= 0 && text.indexOf(':') == port ? text.substring(0, port) : text);
    }

    private static InetAddress literal(String text) {
        boolean address = text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || text.indexOf(':') >= 0 && text.matches("[0-9A-Fa-f:.]{2,45}");
        try {
            return address ? InetAddress.getByName(text) : null;
        } catch (UnknownHostException e) {
            return null; // none, after all
        }
    }
}
