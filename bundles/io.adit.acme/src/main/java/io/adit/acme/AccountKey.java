package io.adit.acme;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;

import org.shredzone.acme4j.util.KeyPairUtils;

/** The key by which the ACME server knows us (RFC 8555 section 7.1.2), kept in a file. Stateless. */
final class AccountKey {

    /** RSA: what the JDK makes of an EC key has no public half, which the file must have. */
    private static final int BITS = 3072;

    private AccountKey() {
    }

    /** The file's key; it is made where the file is missing. */
    static KeyPair of(Path file) throws IOException {
        if (Files.exists(file)) {
            return read(file);
        }
        KeyPair pair = KeyPairUtils.createKeyPair(BITS);
        StringWriter text = new StringWriter();
        KeyPairUtils.writeKeyPair(pair, text);
        Pem.replace(file, text.toString().replace("\r\n", "\n"), true);
        return pair;
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
