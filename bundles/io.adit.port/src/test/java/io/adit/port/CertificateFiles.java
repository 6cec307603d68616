package io.adit.port;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemObjectGenerator;

/** Self-signed certificates in files, as an operator would put them there. */
final class CertificateFiles {

    /** Few: to find the primes of a usual key takes a second. */
    private static final int RSA_BITS = 1024;

    private static long serial;

    private CertificateFiles() {
    }

    /** @param pkcs8 whether the key is in PKCS#8 form; else in the older one of its algorithm */
    static X509Certificate write(Path directory, String file, String host, String algorithm, boolean pkcs8, Duration life) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("RSA") ? RSA_BITS : 256);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=" + host);
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, BigInteger.valueOf(++serial),
                Date.from(now.minus(Duration.ofDays(2))), Date.from(now.plus(life)), name, pair.getPublic());
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
        X509Certificate certificate = new JcaX509CertificateConverter().getCertificate(
                builder.build(new JcaContentSignerBuilder("SHA256with" + (algorithm.equals("EC") ? "ECDSA" : algorithm)).build(pair.getPrivate())));
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(file + ".key"), pem(pkcs8 ? new JcaPKCS8Generator(pair.getPrivate(), null)
                : algorithm.equals("EC") ? sec1(pair) : new JcaMiscPEMGenerator(pair)));
        Files.writeString(directory.resolve(file + ".crt"), pem(new JcaMiscPEMGenerator(certificate)));
        return certificate;
    }

    /** With the curve in it, as openssl writes it; the JDK leaves it out. */
    private static PemObject sec1(KeyPair pair) throws IOException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
        ECPrivateKey key = ECPrivateKey.getInstance(info.parsePrivateKey());
        return new PemObject("EC PRIVATE KEY", new ECPrivateKey(256, key.getKey(), null, info.getPrivateKeyAlgorithm().getParameters()).getEncoded());
    }

    private static String pem(PemObjectGenerator what) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            pem.writeObject(what);
        }
        return text.toString();
    }
}
