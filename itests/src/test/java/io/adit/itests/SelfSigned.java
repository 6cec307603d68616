package io.adit.itests;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * A key and a certificate that it signed itself (RFC 5280 section 4.1), good since yesterday and until tomorrow. In the words of DER, since the JDK makes
 * certificates in a process of keytool only, which takes half a second. Immutable.
 */
record SelfSigned(PrivateKey key, X509Certificate certificate) {

    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    /** [0] and [3] of a TBSCertificate. */
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    /** [2] and [7] of a GeneralName. */
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");
    private static final byte[] SUBJECT_ALT_NAME = HexFormat.of().parseHex("0603551d11");
    private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("06082a8648ce3d040302");
    private static final byte[] RSA_WITH_SHA256 = HexFormat.of().parseHex("06092a864886f70d01010b0500");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int SERIAL_BITS = 64;

    /** @param host a name, or an address of IPv4 */
    static SelfSigned ec(String host) throws Exception {
        return make(host, "EC", 256, "SHA256withECDSA", ECDSA_WITH_SHA256);
    }

    static SelfSigned rsa(String host) throws Exception {
        return make(host, "RSA", 2048, "SHA256withRSA", RSA_WITH_SHA256);
    }

    private static SelfSigned make(String host, String keys, int bits, String algorithm, byte[] identifier) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(keys);
        generator.initialize(bits);
        KeyPair pair = generator.generateKeyPair();
        byte[] name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, host.getBytes(StandardCharsets.UTF_8)))));
        byte[] alternative = host.matches("[0-9.]+") ? der(IP_ADDRESS, InetAddress.getByName(host).getAddress())
            : der(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII));
        Instant now = Instant.now();
        byte[] told = der(SEQUENCE,
            der(VERSION, der(INTEGER, new byte[] {2})),
            der(INTEGER, new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS).toByteArray()),
            der(SEQUENCE, identifier),
            name,
            der(SEQUENCE, time(now.minus(Duration.ofDays(1))), time(now.plus(Duration.ofDays(1)))),
            name,
            pair.getPublic().getEncoded(),
            der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, SUBJECT_ALT_NAME, der(OCTET_STRING, der(SEQUENCE, alternative))))));
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(pair.getPrivate());
        signature.update(told);
        byte[] whole = der(SEQUENCE, told, der(SEQUENCE, identifier), der(BIT_STRING, new byte[1], signature.sign()));
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        return new SelfSigned(pair.getPrivate(), (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(whole)));
    }

    private static byte[] time(Instant when) {
        return der(UTC_TIME, TIME.format(when).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        int length = content.size();
        if (length > 0xff) {
            element.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8)});
        } else if (length > 0x7f) {
            element.write(0x81);
        }
        element.write(length);
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }
}
