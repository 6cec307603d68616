package io.adit.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Ed25519 key (RFC 8032) with which a registration server signs tickets. Its file has both parts in PEM, the private one in PKCS#8: Java has
 * no way from the one to the other. Thread-safety: immutable.
 */
record TicketKey(PrivateKey secret, PublicKey open) {

    private static final String ALGORITHM = "Ed25519";

    /**
     * The file's key; it is made when there is none.
     *
     * @throws GeneralSecurityException with one line that names the file, when it does not hold a key pair
     */
    static TicketKey of(Path file) throws IOException, GeneralSecurityException {
        if (Files.notExists(file)) {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            OwnerFile.write(file, pem("PRIVATE KEY", pair.getPrivate().getEncoded()) + pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        }
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        try {
            KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            TicketKey key = new TicketKey(factory.generatePrivate(new PKCS8EncodedKeySpec(der(text, "PRIVATE KEY"))),
                    factory.generatePublic(new X509EncodedKeySpec(der(text, "PUBLIC KEY"))));
            if (key.isPair()) {
                return key;
            }
            throw new GeneralSecurityException("its two keys are no pair");
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new GeneralSecurityException(file + " does not hold an Ed25519 key pair, PRIVATE KEY and PUBLIC KEY in PEM: " + e.getMessage(), e);
        }
    }

    /** The public part as it is sent to proxies: X.509 (RFC 8410 section 4) in hex. */
    String openText() {
        return HexFormat.of().formatHex(open.getEncoded());
    }

    /** @throws IllegalArgumentException when it is none */
    static PublicKey parse(String hex) {
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex(hex)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no Ed25519 public key", e);
        }
    }

    private boolean isPair() throws GeneralSecurityException {
        Signature engine = Signature.getInstance(ALGORITHM);
        engine.initSign(secret);
        engine.update((byte) 1);
        byte[] signature = engine.sign();
        engine.initVerify(open);
        engine.update((byte) 1);
        return engine.verify(signature);
    }

    private static byte[] der(String text, String what) {
        Matcher block = Pattern.compile("-----BEGIN " + what + "-----([^-]*)-----END " + what + "-----").matcher(text);
        if (!block.find()) {
            throw new IllegalArgumentException("there is no " + what);
        }
        return Base64.getMimeDecoder().decode(block.group(1));
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    @Override
    public String toString() {
        return "TicketKey[hidden]";
    }
}
