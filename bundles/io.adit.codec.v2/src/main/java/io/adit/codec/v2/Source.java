package io.adit.codec.v2;

import io.adit.api.packet.Packet.RequestHead;

/** What a dictionary row takes its value from: the head that the field is in (PROTOCOL C2-6). */
enum Source {
    AUTHORITY, CLIENT, FORWARDED, LENGTH;

    /**
     * The values of one head, each made when it is first asked for. A packet that has no such part has no such value: null.
     * Confined to one call.
     */
    static final class Values {

        static final Values NONE = new Values(null, null, null, -1);

        private final String scheme;
        private final String authority;
        private final String peer;
        private final long length;
        private String client;
        private String forwarded;
        private String digits;

        private Values(String scheme, String authority, String peer, long length) {
            this.scheme = scheme;
            this.authority = authority;
            this.peer = peer;
            this.length = length;
        }

        static Values of(RequestHead head) {
            return of(head.scheme(), head.authority(), head.client(), head.length());
        }

        static Values of(String scheme, String authority, String client, long length) {
            return new Values(scheme, authority, client, length);
        }

        static Values of(long length) {
            return length < 0 ? NONE : new Values(null, null, null, length);
        }

        String get(Source source) {
            return switch (source) {
                case AUTHORITY -> authority;
                case CLIENT -> client();
                case FORWARDED -> forwarded();
                case LENGTH -> digits();
            };
        }

        /** The client's address without its port and without brackets. */
        private String client() {
            if (client == null && peer != null) {
                int port = peer.lastIndexOf(':');
                String address = port < 0 ? peer : peer.substring(0, port);
                boolean bracketed = address.length() >= 2 && address.charAt(0) == '[' && address.charAt(address.length() - 1) == ']';
                client = bracketed ? address.substring(1, address.length() - 1) : address;
            }
            return client;
        }

        /** RFC 7239 section 4, the way that the proxy writes it. */
        private String forwarded() {
            if (forwarded == null && peer != null) {
                String address = client();
                String node = address.indexOf(':') < 0 ? address : "\"[" + address + "]\"";
                forwarded = "for=" + node + ";host=\"" + authority + "\";proto=" + scheme;
            }
            return forwarded;
        }

        private String digits() {
            if (digits == null && length >= 0) {
                digits = Long.toString(length);
            }
            return digits;
        }
    }
}
