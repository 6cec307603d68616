package io.adit.acceptor;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Over sockets: what a connection sends while it waits is read when its turn comes. */
public class TurnFilterTest {

    @Rule
    public Timeout deadline = Timeout.seconds(30);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final NioSocketAcceptor acceptor = new NioSocketAcceptor(2);
    private final BlockingQueue<IoSession> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<Byte> received = new LinkedBlockingQueue<>();

    @Before
    public void listen() throws Exception {
        acceptor.getFilterChain().addFirst("turn", new TurnFilter(new Turns(3, 1, 600_000, timer)));
        acceptor.setHandler(new IoHandlerAdapter() {
            @Override
            public void sessionOpened(IoSession session) {
                opened.add(session);
            }

            @Override
            public void messageReceived(IoSession session, Object message) {
                received.add(((IoBuffer) message).get());
            }
        });
        acceptor.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @After
    public void stop() {
        acceptor.dispose(true);
        timer.shutdownNow();
    }

    private Socket dial(int first) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), acceptor.getLocalAddress().getPort());
        socket.getOutputStream().write(first);
        return socket;
    }

    @Test
    public void oneAfterTheOtherAndOneTooManyIsClosed() throws Exception {
        try (Socket a = dial(1)) {
            IoSession first = opened.take();
            assertEquals(1, (byte) received.take());
            try (Socket b = dial(2); Socket c = dial(3)) {
                while (acceptor.getManagedSessions().values().stream().filter(IoSession::isReadSuspended).count() < 2) {
                    Thread.onSpinWait(); // until both have been heard and wait
                }
                try (Socket tooMany = dial(4)) {
                    tooMany.setSoTimeout(20_000);
                    assertEquals("closed", true, isClosed(tooMany));
                }
                assertNull(opened.peek());
                assertNull(received.peek());
                TurnFilter.done(first);
                opened.take();
                int next = received.take();
                TurnFilter.done(first); // again: nothing
                assertNull(opened.peek());
                (next == 2 ? b : c).close(); // it ended without a handshake
                opened.take();
                assertEquals(next == 2 ? 3 : 2, (byte) received.take());
            }
        }
    }

    @Test
    public void oneThatSaysNothingHoldsUpNobody() throws Exception {
        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), acceptor.getLocalAddress().getPort());
                Socket speaks = dial(5)) {
            opened.take();
            assertEquals(5, (byte) received.take());
            assertNull("open before it spoke", opened.peek());
            TurnFilter.done(acceptor.getManagedSessions().values().stream()
                    .filter(session -> ((InetSocketAddress) session.getRemoteAddress()).getPort() == speaks.getLocalPort()).findAny().orElseThrow());
            silent.getOutputStream().write(new byte[] {6});
            opened.take();
            assertEquals(6, (byte) received.take());
            silent.getOutputStream().write(new byte[] {7});
            assertEquals("what comes later", 7, (byte) received.take());
        }
    }

    private static boolean isClosed(Socket socket) throws Exception {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketException e) {
            return true; // reset, since it was not read
        }
    }
}
