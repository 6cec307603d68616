package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** A web server behind the tunnel that is told by the PROXY protocol who visits it. */
public class ProxyProtocolOutIT {

    private static final AtomicInteger CONNECTIONS = new AtomicInteger();

    private static ExecutorService threads;
    private static ServerSocket server;
    private static Site site;

    @BeforeClass
    public static void start() throws Exception {
        threads = Executors.newCachedThreadPool();
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(ProxyProtocolOutIT::accept);
        site = Site.sharedBefore("http://127.0.0.1:" + server.getLocalPort(), ProxyProtocolOutIT.class, "io.adit.origin:proxy.protocol=v1",
            "io.adit.origin:keepalive.timeout.millis=60000");
    }

    @AfterClass
    public static void stop() throws Exception {
        try {
            if (site != null) {
                site.stop();
            }
        } finally {
            server.close();
            threads.shutdownNow();
        }
    }

    private static void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // closed: the loop ends; else a connection less, which a test misses
                continue;
            }
        }
    }

    /** Answers each request with what its connection began with. */
    private static void serve(Socket socket) {
        int number = CONNECTIONS.incrementAndGet();
        try (socket; BufferedReader in = reader(socket)) {
            String header = in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                assertTrue(line, line.startsWith("GET "));
                while (!line.isEmpty()) {
                    line = in.readLine();
                }
                String body = number + " " + header;
                send(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        } catch (IOException e) {
            // the client went away: that is its right
            return;
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A browser with one connection. */
    private record Visitor(Socket socket, BufferedReader in) implements AutoCloseable {

        static Visitor open() throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.web().port());
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            return new Visitor(socket, reader(socket));
        }

        /** The body of the answer: the number of the connection at the origin, and its first line. */
        String[] ask() throws IOException {
            // what it claims itself is not what the origin is told
            send(socket, "GET / HTTP/1.1\r\nHost: " + site.web().host() + "\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");
            assertEquals("HTTP/1.1 200 OK", in.readLine());
            int length = -1;
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                length = line.startsWith("Content-Length: ") ? Integer.parseInt(line.substring(16)) : length;
            }
            char[] body = new char[length];
            for (int i = 0; i < length; i++) {
                body[i] = (char) in.read();
            }
            return new String(body).split(" ", 2);
        }

        String expected() {
            return "PROXY TCP4 127.0.0.1 0.0.0.0 " + socket.getLocalPort() + " " + site.web().port();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    public void theOriginIsToldWhoVisitsAndVisitorsShareNoConnection() throws Exception {
        try (Visitor one = Visitor.open(); Visitor other = Visitor.open()) {
            String[] first = one.ask();
            assertEquals(one.expected(), first[1]);
            String[] second = other.ask();
            assertEquals(other.expected(), second[1]);
            assertNotEquals(first[0], second[0]);
            // each may have been in the middle of giving its connection back: what counts is whose it is
            assertEquals(one.expected(), one.ask()[1]);
            assertEquals(other.expected(), other.ask()[1]);
        }
    }
}
