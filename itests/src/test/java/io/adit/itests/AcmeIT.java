package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.After;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Test;

/** Certificates from a real ACME server, for a name that a connected peer has. */
public class AcmeIT {

    private static final String DOMAIN = "demo.localhost";
    private static final String OTHER = "www.example.test";
    /** Its owner's own, which leads to the peer. */
    private static final String OWN = "own.example.test";
    /** Does not lead to this proxy. */
    private static final String LOST = "lost.example.test";
    private static final String CHALLENGES = "/.well-known/acme-challenge/";
    /** Long enough to be issued on a busy machine, short enough to be waited for. */
    private static final Duration LIFE = Duration.ofSeconds(30);

    private Site site;
    /** Of the proxy. */
    private Path home;
    private Path tls;
    private Pebble pebble;
    private ProxyFile registry;
    private ProxyFile acme;

    @Before
    public void start() throws Exception {
        if (!Pebble.isInstalled()) {
            System.out.println("AcmeIT is skipped: pebble and pebble-challtestsrv are not installed");
        }
        Assume.assumeTrue("pebble and pebble-challtestsrv are installed", Pebble.isInstalled());
        site = Site.shared(AcmeIT.class);
        home = site.proxyHome();
        tls = home.resolve("conf/tls");
        pebble = Pebble.start(site.folder().resolve("pebble"), site.web().port(), LIFE);
        pebble.lose(LOST);
        registry = ProxyFile.add(site, "io.adit.registry", "registry open store=", "domain.resolver=\"" + pebble.dns() + "\"");
        acme = ProxyFile.add(site, "io.adit.acme", "ACME account=", "domains=\"" + LOST + "," + DOMAIN + "," + OTHER + "\"", "terms.agreed=\"true\"",
            "directory.url=\"" + pebble.directory() + "\"", "trust.file=\"" + pebble.trust() + "\"");
    }

    @After
    public void stop() throws Exception {
        // the site is given back even when a file does not get to work again, or other classes could not have it
        try (Pebble authority = pebble; Site given = site; ProxyFile domains = registry) {
            if (acme != null) {
                acme.close();
            }
        }
    }

    @Test
    public void certificatesAreIssuedAndRenewedAFailureIsOneLineAndPeersKeepTheirChallenges() throws Exception {
        X509Certificate first = awaitCertificate(DOMAIN, null);
        check(DOMAIN, first);
        check(OTHER, awaitCertificate(OTHER, null));
        try (Stream<Path> files = Files.list(tls)) {
            assertEquals("only the pairs", 4, files.count());
        }
        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(home.resolve("data/acme/account.key")));

        List<String> failures = acme.log("domain=" + LOST).toList();
        assertEquals("one line: " + failures, 1, failures.size());
        assertTrue(failures.get(0), failures.get(0).matches(".* certificate domain=lost\\.example\\.test failed reason=http://lost\\.example\\.test"
            + CHALLENGES + "\\.\\.\\. was not accepted: .* failures=1 next=\\S+Z held=none"));

        site.origin().on(CHALLENGES + "peers-own", exchange -> Origin.answer(exchange, 200, "peer's".getBytes(StandardCharsets.UTF_8)));
        assertEquals("peer's", new String(site.web().get(CHALLENGES + "peers-own").body(), StandardCharsets.UTF_8));
        assertEquals("a token that nobody has, from the peer's server", 404, site.web().status(CHALLENGES + "nobodys"));

        Instant due = first.getNotAfter().toInstant().minus(LIFE.dividedBy(3));
        Await.until("the last third of the certificate's life", () -> Instant.now().isAfter(due));
        byte[] account = Files.readAllBytes(home.resolve("data/acme/account.key"));
        String[] record = Adit.run("domain", "--home", home.toString(), "add", "demo", OWN).get(0).split("\\. TXT ");
        pebble.txt(record[0], record[1].replace("\"", ""));
        assertTrue(Adit.run("domain", "--home", home.toString(), "check", OWN).get(0).startsWith(OWN + "\tdemo\tactive\t"));
        // a changed configuration makes it look at once
        Path config = home.resolve("etc/io.adit.acme.config");
        WholeFile.write(config, Files.readString(config) + "email=\"host@example.test\"\n");
        X509Certificate second = awaitCertificate(DOMAIN, first);
        check(DOMAIN, second);
        assertNotEquals(first.getPublicKey(), second.getPublicKey());
        assertTrue(second.getNotAfter().after(first.getNotAfter()));
        assertEquals("the account is kept", new String(account, StandardCharsets.US_ASCII),
            Files.readString(home.resolve("data/acme/account.key")));
        check(OWN, awaitCertificate(OWN, null));
        assertEquals(List.of(), Adit.run("domain", "--home", home.toString(), "remove", OWN));
    }

    /** Waits for the file, and for another certificate in it than that one. */
    private X509Certificate awaitCertificate(String domain, X509Certificate old) throws Exception {
        return Await.value("a certificate for " + domain + ", logs are in " + home, () -> {
            if (Files.notExists(tls.resolve(domain + ".crt"))) {
                return Optional.empty();
            }
            X509Certificate now = chain(domain).get(0);
            return now.equals(old) ? Optional.empty() : Optional.of(now);
        });
    }

    private void check(String domain, X509Certificate leaf) throws Exception {
        assertTrue(leaf.getSubjectAlternativeNames().contains(List.of(2, domain)));
        List<X509Certificate> chain = chain(domain);
        assertTrue("leaf and intermediate", chain.size() >= 2);
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(pebble.root(), null)));
        parameters.setRevocationEnabled(false);
        // it does not live long enough to be still valid when a busy machine comes here
        parameters.setDate(Date.from(leaf.getNotBefore().toInstant().plusSeconds(1)));
        CertPathValidator.getInstance("PKIX").validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);

        Path keyFile = tls.resolve(domain + ".key");
        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(keyFile));
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(
            Base64.getMimeDecoder().decode(Files.readString(keyFile).replaceAll("-----(BEGIN|END) PRIVATE KEY-----", ""))));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(new byte[32]);
        byte[] signed = signature.sign();
        signature.initVerify(leaf);
        signature.update(new byte[32]);
        assertTrue("the key belongs to the certificate", signature.verify(signed));
    }

    private List<X509Certificate> chain(String domain) throws Exception {
        try (InputStream in = Files.newInputStream(tls.resolve(domain + ".crt"))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream().map(X509Certificate.class::cast).toList();
        }
    }
}
