package io.adit.way.check;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The path that a peer answers itself, with as many bytes as it may, so that the throughput of its tunnel can be measured from outside. Only who has the
 * peer's secret can make one, and each is good for a minute: nobody else shall make a peer send. Stateless.
 */
public final class SpeedPath {

    public static final String PREFIX = "/.well-known/adit/speed/";
    private static final int VALID_SECONDS = 60;
    private static final int NONCE_BYTES = 16;

    private SpeedPath() {
    }

    /** A new one. */
    public static String make(byte[] secret, Instant now) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        String what = now.plusSeconds(VALID_SECONDS).getEpochSecond() + "/" + HexFormat.of().formatHex(nonce);
        return PREFIX + what + "/" + sign(secret, what);
    }

    /** Whether the peer with that secret made it, a moment ago. */
    public static boolean isGood(String path, byte[] secret, Instant now) {
        if (!path.matches(PREFIX + "[0-9]{1,12}/[0-9a-f]{32}/[0-9a-f]{64}")) {
            return false;
        }
        String[] parts = path.substring(PREFIX.length()).split("/");
        long left = Long.parseLong(parts[0]) - now.getEpochSecond();
        byte[] expected = sign(secret, parts[0] + "/" + parts[1]).getBytes(StandardCharsets.US_ASCII);
        return left >= 0 && left <= 2 * VALID_SECONDS && MessageDigest.isEqual(expected, parts[2].getBytes(StandardCharsets.US_ASCII));
    }

    private static String sign(byte[] secret, String what) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(("Adit speed test " + what).getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
