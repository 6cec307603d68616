package io.adit.jetty;

import java.security.Principal;
import java.util.Collection;
import java.util.Comparator;

import javax.net.ssl.SSLSession;

import org.eclipse.jetty.util.ssl.SniX509ExtendedKeyManager;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.ssl.X509;

/**
 * TLS by SNI. Where no certificate has the name that is asked for, it is always the same one that answers: the first by alias. A connection
 * refers to it for as long as it is open. Thread-safe as Jetty's.
 */
public final class FirstByName extends SslContextFactory.Server {

    @Override
    public String sniSelect(String keyType, Principal[] issuers, SSLSession session, String host, Collection<X509> certificates) {
        String alias = super.sniSelect(keyType, issuers, session, host, certificates);
        return SniX509ExtendedKeyManager.SniSelector.DELEGATE.equals(alias)
                ? certificates.stream().map(X509::getAlias).min(Comparator.naturalOrder()).orElse(alias) : alias;
    }
}
