package io.adit.acceptor;

import io.adit.api.TunnelEndpoint;

/** Where peers are told to dial. Thread-safety: immutable. */
record Endpoint(String host, int port, byte[] fingerprint) implements TunnelEndpoint {

    /**
     * @param advertise HOST:PORT, [IPv6]:PORT, or empty for the bound address; a wildcard address is no good for dialling and becomes loopback
     */
    static Endpoint of(String advertise, String bound, int port, byte[] fingerprint) {
        if (advertise.isBlank()) {
            boolean wildcard = bound.equals("0.0.0.0") || bound.equals("::") || bound.isEmpty();
            return new Endpoint(wildcard ? "127.0.0.1" : bound, port, fingerprint);
        }
        String text = advertise.strip();
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, colon);
            int dial = Integer.parseInt(text.substring(colon + 1));
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            if (host.isEmpty() || dial < 1 || dial > 65535) {
                throw new IndexOutOfBoundsException();
            }
            return new Endpoint(host, dial, fingerprint);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException("io.adit.acceptor: advertise is '" + text + "', not HOST:PORT with a port within 1..65535");
        }
    }

    String hostPort() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
