package io.adit.registry;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;

import io.adit.api.Proof.Verifier;
import io.adit.api.Terms;

/**
 * What a registration server gives to a peer for the proxy that it is assigned to (PROTOCOL section 14): signed, so that the proxy need not ask
 * back, and worth nothing without the secret of the name, which the proxy checks with the verifier in it. Thread-safety: immutable.
 *
 * @param name the peer's name
 * @param proxy the assigned proxy's name
 * @param issued by the registration server's clock, in milliseconds
 * @param expires by the same clock
 * @param verifier of the name's secret
 * @param url where browsers reach the peer
 * @param peers how many peers may serve the name at a time
 */
record Ticket(String name, String proxy, Instant issued, Instant expires, Verifier verifier, String url, int peers) {

    /** More than any has; what is longer is not looked at. */
    static final int MAX_BYTES = 2048;

    private static final int VERSION = 1;
    private static final int KEY = 32;
    private static final int SIGNATURE = 64;
    private static final int CRITICAL = 0x8000;
    /** The parameter with the number of peers; without it, one. */
    private static final int PEERS = 1;
    private static final byte[] CONTEXT = "adit ticket 1".getBytes(StandardCharsets.US_ASCII);

    /** A ticket that does not count; the message is one line that says why. */
    static final class BadTicketException extends Exception {
        private static final long serialVersionUID = 1L;

        BadTicketException(String message) {
            super(message, null, false, false);
        }
    }

    /** PROTOCOL T1 and T2. */
    byte[] sign(PrivateKey key) {
        byte[] nameBytes = bytes(name);
        byte[] proxyBytes = bytes(proxy);
        byte[] urlBytes = bytes(url);
        ByteBuffer block = ByteBuffer.allocate(MAX_BYTES);
        block.put((byte) VERSION);
        block.put((byte) nameBytes.length).put(nameBytes);
        block.put((byte) proxyBytes.length).put(proxyBytes);
        block.putLong(issued.toEpochMilli()).putLong(expires.toEpochMilli());
        block.put(verifier.storedKey()).put(verifier.serverKey());
        block.putShort((short) urlBytes.length).put(urlBytes);
        if (peers > 1) {
            block.putShort((short) PEERS).putShort((short) 2).putShort((short) peers);
        }
        byte[] signature;
        try {
            Signature engine = Signature.getInstance("Ed25519");
            engine.initSign(key);
            engine.update(CONTEXT);
            engine.update(block.array(), 0, block.position());
            signature = engine.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform of version 17 has Ed25519", e);
        }
        return Arrays.copyOf(block.put(signature).array(), block.position());
    }

    /**
     * The ticket, if the key signed it; whose it is and whether it is still good is for {@link Tickets}.
     *
     * @throws BadTicketException PROTOCOL T3
     */
    static Ticket read(byte[] bytes, PublicKey key) throws BadTicketException {
        if (bytes.length < SIGNATURE || bytes.length > MAX_BYTES) {
            throw new BadTicketException("it is damaged");
        }
        int length = bytes.length - SIGNATURE;
        // before anything in it is looked at
        if (!isSigned(bytes, length, key)) {
            throw new BadTicketException("it is not signed by the registration server of this proxy");
        }
        ByteBuffer block = ByteBuffer.wrap(bytes, 0, length);
        try {
            if (block.get() != VERSION) {
                throw new BadTicketException("it has a version that this proxy does not know");
            }
            String name = text(block, block.get() & 0xFF);
            String proxy = text(block, block.get() & 0xFF);
            Instant issued = Instant.ofEpochMilli(block.getLong());
            Instant expires = Instant.ofEpochMilli(block.getLong());
            byte[] storedKey = new byte[KEY];
            byte[] serverKey = new byte[KEY];
            block.get(storedKey).get(serverKey);
            String url = text(block, block.getShort() & 0xFFFF);
            int peers = 1;
            while (block.hasRemaining()) { // PROTOCOL T4
                int type = block.getShort() & 0xFFFF;
                String value = text(block, block.getShort() & 0xFFFF);
                if (type == PEERS && value.length() == 2) {
                    peers = value.charAt(0) << 8 | value.charAt(1);
                } else if ((type & CRITICAL) != 0) {
                    throw new BadTicketException("it has a parameter " + type + " that this proxy must know and does not");
                }
            }
            return new Ticket(name, proxy, issued, expires, new Verifier(storedKey, serverKey), url, Math.max(1, Math.min(peers, Terms.MOST_PEERS)));
        } catch (BufferUnderflowException e) {
            throw new BadTicketException("it is damaged");
        }
    }

    private static boolean isSigned(byte[] bytes, int length, PublicKey key) {
        try {
            Signature engine = Signature.getInstance("Ed25519");
            engine.initVerify(key);
            engine.update(CONTEXT);
            engine.update(bytes, 0, length);
            return engine.verify(bytes, length, SIGNATURE);
        } catch (GeneralSecurityException e) {
            return false; // a signature that no key makes
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(ByteBuffer block, int length) {
        if (length > block.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        block.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
