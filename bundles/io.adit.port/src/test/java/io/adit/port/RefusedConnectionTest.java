package io.adit.port;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.Test;

/** A refusal is answered by another thread than the parser's: both look after the connection then, but never both at the same time. */
public class RefusedConnectionTest {

    private static final int TIMEOUT_MILLIS = 60_000;

    /** Buffers that were given back by whoever answered, while the parser was at them. */
    private final List<String> takenAway = new CopyOnWriteArrayList<>();
    /** Who answers while the parser's thread waits, or null. */
    private volatile Thread answering;

    /** The parser's thread goes on when all is done that the answer leads to: what is a matter of luck otherwise. */
    private final class Ordered extends QueuedThreadPool {
        @Override
        public boolean tryExecute(Runnable task) {
            Thread thread = new Thread(() -> {
                answering = Thread.currentThread();
                task.run();
                answering = null;
            });
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return true;
        }
    }

    private final class Watched extends ArrayByteBufferPool {
        @Override
        public RetainableByteBuffer acquire(int size, boolean direct) {
            Thread owner = Thread.currentThread();
            return new RetainableByteBuffer.Wrapper(super.acquire(size, direct)) {
                @Override
                public boolean release() {
                    if (Thread.currentThread() == answering && owner != answering) {
                        takenAway.add(toString());
                    }
                    return super.release();
                }
            };
        }
    }

    @Test
    public void theAnswerTakesNothingFromTheParser() throws Exception {
        Server server = new Server(new Ordered());
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setHttpCompliance(HttpCompliance.RFC7230);
        ServerConnector connector = new ServerConnector(server, null, null, new Watched(), 1, 1, new StrictConnectionFactory(configuration, true));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.start();
        try {
            for (String bad : new String[] {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\nX: y\nZ: z\r\n\r\nmore", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /"}) {
                assertTrue(bad, answer(connector.getLocalPort(), bad).startsWith("HTTP/1.1 "));
                assertEquals(bad, List.of(), takenAway);
            }
        } finally {
            server.stop();
        }
    }

    private static String answer(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
