package io.adit.api.packet;

import java.util.Arrays;
import java.util.Objects;

/**
 * The structured packets: those whose payload a codec version encodes. All others (hello, data, window, reset, ping, go-away,
 * codec offer/ready/switch) have a fixed layout that belongs to the engine (docs/PROTOCOL.md, section 4).
 *
 * <p>All strings are Latin-1 (one char, one byte) unless said otherwise. Thread-safety: immutable; arrays are not to be changed.
 */
public sealed interface Packet {

    /** Which packet it is; the code is the type byte of the outer frame. */
    Kind kind();

    /** The kinds of structured packets with the type byte of their frame (PROTOCOL section 4). */
    enum Kind {
        REGISTER(0x08), REGISTERED(0x09), REQUEST(0x10), RESPONSE(0x11), TRAILERS(0x13);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    /**
     * A peer asks for its name.
     *
     * @param name the peer's name, one DNS label
     * @param proof that the sender knows the secret of the name, bound to this connection ({@link io.adit.api.Proof})
     * @param agent who speaks, for operators: product/version
     * @param ticket what the registration server gave for this proxy; empty where there is none
     * @param details what the peer says of itself, names and values as PROTOCOL section 6 lists them; unknown ones are ignored
     */
    record Register(String name, byte[] proof, String agent, byte[] ticket, Fields details) implements Packet {
        public Register {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(proof, "proof");
            Objects.requireNonNull(agent, "agent");
            Objects.requireNonNull(ticket, "ticket");
            Objects.requireNonNull(details, "details");
        }

        /** Without ticket and details. */
        public Register(String name, byte[] proof, String agent) {
            this(name, proof, agent, new byte[0], Fields.EMPTY);
        }

        @Override
        public Kind kind() {
            return Kind.REGISTER;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Register that && name.equals(that.name) && Arrays.equals(proof, that.proof) && agent.equals(that.agent)
                    && Arrays.equals(ticket, that.ticket) && details.equals(that.details);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, Arrays.hashCode(proof), agent, Arrays.hashCode(ticket), details);
        }

        @Override
        public String toString() {
            return "Register[" + name + ", " + agent + "]";
        }
    }

    /**
     * The answer: the peer is registered, and with which proxy.
     *
     * @param name the peer's name as registered
     * @param proxyName the assigned proxy's name
     * @param proxyAddress the assigned proxy's IP address, as text
     * @param proxyPort the assigned proxy's tunnel port
     * @param url where browsers reach the peer
     * @param proof that the proxy knows the name's credential
     * @param ticket what the assigned proxy wants to see, when it is another than the one asked; else empty
     * @param details more about the registration, names and values as PROTOCOL section 6 lists them; unknown ones are ignored
     */
    record Registered(String name, String proxyName, String proxyAddress, int proxyPort, String url, byte[] proof, byte[] ticket, Fields details)
            implements Packet {
        public Registered {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(proxyName, "proxyName");
            Objects.requireNonNull(proxyAddress, "proxyAddress");
            Objects.requireNonNull(url, "url");
            Objects.requireNonNull(proof, "proof");
            Objects.requireNonNull(ticket, "ticket");
            Objects.requireNonNull(details, "details");
        }

        /** Without details. */
        public Registered(String name, String proxyName, String proxyAddress, int proxyPort, String url, byte[] proof, byte[] ticket) {
            this(name, proxyName, proxyAddress, proxyPort, url, proof, ticket, Fields.EMPTY);
        }

        @Override
        public Kind kind() {
            return Kind.REGISTERED;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Registered that && name.equals(that.name) && proxyName.equals(that.proxyName)
                    && proxyAddress.equals(that.proxyAddress) && proxyPort == that.proxyPort && url.equals(that.url)
                    && Arrays.equals(proof, that.proof) && Arrays.equals(ticket, that.ticket) && details.equals(that.details);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, proxyName, proxyAddress, proxyPort, url, Arrays.hashCode(proof), Arrays.hashCode(ticket), details);
        }

        @Override
        public String toString() {
            return "Registered[" + name + " at " + proxyName + " " + proxyAddress + ":" + proxyPort + ", " + url + "]";
        }
    }

    /**
     * The head of a request packet; its post data follows in data packets with the same message box id.
     *
     * @param method any token, case kept
     * @param scheme of the request as the browser sent it: http or https
     * @param authority the one parsed authority that routed the request (host[:port])
     * @param target the request target byte for byte
     * @param protocol the browser's protocol version: HTTP/1.0, HTTP/1.1 or HTTP/2.0
     * @param fields end-to-end fields as they came, plus ours
     * @param client the browser's address and port, as text
     * @param upgrade the protocol named in Upgrade, or empty: the stream carries raw bytes both ways after a 101
     * @param length the declared Content-Length, or -1 when none was declared
     */
    record RequestHead(String method, String scheme, String authority, String target, String protocol, Fields fields, String client,
            String upgrade, long length) implements Packet {
        public RequestHead {
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(scheme, "scheme");
            Objects.requireNonNull(authority, "authority");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(protocol, "protocol");
            Objects.requireNonNull(fields, "fields");
            Objects.requireNonNull(client, "client");
            Objects.requireNonNull(upgrade, "upgrade");
        }

        /** The same with those fields in place of all that have their names. */
        public RequestHead with(Fields those) {
            return those.isEmpty() ? this : new RequestHead(method, scheme, authority, target, protocol, fields.with(those), client, upgrade, length);
        }

        @Override
        public Kind kind() {
            return Kind.REQUEST;
        }
    }

    /**
     * The head of a response, or an interim (1xx) one; its body follows in data packets.
     *
     * @param status 100..599 (a codec refuses others)
     * @param reason the reason phrase byte for byte, may be empty
     * @param fields end-to-end fields as the origin sent them
     * @param upgrade with 101: the protocol that the origin switched to; with 426: those that it wants; else empty
     * @param length the declared Content-Length, or -1 when none was declared
     */
    record ResponseHead(int status, String reason, Fields fields, String upgrade, long length) implements Packet {
        public ResponseHead {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(fields, "fields");
            Objects.requireNonNull(upgrade, "upgrade");
        }

        @Override
        public Kind kind() {
            return Kind.RESPONSE;
        }

        /** True for 1xx but 101: another head follows. */
        public boolean isInterim() {
            return status < 200 && status != 101;
        }
    }

    /** Trailer fields; nothing follows them in their direction. */
    record Trailers(Fields fields) implements Packet {
        public Trailers {
            Objects.requireNonNull(fields, "fields");
        }

        @Override
        public Kind kind() {
            return Kind.TRAILERS;
        }
    }
}
