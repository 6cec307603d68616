package io.adit.port;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder with the certificates of the HTTPS port. A pair that cannot be used is left out with one line in the log, and harms no other.
 *
 * <p>Thread-safety: none; one thread looks at it.
 */
final class Certificates {

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final String CERTIFICATE = ".crt";
    private static final String KEY = ".key";
    /** A chain with a key is a few KiB; what is larger is something else. */
    private static final long MAX_BYTES = 1 << 20;

    private final Path directory;
    private List<String> seen = List.of();
    /** What was used last, by file name: during a renewal the two files are of two ages for a moment, and the port goes on with these. */
    private Map<String, Entry> used = Map.of();

    Certificates(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    /** Whether the files are others than at the last call. */
    boolean haveChanged() {
        List<String> now = new ArrayList<>();
        files().forEach((name, file) -> now.add(stamp(file) + stamp(key(file))));
        boolean changed = !now.equals(seen);
        seen = now;
        return changed;
    }

    /** All pairs that can be used; empty when there is none. The entries' key password is empty. */
    KeyStore load() throws GeneralSecurityException, IOException {
        // never written; PKCS12 would derive keys from the empty password, twice for each pair, which takes long
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        Map<String, Entry> now = new TreeMap<>();
        files().forEach((name, file) -> {
            try {
                now.put(name, read(file));
            } catch (IOException | GeneralSecurityException e) {
                Entry before = used.get(name);
                LOG.warn("The certificate {} is not used{}: {}", file, before == null ? "" : ", the one before it is", e.toString());
                if (before != null) {
                    now.put(name, before);
                }
            }
        });
        for (Map.Entry<String, Entry> each : now.entrySet()) {
            store.setKeyEntry(each.getKey(), each.getValue().key(), new char[0], each.getValue().chain());
        }
        used = now;
        return store;
    }

    /** When each that is used ends, by file name. */
    Map<String, Instant> ends() {
        Map<String, Instant> ends = new TreeMap<>();
        used.forEach((name, entry) -> ends.put(name, ((X509Certificate) entry.chain()[0]).getNotAfter().toInstant()));
        return ends;
    }

    private static Entry read(Path file) throws IOException, GeneralSecurityException {
        Certificate[] chain = chain(file);
        PrivateKey key = privateKey(key(file));
        Pair.check(chain[0], key);
        ((X509Certificate) chain[0]).checkValidity();
        return new Entry(key, chain);
    }

    private record Entry(PrivateKey key, Certificate[] chain) {
    }

    /** By name, so that the first is the same each time. */
    private TreeMap<String, Path> files() {
        TreeMap<String, Path> found = new TreeMap<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + CERTIFICATE)) {
                files.forEach(file -> found.put(file.getFileName().toString(), file));
            } catch (IOException e) {
                LOG.warn("The certificates in {} cannot be listed: {}", directory, e.toString());
            }
        }
        return found;
    }

    private static Path key(Path certificate) {
        String name = certificate.getFileName().toString();
        return certificate.resolveSibling(name.substring(0, name.length() - CERTIFICATE.length()) + KEY);
    }

    private static String stamp(Path file) {
        try {
            return file + " " + Files.getLastModifiedTime(file) + " " + Files.size(file) + "\n";
        } catch (IOException e) {
            return file + " " + e.getClass().getSimpleName() + "\n"; // not there, or not for us: load() says so
        }
    }

    private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
        bounded(file);
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> chain = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (chain.isEmpty()) {
                throw new GeneralSecurityException("no certificate in it");
            }
            return chain.toArray(Certificate[]::new);
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        bounded(file);
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.US_ASCII); PEMParser pem = new PEMParser(reader)) {
            for (Object part = pem.readObject(); part != null; part = pem.readObject()) {
                if (part instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
                if (part instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
            }
        } catch (PEMException e) {
            throw new GeneralSecurityException("no key that can be read in " + file.getFileName() + ": " + e.getMessage(), e);
        }
        throw new GeneralSecurityException("no unencrypted private key in " + file.getFileName());
    }

    private static void bounded(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file.getFileName() + " is over " + MAX_BYTES + " bytes");
        }
    }
}
