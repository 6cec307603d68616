package io.adit.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.mina.core.session.IoSessionRecycler;
import org.apache.mina.transport.socket.nio.NioDatagramAcceptor;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;

/** The server's sockets, UDP and TCP at the same port. Thread-safe. */
final class Sockets implements AutoCloseable {

    private static final int READ_BYTES = 4096;
    private static final int BACKLOG = 256;
    /** How often a free port is tried that turns out not to be free for UDP. */
    private static final int TRIES = 20;

    private final NioSocketAcceptor tcp;
    private final NioDatagramAcceptor udp;
    private final ScheduledThreadPoolExecutor timer;

    /**
     * @param port 0 for any
     * @throws IOException when the address or port cannot be had
     */
    Sockets(InetAddress address, int port, UdpHandler datagrams, TcpHandler streams) throws IOException {
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "adit-dns-timer");
            thread.setDaemon(true);
            return thread;
        });
        tcp = new NioSocketAcceptor(1);
        udp = new NioDatagramAcceptor();
        try {
            tcp.setReuseAddress(true);
            tcp.setBacklog(BACKLOG);
            tcp.getSessionConfig().setTcpNoDelay(true);
            tcp.getSessionConfig().setReadBufferSize(READ_BYTES);
            tcp.getSessionConfig().setMaxReadBufferSize(4 * READ_BYTES);
            tcp.setHandler(streams);
            // MINA's own keeps a session for each address for a minute, forged ones too
            udp.setSessionRecycler(IoSessionRecycler.NOOP);
            udp.getSessionConfig().setReadBufferSize(READ_BYTES);
            udp.setHandler(datagrams);
            bind(address, port);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        timer.scheduleWithFixedDelay(streams::sweep, 1, 1, TimeUnit.SECONDS);
    }

    private void bind(InetAddress address, int port) throws IOException {
        for (int i = 1;; i++) {
            tcp.bind(new InetSocketAddress(address, port));
            try {
                udp.bind(new InetSocketAddress(address, tcp.getLocalAddress().getPort()));
                return;
            } catch (IOException e) {
                tcp.unbind();
                if (port != 0 || i == TRIES) {
                    throw e;
                }
            }
        }
    }

    InetSocketAddress address() {
        return tcp.getLocalAddress();
    }

    /** No thread is left. */
    @Override
    public void close() {
        timer.shutdownNow();
        udp.dispose(true);
        tcp.dispose(true);
    }
}
