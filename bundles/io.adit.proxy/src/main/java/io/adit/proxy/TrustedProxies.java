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

    /** @throws IllegalArgumentException with the bad entry as its message; names are not looked up */
    static TrustedProxies of(String... list) {
        List<Block> blocks = new ArrayList<>();
        for (String entry : list == null ? new String[0] : list) {
            if (entry != null && !entry.isBlank()) {
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
        boolean literal = text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || text.indexOf(':') >= 0 && text.matches("[0-9A-Fa-f:.]+");
        if (!literal) {
            throw new IllegalArgumentException(entry);
        }
        try {
            byte[] address = InetAddress.getByName(text).getAddress();
            int bits = slash < 0 ? 8 * address.length : Integer.parseInt(entry.substring(slash + 1));
            if (bits < 0 || bits > 8 * address.length) {
                throw new IllegalArgumentException(entry);
            }
            return new Block(address, bits);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException(entry, e);
        }
    }
}
