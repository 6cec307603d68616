package io.adit.dns;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.After;
import org.junit.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** The real sockets, on loopback. */
public class SocketsTest {

    private static final int DEADLINE = 60_000;

    private final Answers answers = new Answers(Fixtures.zone(false, new AtomicLong(1)), 1232, () -> true);
    /** How much later it is for connections than it is, in nanoseconds. */
    private final AtomicLong passed = new AtomicLong();
    private TcpHandler tcp;
    private Sockets sockets;

    private InetSocketAddress start(int connections, Duration idle, int rate) throws IOException {
        tcp = new TcpHandler(answers, connections, idle, () -> System.nanoTime() + passed.get());
        sockets = new Sockets(InetAddress.getLoopbackAddress(), 0,
            new UdpHandler(answers, new RateLimit(new RateLimit.Limits(rate, 2, 100), System::nanoTime)), tcp);
        return sockets.address();
    }

    @After
    public void stop() throws InterruptedException {
        if (sockets != null) {
            sockets.close();
        }
        for (Thread each : Thread.getAllStackTraces().keySet()) {
            if (each.getName().startsWith("Nio") || each.getName().startsWith("adit-dns")) {
                each.join(DEADLINE); // MINA does not wait for all of its threads
                assertFalse(each.getName() + " is left", each.isAlive());
            }
        }
    }

    @Test
    public void aDatagramIsAnsweredToTheOneWhoSentIt() throws Exception {
        InetSocketAddress address = start(10, Duration.ofMinutes(1), 0);
        try (DatagramSocket one = new DatagramSocket(); DatagramSocket two = new DatagramSocket()) {
            for (int i = 0; i < 50; i++) {
                send(one, address, Fixtures.query("alice.tunnel.example", "A"));
                send(two, address, Fixtures.query("nobody.tunnel.example", "A"));
                assertEquals(Rcode.NXDOMAIN, receive(two).getRcode());
                assertEquals(1, receive(one).getSection(Section.ANSWER).size());
            }
        }
    }

    @Test
    public void garbageEndsNothing() throws Exception {
        InetSocketAddress address = start(10, Duration.ofMinutes(1), 0);
        Random random = new Random(3);
        try (DatagramSocket client = new DatagramSocket()) {
            for (int i = 0; i < 2000; i++) {
                byte[] garbage = new byte[random.nextInt(i % 50 == 0 ? 9000 : 60)];
                random.nextBytes(garbage);
                client.send(new DatagramPacket(garbage, garbage.length, address));
            }
        }
        for (int i = 0; i < 20; i++) {
            try (Socket client = connect(address)) {
                byte[] garbage = new byte[1000];
                random.nextBytes(garbage);
                client.getOutputStream().write(garbage);
            }
        }
        try (DatagramSocket client = new DatagramSocket()) {
            assertEquals(1, ask(client, address).getSection(Section.ANSWER).size());
        }
    }

    /** Until it is answered: the system may drop datagrams while the server works off the others. */
    private static Message ask(DatagramSocket client, InetSocketAddress address) throws IOException {
        client.setSoTimeout(50);
        long end = System.nanoTime() + DEADLINE * 1_000_000L;
        while (true) {
            send(client, address, Fixtures.query("alice.tunnel.example", "A"));
            try {
                byte[] bytes = new byte[4096];
                DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                client.receive(packet);
                return new Message(Arrays.copyOf(bytes, packet.getLength()));
            } catch (SocketTimeoutException e) {
                assertTrue("no answer", System.nanoTime() - end < 0);
            }
        }
    }

    @Test
    public void beyondTheRateAClientIsSentToTcp() throws Exception {
        InetSocketAddress address = start(10, Duration.ofMinutes(1), 1);
        try (DatagramSocket client = new DatagramSocket()) {
            assertFalse(ask(client, address).getHeader().getFlag(Flags.TC));
            long end = System.nanoTime() + DEADLINE * 1_000_000L;
            while (!ask(client, address).getHeader().getFlag(Flags.TC)) {
                assertTrue("never truncated", System.nanoTime() - end < 0);
            }
        }
        try (Socket client = connect(address)) {
            for (int i = 0; i < 100; i++) {
                write(client, Fixtures.query("alice.tunnel.example", "A"));
            }
            for (int i = 0; i < 100; i++) {
                assertEquals(1, read(client).getSection(Section.ANSWER).size());
            }
        }
    }

    @Test
    public void manyQuestionsOnOneConnectionAreAnsweredInOrder() throws Exception {
        InetSocketAddress address = start(10, Duration.ofMinutes(1), 1);
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(16 * 1024); // so that the server cannot write as it likes
            client.connect(address, DEADLINE);
            client.setSoTimeout(DEADLINE);
            int count = 10_000;
            List<Integer> ids = new ArrayList<>();
            Thread writer = new Thread(() -> {
                try {
                    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
                    for (int i = 0; i < count; i++) {
                        Message question = Fixtures.query("big.tunnel.example", "TXT");
                        question.getHeader().setID(i);
                        byte[] bytes = question.toWire();
                        out.writeShort(bytes.length);
                        out.write(bytes);
                    }
                    out.flush();
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            writer.start();
            for (int i = 0; i < count; i++) {
                ids.add(read(client).getHeader().getID());
            }
            writer.join(DEADLINE);
            for (int i = 0; i < count; i++) {
                assertEquals(i, (int) ids.get(i));
            }
            assertEquals("the end", -1, client.getInputStream().read());
        }
    }

    @Test
    public void aConnectionWithoutAQuestionIsClosedHoweverSlowlyItIsFed() throws Exception {
        InetSocketAddress address = start(10, Duration.ofMinutes(10), 1);
        try (Socket client = connect(address)) {
            write(client, Fixtures.query("alice.tunnel.example", "A"));
            assertArrayEquals(new int[] {1}, new int[] {read(client).getSection(Section.ANSWER).size()});
            client.setSoTimeout(20);
            long end = System.nanoTime() + DEADLINE * 1_000_000L;
            boolean closed = false;
            try {
                client.getOutputStream().write(new byte[] {0, 100});
                while (!closed) {
                    assertTrue("not closed", System.nanoTime() - end < 0);
                    client.getOutputStream().write(0);
                    passed.addAndGet(Duration.ofMinutes(3).toNanos());
                    tcp.sweep();
                    try {
                        closed = client.getInputStream().read() < 0;
                    } catch (SocketTimeoutException e) {
                        continue;
                    }
                }
            } catch (SocketException e) {
                closed = true; // reset, as it was closed with our bytes unread
            }
            assertTrue(closed);
        }
    }

    @Test
    public void whoComesWhenAllIsTakenGetsThePlaceOfTheIdlest() throws Exception {
        InetSocketAddress address = start(2, Duration.ofMinutes(1), 1);
        try (Socket idle = connect(address); Socket busy = connect(address)) {
            write(idle, Fixtures.query("alice.tunnel.example", "A"));
            read(idle);
            write(busy, Fixtures.query("alice.tunnel.example", "A"));
            read(busy);
            try (Socket third = connect(address)) {
                write(third, Fixtures.query("alice.tunnel.example", "A"));
                assertEquals(1, read(third).getSection(Section.ANSWER).size());
                assertEquals("the idlest is closed", -1, idle.getInputStream().read());
                write(busy, Fixtures.query("alice.tunnel.example", "A"));
                assertEquals(1, read(busy).getSection(Section.ANSWER).size());
                assertEquals(2, tcp.connections());
            }
        }
    }

    @Test
    public void aClientThatDoesNotReadIsNotReadFromEither() throws Exception {
        InetSocketAddress address = start(10, Duration.ofMillis(300), 1);
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4096);
            client.connect(address, DEADLINE);
            byte[] question = Fixtures.query("big.tunnel.example", "TXT").toWire();
            byte[] framed = new byte[question.length + 2];
            framed[1] = (byte) question.length;
            System.arraycopy(question, 0, framed, 2, question.length);
            // far more than what the system's buffers hold of the answers; ends when the server closes the connection
            long sent = 0;
            try {
                while (sent < 200_000_000) {
                    client.getOutputStream().write(framed);
                    sent += framed.length;
                }
            } catch (IOException e) {
                assertTrue("closed after " + sent, sent < 50_000_000);
                return;
            }
            throw new AssertionError("everything was taken");
        }
    }

    @Test
    public void aTakenPortLeavesNothingBehind() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            TcpHandler handler = new TcpHandler(answers, 1, Duration.ofMinutes(1), System::nanoTime);
            UdpHandler datagrams = new UdpHandler(answers, new RateLimit(new RateLimit.Limits(0, 0, 100), System::nanoTime));
            assertThrows(IOException.class, () -> new Sockets(InetAddress.getLoopbackAddress(), taken.getLocalPort(), datagrams, handler));
        }
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, DEADLINE);
        socket.setSoTimeout(DEADLINE);
        return socket;
    }

    private static void write(Socket client, Message question) throws IOException {
        byte[] bytes = question.toWire();
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    private static Message read(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        return new Message(bytes);
    }

    private static void send(DatagramSocket client, InetSocketAddress to, Message question) throws IOException {
        byte[] bytes = question.toWire();
        client.send(new DatagramPacket(bytes, bytes.length, to));
    }

    private static Message receive(DatagramSocket client) throws IOException {
        client.setSoTimeout(DEADLINE);
        byte[] bytes = new byte[4096];
        DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
        client.receive(packet);
        return new Message(Arrays.copyOf(bytes, packet.getLength()));
    }
}
