package io.adit.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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
 * <p>Thread-safety: one thread, and the one that waits.
 */
final class Watch {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final Duration longest;
    private volatile Socket socket;

    Watch(Duration longest) {
        this.longest = longest;
    }

    /** An attempt that is under way until it is closed. */
    interface Attempt extends AutoCloseable {
        @Override
        void close();
    }

    Attempt begin() {
        CountDownLatch over = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            try {
                if (!over.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
                    LOG.warn("the mail server does not come to an end within {} s", longest.toSeconds());
                    cut();
                }
            } catch (InterruptedException e) {
                LOG.debug("ends", e);
            }
        }, "adit-mail-watch");
        thread.setDaemon(true);
        thread.start();
        return over::countDown;
    }

    private void cut() {
        Socket open = socket;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("it was broken already", e);
            }
        }
    }

    private Socket noted(Socket made) {
        socket = made;
        return made;
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
        public Socket createSocket() {
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
