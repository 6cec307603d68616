package io.adit.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

import org.junit.After;
import org.junit.Assume;
import org.junit.Test;

/** A port that was chosen seconds before its server starts. */
public class PortsTest {

    private static final String HOST = "127.0.0.1";

    @After
    public void letGo() throws IOException {
        Ports.letGo();
    }

    @Test
    public void nobodyElseGetsAPortThatWasChosenUntilItsServerListens() throws Exception {
        Assume.assumeTrue("sockets that are bound share a port with one that listens", System.getProperty("os.name").equals("Linux"));
        int port = Ports.anyFree(HOST);
        assertNotEquals(port, Ports.anyFree(HOST));
        assertThrows("for those who do not share, it is taken", BindException.class, () -> bind(port, false));
        assertThrows("and nobody listens", ConnectException.class, () -> new Socket(HOST, port).close());
        try (ServerSocket server = bind(port, true); Socket visitor = new Socket(HOST, port); Socket accepted = server.accept()) {
            assertEquals(visitor.getLocalPort(), accepted.getPort());
            Ports.letGo();
        }
        // Not in the place of the connection, which lingers.
        int other = Ports.anyFree(HOST);
        Ports.letGo();
        bind(other, false).close();
    }

    private static ServerSocket bind(int port, boolean shared) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.setReuseAddress(shared);
            server.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
            return server;
        } catch (IOException e) {
            try (server) {
                throw e;
            }
        }
    }
}
