package io.adit.port;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.adit.jetty.LastingConnector;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Makes the two connectors, and what they speak, as a gateway needs them. Stateless but for its options. */
final class Connectors {

    /** What is added to a response's head on the way: Via, Date, Connection, framing. */
    private static final int HEAD_SPARE = 4096;
    private static final int HEAD_BUFFER = 8192;

    private final PortOptions options;

    Connectors(PortOptions options) {
        this.options = options;
    }

    /** The last one is for HTTP/1.1. */
    List<ConnectionFactory> http() {
        StrictConnectionFactory http = http1(configuration());
        List<ConnectionFactory> factories = new ArrayList<>();
        proxied(factories, http.getProtocol());
        factories.add(http);
        return factories;
    }

    /** The last one is for HTTP/1.1. */
    List<ConnectionFactory> https(int port, SslContextFactory.Server tls) {
        HttpConfiguration configuration = configuration();
        configuration.setSecureScheme("https");
        configuration.setSecurePort(port);
        SecureRequestCustomizer secure = new SecureRequestCustomizer();
        // many names, some of them under a default certificate: the browser judges the certificate, and the Host field routes
        secure.setSniHostCheck(false);
        configuration.addCustomizer(secure);
        List<ConnectionFactory> factories = new ArrayList<>();
        SslConnectionFactory ssl = new SslConnectionFactory(tls, options.http2() ? "alpn" : HttpVersion.HTTP_1_1.asString());
        proxied(factories, ssl.getProtocol());
        factories.add(ssl);
        if (options.http2()) {
            factories.add(alpn());
            HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(configuration);
            http2.setMaxConcurrentStreams(options.http2Streams());
            // for WebSockets in streams (RFC 8441), which the endpoint passes on; it refuses other protocols
            http2.setConnectProtocolEnabled(true);
            factories.add(http2);
        }
        factories.add(http1(configuration));
        return factories;
    }

    private StrictConnectionFactory http1(HttpConfiguration configuration) {
        StrictConnectionFactory http = new StrictConnectionFactory(configuration, options.inline());
        http.setInputBufferSize(options.readBytes());
        return http;
    }

    private static ALPNServerConnectionFactory alpn() {
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
        alpn.setDefaultProtocol("http/1.1");
        return alpn;
    }

    private void proxied(List<ConnectionFactory> factories, String next) {
        if (options.proxyProtocol()) {
            factories.add(new ProxyConnectionFactory(next) {
                @Override
                protected void nextProtocol(Connector connector, EndPoint endPoint, ByteBuffer buffer) {
                    // Jetty would take it as one from the load balancer itself; anybody could then be anybody
                    throw new IllegalStateException("a connection without a PROXY protocol header");
                }
            });
        }
    }

    private HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setHttpCompliance(HttpCompliance.RFC7230);
        // the target passes as it came: whoever serves it decides what it means
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        configuration.setHeaderCacheCaseSensitive(true);
        configuration.setRequestHeaderSize(options.headMax());
        // a buffer of the first size for each response; one of the other, which the pool does not keep, for a head that does not fit
        configuration.setResponseHeaderSize(HEAD_BUFFER);
        configuration.setMaxResponseHeaderSize(options.headMax() + HEAD_SPARE);
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        configuration.setSendDateHeader(true);
        return configuration;
    }

    /** Listens to nothing as yet. */
    LastingConnector connector(Server server, String name, String host, int port, Collection<ConnectionFactory> fallback) {
        LastingConnector connector = new LastingConnector(server, name, Math.max(1, Runtime.getRuntime().availableProcessors() / 2), fallback);
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptQueueSize(options.backlog());
        return connector;
    }

    /** Connections are served from now on; those that were kept since the last time go on. */
    Serving serve(LastingConnector connector, List<ConnectionFactory> factories) {
        connector.setIdleTimeout(options.idleTimeout());
        connector.serve(factories);
        return new Serving(connector, (StrictConnectionFactory) factories.get(factories.size() - 1), Duration.ofMillis(options.holdTimeout()));
    }
}
