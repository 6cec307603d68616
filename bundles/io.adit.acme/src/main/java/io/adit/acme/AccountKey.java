package io.adit.acme;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.shredzone.acme4j.util.KeyPairUtils;

/** The key by which the ACME server knows us (RFC 8555 section 7.1.2), kept in a file. Stateless. */
final class AccountKey {

    private AccountKey() {
    }

    /** The file's key; it is made where the file is missing. */
    static KeyPair of(Path file) throws IOException, GeneralSecurityException {
        if (Files.exists(file)) {
            return read(file);
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        Pem.replace(file, Pem.of("EC PRIVATE KEY", withPublicHalf(pair)), true);
        return pair;
    }

    /** As RFC 5915 has it: what the JDK makes of an EC key has no public half, and it cannot compute it from the private one. */
    private static byte[] withPublicHalf(KeyPair pair) throws IOException {
        return new ECPrivateKey(256, ((java.security.interfaces.ECPrivateKey) pair.getPrivate()).getS(),
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()).getPublicKeyData(), SECObjectIdentifiers.secp256r1).getEncoded();
    }

    private static KeyPair read(Path file) throws IOException {
        try {
            return KeyPairUtils.readKeyPair(Files.newBufferedReader(file, StandardCharsets.US_ASCII));
        } catch (ClassCastException | NullPointerException e) {
            // what acme4j does with a file that holds something else, or nothing
            throw new IOException("no key pair (PEM, as 'EC PRIVATE KEY' or 'RSA PRIVATE KEY') in " + file, e);
        }
    }
}
