package io.adit.tunnel.mina;

import java.net.InetSocketAddress;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.ssl.SslFilter;

/**
 * MINA's TLS, for connections that live long: the one of MINA (2.2.10) loses the connection when keys are updated (RFC 8446 section 4.6.3), which Java
 * does by itself after 2^37 bytes. TLS 1.3 only.
 *
 * <p>Thread-safety: as that.
 */
public class TlsFilter extends SslFilter {

    /** @param begin whether TLS begins as soon as the filter is in the chain of a session that is connected, and not when the session is opened */
    public TlsFilter(SSLContext context, boolean begin) {
        super(context, begin);
        setEnabledProtocols("TLSv1.3");
    }

    @Override
    protected SSLEngine createEngine(IoSession session, InetSocketAddress remote) {
        return new SteadyEngine(super.createEngine(session, remote));
    }
}
