package io.adit.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection with a mail server, which is closed when an attempt takes too long as a whole: the time-out of one read does not end a server that says
 * something again and again, and never comes to an end.
 *
 * <p>Thread-safety: one thread that makes attempts, one after the other, and for each the one that waits.
 */
final class Watch {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    /** Waits for the end of an attempt. */
    interface Patience {
        /** @return whether it came in time */
        boolean await(CountDownLatch over) throws InterruptedException;
    }

    private final Duration longest;
    private final Patience patience;
    // guarded by this
    private Socket socket;
    /** What is under way; null for nothing. */
    private Attempt current;
    /** It took too long: it gets no further socket either. */
    private boolean isCut;

    Watch(Duration longest) {
        this(longest, over -> over.await(longest.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** @param patience what that time is taken for */
    Watch(Duration longest, Patience patience) {
        this.longest = longest;
        this.patience = patience;
    }

    /** An attempt that is under way until it is closed. */
    final class Attempt implements AutoCloseable {
        private final CountDownLatch over = new CountDownLatch(1);

        private void watch() {
            try {
                if (!patience.await(over)) {
                    cut(this);
                }
            } catch (InterruptedException e) {
                LOG.debug("ends", e);
            }
        }

        @Override
        public void close() {
            end(this);
            over.countDown();
        }
    }

    Attempt begin() {
        Attempt attempt = new Attempt();
        synchronized (this) {
            current = attempt;
            isCut = false;
        }
        Thread thread = new Thread(attempt::watch, "adit-mail-watch");
        thread.setDaemon(true);
        thread.start();
        return attempt;
    }

    private synchronized void end(Attempt attempt) {
        if (current == attempt) {
            current = null;
        }
    }

    /** What one connection did in time leaves it for the next letter, however late its watch wakes up. */
    private void cut(Attempt attempt) {
        Socket open;
        synchronized (this) {
            if (current != attempt) {
                return;
            }
            isCut = true;
            open = socket;
        }
        LOG.warn("the mail server does not come to an end within {} s", longest.toSeconds());
        close(open);
    }

    private static void close(Socket open) {
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("it was broken already", e);
            }
        }
    }

    private Socket noted(Socket made) throws IOException {
        synchronized (this) {
            socket = made;
            if (!isCut) {
                return made;
            }
        }
        close(made);
        throw new SocketException("the attempt took too long");
    }

    /** Sockets that are watched. */
    SocketFactory sockets() {
        return new Plain();
    }

    /** Sockets of that factory that are watched; of one over another socket the other. */
    SSLSocketFactory sockets(SSLSocketFactory factory) {
        return new Secure(factory);
    }

    private final class Plain extends SocketFactory {
        @Override
        public Socket createSocket() throws IOException {
            return noted(new Socket());
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return noted(new Socket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
            return noted(new Socket(host, port, localHost, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return noted(new Socket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
            return noted(new Socket(host, port, localHost, localPort));
        }
    }

    private final class Secure extends SSLSocketFactory {
        private final SSLSocketFactory factory;

        Secure(SSLSocketFactory factory) {
            this.factory = factory;
        }

        @Override
        public Socket createSocket() throws IOException {
            return noted(factory.createSocket());
        }

        @Override
        public Socket createSocket(Socket over, String host, int port, boolean autoClose) throws IOException {
            noted(over); // the library makes it itself where TLS begins with the first byte
            return factory.createSocket(over, host, port, autoClose);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return noted(factory.createSocket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
            return noted(factory.createSocket(host, port, localHost, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return noted(factory.createSocket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
            return noted(factory.createSocket(host, port, localHost, localPort));
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return factory.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return factory.getSupportedCipherSuites();
        }
    }
}
