package io.adit.api;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a peer proves that it knows the secret of its name, without sending it, and how the proxy proves the same, while its store holds
 * nothing that would let a thief log in: the construction of SCRAM (RFC 5802 section 3) over SHA-256, without salt and rounds, since the
 * secret is 256 random bits and no password.
 * <pre>
 * ClientKey = HMAC(secret, "adit client key")      StoredKey = SHA-256(ClientKey)      ServerKey = HMAC(secret, "adit server key")
 * proof     = ClientKey XOR HMAC(StoredKey, transcript)          answer = HMAC(ServerKey, transcript)
 * </pre>
 * The transcript binds both to one connection: both hellos (with their nonces and codec lists) and the certificate (PROTOCOL A1..A4).
 */
public final class Proof {

    /** What the proxy's store keeps of a secret. */
    public record Verifier(byte[] storedKey, byte[] serverKey) {
        @Override
        public String toString() {
            return "Verifier[hidden]";
        }
    }

    private Proof() {
    }

    public static Verifier verifier(byte[] secret) {
        return new Verifier(sha256(clientKey(secret)), hmac(secret, "adit server key".getBytes(StandardCharsets.US_ASCII)));
    }

    /** What a peer sends. */
    public static byte[] of(byte[] secret, byte[] transcript) {
        byte[] clientKey = clientKey(secret);
        return xor(clientKey, hmac(sha256(clientKey), transcript));
    }

    /** Whether a peer's proof is right; takes the same time for every wrong one. */
    public static boolean verify(Verifier verifier, byte[] transcript, byte[] proof) {
        if (proof.length != 32) {
            return false;
        }
        byte[] clientKey = xor(proof, hmac(verifier.storedKey(), transcript));
        return MessageDigest.isEqual(sha256(clientKey), verifier.storedKey());
    }

    /** What the proxy answers. */
    public static byte[] answer(Verifier verifier, byte[] transcript) {
        return hmac(verifier.serverKey(), transcript);
    }

    /** Whether the proxy's answer is right. */
    public static boolean verifyAnswer(byte[] secret, byte[] transcript, byte[] answer) {
        return MessageDigest.isEqual(hmac(hmac(secret, "adit server key".getBytes(StandardCharsets.US_ASCII)), transcript), answer);
    }

    /**
     * @param peerHello payload of the peer's hello packet
     * @param proxyHello payload of the proxy's hello packet
     * @param fingerprint SHA-256 of the proxy's certificate as this side saw it; empty without TLS
     */
    public static byte[] transcript(byte[] peerHello, byte[] proxyHello, byte[] fingerprint) {
        MessageDigest digest = digest();
        digest.update("adit transcript 1".getBytes(StandardCharsets.US_ASCII));
        digest.update(sha256(peerHello));
        digest.update(sha256(proxyHello));
        digest.update(sha256(fingerprint));
        return digest.digest();
    }

    /** Lower-case hex, for logs and configuration. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    public static byte[] sha256(byte[] bytes) {
        return digest().digest(bytes);
    }

    private static byte[] clientKey(byte[] secret) {
        return hmac(secret, "adit client key".getBytes(StandardCharsets.US_ASCII));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] xor(byte[] a, byte[] b) {
        byte[] result = new byte[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (byte) (a[i] ^ b[i]);
        }
        return result;
    }
}
