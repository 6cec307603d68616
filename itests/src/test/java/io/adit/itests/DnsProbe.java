package io.adit.itests;

import static org.junit.Assert.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** Asks a name server on loopback for one name's address, again and again as a resolver does, until it is closed. Thread-safe. */
final class DnsProbe implements AutoCloseable {

    /** Else it and the name server would take a processor each. */
    private static final long PAUSE_NANOS = 3_000_000;
    /** Until it is asked again. */
    private static final int PATIENCE_MILLIS = 100;

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final int port;
    private final byte[] question;
    private final Thread thread = new Thread(this::run, "dns-probe");
    private volatile boolean closed;
    private volatile String wrong = "";
    private int answers;
    private long longestNanos;

    private DnsProbe(int port, String name) throws IOException {
        this.port = port;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.")) {
            bytes.write(label.length());
            bytes.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        bytes.writeBytes(new byte[] {0, 0, 1, 0, 1});
        question = bytes.toByteArray();
        socket.setSoTimeout(PATIENCE_MILLIS);
        thread.start();
    }

    /** The name has an address now, and is expected to keep it. */
    static DnsProbe start(int port, String name) throws IOException {
        return new DnsProbe(port, name);
    }

    private void run() {
        long last = System.nanoTime();
        byte[] answer = new byte[512];
        for (int id = 0; !closed; id++) {
            question[0] = (byte) (id >> 8);
            question[1] = (byte) id;
            try {
                socket.send(new DatagramPacket(question, question.length, InetAddress.getLoopbackAddress(), port));
                socket.receive(new DatagramPacket(answer, answer.length));
                // NOERROR, and something in the answer section
                if ((answer[3] & 0xF) != 0 || answer[6] == 0 && answer[7] == 0) {
                    wrong = "rcode " + (answer[3] & 0xF) + ", answers " + answer[7];
                }
                answers++;
                LockSupport.parkNanos(PAUSE_NANOS);
                longestNanos = Math.max(longestNanos, System.nanoTime() - last);
                last = System.nanoTime();
            } catch (SocketTimeoutException e) {
                continue;
            } catch (IOException e) {
                if (!closed) {
                    wrong = e.toString();
                }
            }
        }
    }

    /** Every answer was a good one. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        socket.close();
        thread.join();
        System.out.println("dns: " + answers + " answers, the longest time between two " + longestNanos / 1_000_000 + " ms");
        assertEquals("the name was denied", "", wrong);
    }
}
