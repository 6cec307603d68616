package io.adit.tunnel.mina;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/**
 * A TLS 1.3 engine that does not show what is exchanged after the handshake (key updates, tickets), which MINA's SslFilter does not expect: it sends a
 * record that carries no data without flipping its buffer, and stops in the middle of what it has received. Here such a record is sent with the data
 * behind it, in one call of wrap, and the answer to one that came goes with the next data (RFC 8446 section 4.6.3 asks for no more). Until the handshake is
 * finished, and for the end of a connection, the engine is as it is.
 *
 * <p>Thread-safety: as the engine; MINA has a lock around it.
 */
final class SteadyEngine extends SSLEngine {

    private final SSLEngine engine;
    private boolean finished;

    SteadyEngine(SSLEngine engine) {
        super(engine.getPeerHost(), engine.getPeerPort());
        this.engine = engine;
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer destination) throws SSLException {
        SSLEngineResult result = engine.wrap(sources, offset, length, destination);
        int produced = result.bytesProduced();
        while (finished && result.bytesProduced() > 0 && result.bytesConsumed() == 0 && result.getStatus() == Status.OK
                && remaining(sources, offset, length) && destination.remaining() >= getSession().getPacketBufferSize()) {
            result = engine.wrap(sources, offset, length, destination);
            produced += result.bytesProduced();
        }
        return seen(with(result, result.getHandshakeStatus(), produced));
    }

    private static boolean remaining(ByteBuffer[] buffers, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (buffers[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] destinations, int offset, int length) throws SSLException {
        SSLEngineResult result = engine.unwrap(source, destinations, offset, length);
        HandshakeStatus status = result.getHandshakeStatus();
        if (!finished || result.getStatus() == Status.CLOSED) {
            return seen(result);
        }
        if (status == HandshakeStatus.NEED_TASK) {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run(); // new keys: microseconds
            }
            status = engine.getHandshakeStatus();
        }
        return with(result, status == HandshakeStatus.NEED_WRAP || status == HandshakeStatus.FINISHED ? HandshakeStatus.NOT_HANDSHAKING : status,
                result.bytesProduced());
    }

    private static SSLEngineResult with(SSLEngineResult result, HandshakeStatus status, int produced) {
        return status == result.getHandshakeStatus() && produced == result.bytesProduced() ? result
                : new SSLEngineResult(result.getStatus(), status, result.bytesConsumed(), produced);
    }

    private SSLEngineResult seen(SSLEngineResult result) {
        finished |= result.getHandshakeStatus() == HandshakeStatus.FINISHED;
        return result;
    }

    // ---- the rest is the engine's

    @Override
    public Runnable getDelegatedTask() {
        return engine.getDelegatedTask();
    }

    @Override
    public void closeInbound() throws SSLException {
        engine.closeInbound();
    }

    @Override
    public boolean isInboundDone() {
        return engine.isInboundDone();
    }

    @Override
    public void closeOutbound() {
        engine.closeOutbound();
    }

    @Override
    public boolean isOutboundDone() {
        return engine.isOutboundDone();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return engine.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return engine.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        engine.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return engine.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return engine.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        engine.setEnabledProtocols(protocols);
    }

    @Override
    public SSLSession getSession() {
        return engine.getSession();
    }

    @Override
    public SSLSession getHandshakeSession() {
        return engine.getHandshakeSession();
    }

    @Override
    public void beginHandshake() throws SSLException {
        engine.beginHandshake();
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        return engine.getHandshakeStatus();
    }

    @Override
    public void setUseClientMode(boolean client) {
        engine.setUseClientMode(client);
    }

    @Override
    public boolean getUseClientMode() {
        return engine.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        engine.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return engine.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        engine.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return engine.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean enable) {
        engine.setEnableSessionCreation(enable);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return engine.getEnableSessionCreation();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return engine.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        engine.setSSLParameters(parameters);
    }

    @Override
    public String getApplicationProtocol() {
        return engine.getApplicationProtocol();
    }

    @Override
    public String getHandshakeApplicationProtocol() {
        return engine.getHandshakeApplicationProtocol();
    }

    @Override
    public void setHandshakeApplicationProtocolSelector(BiFunction<SSLEngine, List<String>, String> selector) {
        engine.setHandshakeApplicationProtocolSelector(selector);
    }

    @Override
    public BiFunction<SSLEngine, List<String>, String> getHandshakeApplicationProtocolSelector() {
        return engine.getHandshakeApplicationProtocolSelector();
    }
}
