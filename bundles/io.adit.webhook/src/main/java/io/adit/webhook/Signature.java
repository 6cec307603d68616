package io.adit.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The field {@code Adit-Signature}: when the request was made, and the HMAC-SHA256 over that and the body. Stateless. */
final class Signature {

    static final String FIELD = "Adit-Signature";

    private Signature() {
    }

    /** @param seconds since 1970, so that a receiver can refuse what is old */
    static String of(byte[] secret, long seconds, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal((seconds + "." + body).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has it", e);
        }
    }
}
