package io.adit.dns;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Update;

/** Updates over TCP (RFC 2136 section 6.2 leaves the choice), signed with a key (RFC 8945). One connection while there is something to say. */
final class TcpExchange implements Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(TcpExchange.class);

    private final String host;
    private final int port;
    private final TSIG key;
    private final Duration timeout;
    private volatile Socket socket;
    private volatile boolean closed;

    TcpExchange(String host, int port, TSIG key, Duration timeout) {
        this.host = host;
        this.port = port;
        this.key = key;
        this.timeout = timeout;
    }

    @Override
    public int send(Update update) throws IOException {
        key.apply(update, null);
        byte[] wire = update.toWire();
        TSIGRecord signature = update.getTSIG();
        long deadline = System.nanoTime() + timeout.toNanos();
        byte[] bytes;
        try {
            bytes = transfer(wire, deadline);
        } catch (SocketTimeoutException e) {
            rest();
            throw new IOException(host + ":" + port + " does not answer within " + timeout.toMillis() + " ms", e);
        } catch (UnknownHostException e) {
            rest();
            throw new IOException("the host " + host + " is unknown here", e);
        } catch (IOException | RuntimeException e) {
            rest();
            throw new IOException(host + ":" + port + ": " + e.getMessage(), e);
        }
        Message answer;
        try {
            answer = new Message(bytes);
        } catch (IOException | RuntimeException e) {
            rest();
            throw new IOException("the answer is not a DNS message", e);
        }
        if (answer.getHeader().getID() != update.getHeader().getID() || !answer.getHeader().getFlag(Flags.QR)
                || answer.getHeader().getOpcode() != Opcode.UPDATE) {
            rest();
            throw new IOException("the answer belongs to another message");
        }
        return verified(answer, bytes, signature);
    }

    private int verified(Message answer, byte[] bytes, TSIGRecord request) throws IOException {
        TSIGRecord signature = answer.getTSIG();
        int rcode = answer.getHeader().getRcode();
        if (signature != null && signature.getError() != Rcode.NOERROR) {
            throw new IOException("the server does not accept the key: " + Rcode.TSIGstring(signature.getError()));
        }
        if (signature == null) {
            throw new IOException("the server answers " + Rcode.string(rcode) + " without a signature");
        }
        int verdict = key.verify(answer, bytes, request);
        if (verdict != Rcode.NOERROR) {
            throw new IOException("the signature of the answer is not good: " + Rcode.TSIGstring(verdict));
        }
        return rcode;
    }

    private byte[] transfer(byte[] wire, long deadline) throws IOException {
        Socket connection = socket;
        if (connection == null) {
            connection = new Socket();
            socket = connection;
            if (closed) {
                throw new IOException("closed");
            }
            connection.setTcpNoDelay(true);
            connection.connect(new InetSocketAddress(host, port), left(deadline));
        }
        byte[] message = new byte[wire.length + 2];
        message[0] = (byte) (wire.length >> 8);
        message[1] = (byte) wire.length;
        System.arraycopy(wire, 0, message, 2, wire.length);
        connection.getOutputStream().write(message);
        DataInputStream in = new DataInputStream(new Until(connection, deadline));
        try {
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return answer;
        } catch (EOFException e) {
            throw new IOException("the server closed the connection", e);
        }
    }

    private static int left(long deadline) throws IOException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) millis;
    }

    /** Reads until one deadline, however often something comes. */
    private static final class Until extends InputStream {
        private final Socket socket;
        private final long deadline;

        Until(Socket socket, long deadline) {
            this.socket = socket;
            this.deadline = deadline;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            socket.setSoTimeout(left(deadline));
            return socket.getInputStream().read(bytes, offset, length);
        }
    }

    @Override
    public void rest() {
        Socket connection = socket;
        socket = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                LOG.debug("nothing is lost with it: every update was answered or has failed", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        rest();
    }
}
