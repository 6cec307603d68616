package io.adit.way.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import javax.net.ssl.SSLSocket;

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.api.Proof;
import io.adit.way.Literal;
import io.adit.way.Via;

/** The way that a tunnel takes: DNS, forward proxy, TCP, TLS and whose certificate it is. Each step has a deadline; not thread-safe. */
public final class TunnelCheck {

    /** Of the proxy's certificate, before that somebody should know. */
    private static final Duration SOON = Duration.ofDays(30);
    private static final String SKIP = "not tried, since what comes before failed";

    private final String host;
    private final int port;
    private final byte[] fingerprint;
    private final Via via;
    private final int millis;
    private final List<Check> checks = new ArrayList<>();

    /**
     * @param fingerprint SHA-256 of the certificate; empty where the tunnel has no TLS
     * @param via the forward proxy; null for none
     */
    public TunnelCheck(String host, int port, byte[] fingerprint, Via via, Limits limits) {
        this.host = host;
        this.port = port;
        this.fingerprint = fingerprint.clone();
        this.via = via;
        this.millis = limits.stepMillis();
    }

    /**
     * SHA-256 of the certificate that is shown there, whoever's it is. Nothing is sent but TLS.
     *
     * @param millis for the connection, and for each read
     */
    public static byte[] shown(String host, int port, int millis) throws IOException {
        InetAddress address = new InetSocketAddress(host, port).getAddress();
        if (address == null) {
            throw new UnknownHostException(host);
        }
        try (Socket plain = Sockets.connect(address, port, millis); SSLSocket socket = Sockets.tls(plain, host, false)) {
            return fingerprint(certificate(socket));
        }
    }

    private static X509Certificate certificate(SSLSocket socket) throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    private static byte[] fingerprint(X509Certificate certificate) throws IOException {
        try {
            return Proof.sha256(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
    }

    /** All steps, in order. */
    public List<Check> run() throws InterruptedException {
        checks.clear();
        String first = via == null ? host : via.host();
        List<InetAddress> addresses = resolve(first);
        Socket socket = addresses.isEmpty() ? null : via == null ? connect(addresses) : through(addresses.get(0));
        if (addresses.isEmpty()) {
            add(via == null ? "TCP" : "Forward proxy", State.SKIPPED, SKIP, "", -1);
        }
        tls(socket);
        return List.copyOf(checks);
    }

    private List<InetAddress> resolve(String name) throws InterruptedException {
        long begun = System.nanoTime();
        try {
            List<InetAddress> addresses = Names.of(name, millis);
            add("DNS", State.OK, name + " is " + String.join(", ", addresses.stream().map(InetAddress::getHostAddress).toList()), "", since(begun));
            return addresses;
        } catch (UnknownHostException e) {
            add("DNS", State.FAIL, name + ": " + e.getMessage(), "Is the name right, and does this machine have a working name server?", since(begun));
            return List.of();
        }
    }

    /** As the connector does, one address after the other would be too; the first that answers is what counts. */
    private Socket connect(List<InetAddress> addresses) {
        long begun = System.nanoTime();
        String why = "";
        for (InetAddress address : addresses) {
            begun = System.nanoTime();
            try {
                Socket socket = Sockets.connect(address, port, millis);
                add("TCP", State.OK, "connected to " + Literal.authority(address.getHostAddress(), port), "", since(begun));
                return socket;
            } catch (IOException e) {
                why = Literal.authority(address.getHostAddress(), port) + ": " + reason(e);
            }
        }
        add("TCP", State.FAIL, why, "Does the proxy run and listen there? Does a firewall on the way let this machine out to that port?", since(begun));
        return null;
    }

    private Socket through(InetAddress address) {
        long begun = System.nanoTime();
        try {
            Socket socket = Sockets.connect(via, address, host, port, millis);
            add("Forward proxy", State.OK, via + " connects to " + Literal.authority(host, port), "", since(begun));
            return socket;
        } catch (Sockets.RefusedException e) {
            if (e.isLogin()) {
                add("Forward proxy", State.WARN, via + " wants a login, which is not tried here", "What the peer says of its registration tells whether its login is taken.",
                        since(begun));
            } else {
                add("Forward proxy", State.FAIL, via + " refuses " + Literal.authority(host, port) + ": " + e.getMessage(),
                        "Many allow CONNECT to port 443 only: let the proxy be dialled there, or ask who runs it.", since(begun));
            }
        } catch (IOException e) {
            add("Forward proxy", State.FAIL, via + ": " + reason(e), "Is it the right one? dial.via of io.adit.connector, or https_proxy and all_proxy of the environment.",
                    since(begun));
        }
        return null;
    }

    private void tls(Socket plain) {
        if (fingerprint.length == 0) {
            close(plain);
            add("TLS", State.SKIPPED, "the tunnel has none (tls=off)", "", -1);
            return;
        } else if (plain == null) {
            add("TLS", State.SKIPPED, SKIP, "", -1);
            return;
        }
        long begun = System.nanoTime();
        try (SSLSocket socket = Sockets.tls(plain, host, false)) {
            double took = since(begun);
            X509Certificate shown = certificate(socket);
            byte[] is = fingerprint(shown);
            Instant end = shown.getNotAfter().toInstant();
            if (!MessageDigest.isEqual(is, fingerprint)) {
                add("TLS", State.FAIL, "the certificate is another one: " + HexFormat.of().formatHex(is) + ", of " + name(shown),
                        "Either something on the way looks into TLS, or the proxy has a new certificate and a new invitation is needed.", took);
            } else if (Instant.now().plus(SOON).isAfter(end)) {
                add("TLS", State.WARN, socket.getSession().getProtocol() + ", the right certificate, which ends at " + end,
                        "With the next one every invitation has to be made anew: plan for it.", took);
            } else {
                add("TLS", State.OK, socket.getSession().getProtocol() + ", the right certificate, good until " + end, "", took);
            }
        } catch (IOException e) {
            add("TLS", State.FAIL, reason(e), "Is that the tunnel's port? Something that is no TLS server answers there, or something on the way breaks it.", since(begun));
        } finally {
            close(plain);
        }
    }

    private static String name(X509Certificate certificate) {
        String name = certificate.getIssuerX500Principal().getName().replaceAll("[^\\x20-\\x7e]", "?");
        return name.length() > 100 ? name.substring(0, 100) + "..." : name;
    }

    static String reason(Exception failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message.replaceAll("[^\\x20-\\x7e]", "?");
    }

    static double since(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    private static void close(Socket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // it is not needed any more
            }
        }
    }

    private void add(String name, State state, String text, String advice, double took) {
        checks.add(new Check(name, state, text, advice, took));
    }
}
