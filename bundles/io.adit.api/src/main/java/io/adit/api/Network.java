package io.adit.api;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * What limits count as one party: all addresses that one client can easily have, the first 24 bits of IPv4, the first 48 of IPv6.
 *
 * <p>Immutable.
 */
public final class Network {

    private static final int IPV4_BYTES = 3;
    private static final int IPV6_BYTES = 6;

    private final byte[] address;
    private final int bytes;

    private Network(byte[] address, int bytes) {
        this.address = address;
        this.bytes = bytes;
    }

    /** The network of an address. */
    public static Network of(InetAddress client) {
        byte[] address = client.getAddress();
        int bytes = address.length == 4 ? IPV4_BYTES : IPV6_BYTES;
        Arrays.fill(address, bytes, address.length, (byte) 0);
        return new Network(address, bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network network && Arrays.equals(address, network.address);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(address);
    }

    /** In CIDR notation (RFC 4632 section 3.1). */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(address).getHostAddress() + "/" + Byte.SIZE * bytes;
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // 4 or 16 bytes
        }
    }
}
