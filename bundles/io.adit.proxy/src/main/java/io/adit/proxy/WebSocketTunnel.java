package io.adit.proxy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;

/**
 * The handshake of a WebSocket in a stream of HTTP/2 (RFC 8441 section 5) is a CONNECT without a key; that of HTTP/1.1, which origins know (RFC
 * 6455 section 4), is a GET with one. This is the difference: a key of our own, and whether the origin's answer belongs to it. Immutable.
 */
final class WebSocketTunnel {

    static final String PROTOCOL = "websocket";

    private static final String KEY = "Sec-WebSocket-Key";
    private static final String ACCEPT = "Sec-WebSocket-Accept";
    /** RFC 6455 section 1.3. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String key;

    WebSocketTunnel() {
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        key = Base64.getEncoder().encodeToString(nonce);
    }

    /** The fields of the GET. The key is ours, whatever the visitor sent. */
    Fields request(Fields sent) {
        return without(KEY, sent).add(KEY, key).build();
    }

    /** Whether a 101 accepts the handshake; nobody else checks the key, which the browser does not know. */
    boolean isAcceptedBy(ResponseHead head) {
        return head.upgrade().strip().equalsIgnoreCase(PROTOCOL) && head.fields().all(ACCEPT).size() == 1
                && accept(key).equals(head.fields().first(ACCEPT));
    }

    /** The fields of the 200. */
    static Fields response(Fields accepted) {
        return without(ACCEPT, accepted).build();
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private static Fields.Builder without(String name, Fields fields) {
        Fields.Builder result = Fields.builder();
        fields.forEach((each, value) -> {
            if (!each.equalsIgnoreCase(name)) {
                result.add(each, value);
            }
        });
        return result;
    }
}
