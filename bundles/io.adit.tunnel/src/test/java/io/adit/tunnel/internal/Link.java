package io.adit.tunnel.internal;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import io.adit.api.Proof;
import io.adit.tunnel.Tunnel.PeerSide;
import io.adit.tunnel.Tunnel.ProxySide;
import io.adit.tunnel.mina.MinaHandler;
import io.adit.tunnel.mina.TlsFilter;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.apache.mina.transport.socket.nio.NioSocketConnector;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** How the two engines of a test are connected: the same suite runs over all. */
enum Link {
    MEMORY {
        @Override
        AutoCloseable connect(TunnelComponent proxy, ProxySide proxySide, TunnelComponent peer, PeerSide peerSide) {
            MemoryTransport[] ends = MemoryTransport.pair();
            ends[0].deliverTo(proxy.accept(ends[0], new byte[0], proxySide));
            ends[1].deliverTo(peer.connect(ends[1], new byte[0], peerSide));
            return () -> ends[0].close(false);
        }
    },
    TCP {
        @Override
        AutoCloseable connect(TunnelComponent proxy, ProxySide proxySide, TunnelComponent peer, PeerSide peerSide) throws Exception {
            return sockets(proxy, proxySide, peer, peerSide, null);
        }
    },
    TLS {
        @Override
        AutoCloseable connect(TunnelComponent proxy, ProxySide proxySide, TunnelComponent peer, PeerSide peerSide) throws Exception {
            return sockets(proxy, proxySide, peer, peerSide, Certificate.KEYS);
        }
    };

    abstract AutoCloseable connect(TunnelComponent proxy, ProxySide proxySide, TunnelComponent peer, PeerSide peerSide) throws Exception;

    private static AutoCloseable sockets(TunnelComponent proxy, ProxySide proxySide, TunnelComponent peer, PeerSide peerSide, KeyStore keys)
            throws Exception {
        byte[] fingerprint = keys == null ? new byte[0] : Proof.sha256(keys.getCertificate("key").getEncoded());
        NioSocketAcceptor acceptor = new NioSocketAcceptor(1);
        MinaHandler.configure(acceptor.getSessionConfig());
        acceptor.setHandler(new MinaHandler(transport -> proxy.accept(transport, fingerprint, proxySide)));
        NioSocketConnector connector = new NioSocketConnector(1);
        MinaHandler.configure(connector.getSessionConfig());
        connector.setHandler(new MinaHandler(transport -> peer.connect(transport, fingerprint, peerSide)));
        if (keys != null) {
            acceptor.getFilterChain().addFirst("tls", new TlsFilter(context(keys), true));
            connector.getFilterChain().addFirst("tls", new TlsFilter(context(keys), true));
        }
        acceptor.bind(new InetSocketAddress("127.0.0.1", 0));
        if (!connector.connect(acceptor.getLocalAddress()).await(60, TimeUnit.SECONDS)) {
            throw new IOException("not connected");
        }
        return () -> {
            connector.dispose(true);
            acceptor.dispose(true);
        };
    }

    private static SSLContext context(KeyStore keys) throws Exception {
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, "secret".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** One for all. */
    private static final class Certificate {
        static final KeyStore KEYS = make();

        private static KeyStore make() {
            try {
                return certificate();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static KeyStore certificate() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=test");
        Date from = new Date(System.currentTimeMillis() - 3_600_000);
        Date to = new Date(System.currentTimeMillis() + 3_600_000);
        X509Certificate certificate = new JcaX509CertificateConverter().getCertificate(
                new JcaX509v3CertificateBuilder(name, BigInteger.ONE, from, to, name, pair.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        // never written; PKCS12 would derive keys from the password, for each who puts or gets the key, which takes long
        KeyStore keys = KeyStore.getInstance("JKS");
        keys.load(null, null);
        keys.setKeyEntry("key", pair.getPrivate(), "secret".toCharArray(), new X509Certificate[] {certificate});
        keys.setCertificateEntry("trusted", certificate);
        return keys;
    }
}
