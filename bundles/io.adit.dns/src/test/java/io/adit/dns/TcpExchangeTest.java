package io.adit.dns;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Update;

/** What counts as an answer, with a server that answers as each test says. */
public class TcpExchangeTest {

    private static final long DEADLINE_SECONDS = 60;
    private static final TSIG KEY = new TSIG(TSIG.HMAC_SHA512, "adit", "c2VjcmV0");
    private static final TSIG OTHER = new TSIG(TSIG.HMAC_SHA512, "adit", "b3RoZXI=");

    /** From the question to the bytes of the answer; null for none, an empty array to close the connection. */
    private interface Script {
        byte[] answer(Message question, byte[] bytes) throws IOException;
    }

    private ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Script script;
    private TcpExchange exchange;

    @Before
    public void start() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "fake-dns");
        thread.setDaemon(true);
        thread.start();
        exchange = new TcpExchange("127.0.0.1", server.getLocalPort(), KEY, Duration.ofSeconds(30));
    }

    @After
    public void stop() throws IOException {
        exchange.close();
        server.close();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                connections.incrementAndGet();
                DataInputStream in = new DataInputStream(client.getInputStream());
                while (true) {
                    byte[] bytes = new byte[in.readUnsignedShort()];
                    in.readFully(bytes);
                    byte[] answer = script.answer(new Message(bytes), bytes);
                    if (answer == null) {
                        continue;
                    } else if (answer.length == 0) {
                        break;
                    }
                    DataOutputStream out = new DataOutputStream(client.getOutputStream());
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            } catch (EOFException | SocketException e) {
                continue; // the client has gone, or the test is over
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Update update() {
        return new UpdateMessages(Fixtures.DOMAIN, "gate", 30).withdraw(Fixtures.name("alice.tunnel.example"));
    }

    private static Message answer(Message question, int rcode) {
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setOpcode(Opcode.UPDATE);
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setRcode(rcode);
        return answer;
    }

    private static byte[] signed(TSIG key, Message question, int rcode) {
        Message answer = answer(question, rcode);
        key.apply(answer, question.getTSIG());
        return answer.toWire();
    }

    @Test
    public void anAnswerWithAGoodSignatureCounts() throws Exception {
        script = (question, bytes) -> {
            assertEquals(Rcode.NOERROR, KEY.verify(question, bytes, null));
            return signed(KEY, question, Rcode.NXRRSET);
        };
        assertEquals(Rcode.NXRRSET, exchange.send(update()));
        assertEquals(Rcode.NXRRSET, exchange.send(update()));
        assertEquals("on one connection", 1, connections.get());
        exchange.rest();
        assertEquals(Rcode.NXRRSET, exchange.send(update()));
        assertEquals(2, connections.get());
    }

    @Test
    public void anyOtherAnswerDoesNot() {
        refused((question, bytes) -> answer(question, Rcode.NOERROR).toWire(), "the server answers NOERROR without a signature");
        refused((question, bytes) -> answer(question, Rcode.REFUSED).toWire(), "the server answers REFUSED without a signature");
        refused((question, bytes) -> signed(OTHER, question, Rcode.NOERROR), "the signature of the answer is not good: BADSIG");
        refused((question, bytes) -> {
            TSIGRecord asked = question.getTSIG();
            Message answer = answer(question, Rcode.NOTAUTH);
            answer.addRecord(new TSIGRecord(asked.getName(), DClass.ANY, 0, asked.getAlgorithm(), asked.getTimeSigned(), asked.getFudge(), new byte[0],
                asked.getOriginalID(), Rcode.BADKEY, null), Section.ADDITIONAL);
            return answer.toWire();
        }, "the server does not accept the key: BADKEY");
        refused((question, bytes) -> {
            byte[] changed = signed(KEY, question, Rcode.REFUSED);
            changed[3] &= (byte) 0xF0; // NOERROR instead
            return changed;
        }, "the signature of the answer is not good: BADSIG");
        refused((question, bytes) -> {
            byte[] other = signed(KEY, question, Rcode.NOERROR);
            other[0]++;
            return other;
        }, "the answer belongs to another message");
        refused((question, bytes) -> bytes, "the answer belongs to another message");
        refused((question, bytes) -> new byte[] {1, 2, 3}, "the answer is not a DNS message");
        refused((question, bytes) -> new byte[0], "127.0.0.1:" + server.getLocalPort() + ": the server closed the connection");
    }

    private void refused(Script behaviour, String why) {
        script = behaviour;
        assertEquals(why, assertThrows(why, IOException.class, () -> exchange.send(update())).getMessage());
    }

    @Test
    public void aSilentServerIsWaitedForForALimitedTime() {
        script = (question, bytes) -> null;
        TcpExchange impatient = new TcpExchange("127.0.0.1", server.getLocalPort(), KEY, Duration.ofMillis(100));
        assertEquals("127.0.0.1:" + server.getLocalPort() + " does not answer within 100 ms",
            assertThrows(IOException.class, () -> impatient.send(update())).getMessage());
        impatient.close();
    }

    @Test
    public void aServerThatIsNotThereIsNamed() throws Exception {
        server.close();
        String refusal = assertThrows(IOException.class, () -> exchange.send(update())).getMessage();
        assertTrue(refusal, refusal.startsWith("127.0.0.1:" + server.getLocalPort() + ": "));
        TcpExchange unknown = new TcpExchange("no..host", 53, KEY, Duration.ofSeconds(30));
        assertEquals("the host no..host is unknown here", assertThrows(IOException.class, () -> unknown.send(update())).getMessage());
    }

    @Test
    public void closingEndsTheWait() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        script = (question, bytes) -> {
            asked.countDown();
            return null;
        };
        CompletableFuture<Throwable> failed = new CompletableFuture<>();
        Thread sender = new Thread(() -> failed.complete(assertThrows(IOException.class, () -> exchange.send(update()))));
        sender.start();
        assertTrue(asked.await(DEADLINE_SECONDS, TimeUnit.SECONDS));
        exchange.close();
        failed.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        sender.join();
        assertEquals("127.0.0.1:" + server.getLocalPort() + ": closed", assertThrows(IOException.class, () -> exchange.send(update())).getMessage());
    }
}
