package io.adit.acme;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import javax.net.ssl.SSLContext;

import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Certificates from an ACME server, by the challenge HTTP-01 (RFC 8555); the one class that knows acme4j. */
final class AcmeIssuer implements Issuer {

    private static final Logger LOG = LoggerFactory.getLogger(AcmeIssuer.class);

    private final Options options;
    private final Challenges challenges;
    private Login login;
    private String account;

    AcmeIssuer(Options options, Challenges challenges) {
        this.options = options;
        this.challenges = challenges;
    }

    @Override
    public Issued issue(String domain) throws Exception {
        try {
            if (login == null) {
                login = logIn();
            }
            return order(domain);
        } catch (AcmeRateLimitedException e) {
            throw new TooEarlyException(e.getMessage(), e.getRetryAfter().orElse(Instant.EPOCH), e);
        } catch (Exception e) {
            login = null; // the account, the trust file or the directory may have changed
            throw e instanceof AcmeNetworkException ? new IOException("no connection with " + options.directory().getAuthority(), e) : e;
        }
    }

    /** Finds the account of our key, or makes it. */
    private Login logIn() throws Exception {
        SSLContext trust = options.trust() == null ? null : Trust.of(options.trust());
        Session session = new Session(options.directory(), new GenericAcmeProvider() {
            @Override
            public HttpClient createHttpClient(NetworkSettings settings) {
                HttpClient.Builder builder = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).connectTimeout(settings.getTimeout())
                        .proxy(settings.getProxySelector());
                return new BoundedClient((trust == null ? builder : builder.sslContext(trust)).build(), settings.getTimeout());
            }
        });
        session.setLocale(Locale.ENGLISH);
        session.networkSettings().setTimeout(options.timeout());
        if (ProxySelector.getDefault() != null) {
            session.networkSettings().setProxySelector(ProxySelector.getDefault());
        }
        AccountBuilder builder = new AccountBuilder().agreeToTermsOfService().useKeyPair(AccountKey.of(options.accountKey()));
        if (!options.email().isEmpty()) {
            builder.addEmail(options.email());
        }
        Login made = builder.createLogin(session);
        String location = made.getAccountLocation().toString();
        if (!location.equals(account)) {
            account = location;
            LOG.info("ACME account={} terms={}", account, session.getMetadata().getTermsOfService().map(Object::toString).orElse("none"));
        }
        return made;
    }

    private Issued order(String domain) throws AcmeException, InterruptedException, GeneralSecurityException {
        long begun = System.nanoTime();
        Order order = login.newOrder().domain(domain).create();
        for (Authorization authorization : order.getAuthorizations()) {
            if (authorization.getStatus() != Status.VALID) {
                prove(domain, authorization, begun);
            }
        }
        if (order.waitUntilReady(left(begun)) == Status.INVALID) {
            throw new AcmeException("the order was refused" + order.getError().map(problem -> ": " + problem).orElse(""));
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        order.execute(pair);
        if (order.waitForCompletion(left(begun)) != Status.VALID) {
            throw new AcmeException("no certificate was issued" + order.getError().map(problem -> ": " + problem).orElse(""));
        }
        return new Issued(pair, order.getCertificate().getCertificateChain());
    }

    private void prove(String domain, Authorization authorization, long begun) throws AcmeException, InterruptedException {
        Http01Challenge challenge = authorization.findChallenge(Http01Challenge.class)
                .orElseThrow(() -> new AcmeException("the ACME server does not offer the challenge http-01"));
        challenges.put(domain, challenge.getToken(), challenge.getAuthorization());
        try {
            challenge.trigger();
            if (challenge.waitForCompletion(left(begun)) != Status.VALID) {
                throw new AcmeException("http://" + domain + Challenges.FOLDER + "... was not accepted"
                        + challenge.getError().map(problem -> ": " + problem).orElse(""));
            }
        } finally {
            challenges.remove(domain, challenge.getToken());
        }
    }

    private Duration left(long begun) {
        Duration left = options.orderTimeout().minusNanos(System.nanoTime() - begun);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
