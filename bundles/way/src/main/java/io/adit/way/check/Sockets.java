package io.adit.way.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.adit.way.Literal;
import io.adit.way.Via;

/** Connections for a look at them, each step within a time. Stateless. */
final class Sockets {

    private static final int HEAD_BYTES = 16 * 1024;

    private Sockets() {
    }

    static Socket connect(InetAddress address, int port, int millis) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, port), millis);
            socket.setSoTimeout(millis);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Through a forward proxy, without a login.
     *
     * @throws RefusedException when that answers, and does not want to
     */
    static Socket connect(Via via, InetAddress address, String host, int port, int millis) throws IOException {
        if (via.kind() == Via.Kind.SOCKS5) {
            Socket socket = new Socket(new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(address, via.port())));
            try {
                socket.connect(InetSocketAddress.createUnresolved(host, port), millis);
                socket.setSoTimeout(millis);
                return socket;
            } catch (IOException e) {
                socket.close();
                throw new RefusedException(String.valueOf(e.getMessage()), false);
            }
        }
        Socket socket = connect(address, via.port(), millis);
        try {
            String authority = Literal.authority(host, port);
            socket.getOutputStream().write(("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
            String head = head(socket.getInputStream());
            String[] line = head.split("\r?\n", 2)[0].split(" ", 3);
            if (line.length < 2 || !line[1].startsWith("2")) {
                throw new RefusedException("it answered " + (line.length < 2 ? "nonsense" : line[1].replaceAll("[^0-9]", "?")), line.length > 1 && line[1].equals("407"));
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** A forward proxy that says no. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        private final boolean login;

        RefusedException(String message, boolean login) {
            super(message);
            this.login = login;
        }

        /** It wants a login. */
        boolean isLogin() {
            return login;
        }
    }

    /** Up to the empty line, a byte at a time so that nothing of what follows is taken. */
    static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int state = 0;
        while (state < 2) {
            int c = in.read();
            if (c < 0) {
                throw new IOException(head.size() == 0 ? "it was closed without an answer" : "it was closed within the answer's head");
            } else if (head.size() >= HEAD_BYTES) {
                throw new IOException("the answer's head does not end");
            }
            head.write(c);
            state = c == '\n' ? state + 1 : c == '\r' ? state : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** @param strict whether the certificate has to be one that browsers take */
    static SSLSocket tls(Socket plain, String host, boolean strict) throws IOException {
        try {
            SSLSocketFactory factory;
            if (strict) {
                factory = SSLContext.getDefault().getSocketFactory();
            } else {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
                factory = context.getSocketFactory();
            }
            SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, plain.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            if (Literal.address(host) == null) {
                parameters.setServerNames(java.util.List.of(new SNIHostName(host)));
            }
            if (strict) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IOException("there is no TLS here: " + e.getMessage(), e);
        }
    }

    /** For a look at the certificate; who it is is decided by its fingerprint, or was told already. */
    private static final class Anybody extends X509ExtendedTrustManager {

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // looked at by the caller
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
            // looked at by the caller
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            // looked at by the caller
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new UnsupportedOperationException("no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
            throw new UnsupportedOperationException("no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            throw new UnsupportedOperationException("no server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
