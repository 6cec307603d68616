package io.adit.tunnel.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.PeerSession;
import io.adit.api.PeerUnavailableException;
import io.adit.api.RequestHandler;
import io.adit.api.StreamInfo;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** Two engines, one link; the same over memory, TCP and TLS. */
@RunWith(Parameterized.class)
public class EngineTest {

    @Parameters(name = "{0}")
    public static Object[] links() {
        return Link.values();
    }

    @Rule
    public Timeout deadline = Timeout.seconds(60);

    private final Link link;
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private TunnelComponent proxyEngine;
    private TunnelComponent peerEngine;
    private TestTunnel.Proxy proxy;
    private TestTunnel.Peer peer;
    private AutoCloseable connection;

    public EngineTest(Link link) {
        this.link = link;
    }

    private PeerSession connect(RequestHandler handler) throws Exception {
        return connect(handler, TestTunnel.limits());
    }

    private PeerSession connect(RequestHandler handler, Limits limits) throws Exception {
        dial(new TestTunnel.Peer(handler), limits);
        PeerSession session = proxy.session.get(20, TimeUnit.SECONDS);
        peer.session.get(20, TimeUnit.SECONDS);
        return session;
    }

    private void dial(TestTunnel.Peer with, Limits limits) throws Exception {
        proxyEngine = TestTunnel.engine(limits);
        peerEngine = TestTunnel.engine(limits);
        proxy = new TestTunnel.Proxy();
        peer = with;
        connection = link.connect(proxyEngine, proxy, peerEngine, peer);
        toClose.add(connection);
        toClose.add(proxyEngine::deactivate);
        toClose.add(peerEngine::deactivate);
    }

    @After
    public void close() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void respond(MessageStream stream, int status, String body) {
        ByteBuffer data = ByteBuffer.wrap(body.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        stream.head(new ResponseHead(status, "", Fields.EMPTY, "", data.remaining()), data, true, Completion.NONE);
    }

    @Test
    public void aRequestWithoutABodyIsAnswered() throws Exception {
        PeerSession session = connect((head, last, stream) -> {
            assertTrue(last);
            respond(stream, 203, head.method() + " " + head.target());
        });
        Client.Answer answer = new Client(session, new byte[0], 1).answer.get();
        assertEquals(203, answer.heads().get(0).status());
        assertEquals("GET /", new String(answer.body(), java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    @Test
    public void whatAPeerSaysOfItselfIsKnown() throws Exception { // PROTOCOL A5
        assertEquals(Fields.of("title", "t"), connect(new Echo()).details());
    }

    @Test
    public void bodiesOfAllSizesComeBackAsTheyWere() throws Exception {
        PeerSession session = connect(new Echo());
        for (int size : new int[] {1, 2, 100, 16383, 16384, 16385, 65535, 65536, 65537, 262144, 1_000_003}) {
            byte[] body = random(size, size);
            assertArrayEquals("size " + size, body, new Client(session, body, 50_000).answer.get().body());
        }
        assertEquals(0, session.info().streams());
    }

    @Test
    public void fiveHundredAtATimeEachWithItsOwnBody() throws Exception {
        PeerSession session = connect(new Echo());
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            clients.add(new Client(session, random(1 + i * 37 % 90_000, i), 7000));
        }
        for (int i = 0; i < 500; i++) {
            assertArrayEquals("client " + i, random(1 + i * 37 % 90_000, i), clients.get(i).answer.get().body());
        }
    }

    @Test
    public void interimHeadsAndTrailersPass() throws Exception {
        PeerSession session = connect((head, last, stream) -> {
            stream.head(new ResponseHead(103, "Early Hints", Fields.of("Link", "</a>"), "", -1), null, false, Completion.NONE);
            stream.head(new ResponseHead(100, "", Fields.EMPTY, "", -1), null, false, Completion.NONE);
            stream.head(new ResponseHead(200, "OK", Fields.EMPTY, "", -1), ByteBuffer.wrap(new byte[] {7}), false, Completion.NONE);
            stream.trailers(Fields.of("Grpc-Status", "0"), Completion.NONE);
        });
        Client.Answer answer = new Client(session, new byte[0], 1).answer.get();
        assertEquals(List.of(103, 100, 200), answer.heads().stream().map(ResponseHead::status).toList());
        assertArrayEquals(new byte[] {7}, answer.body());
        assertEquals(Fields.of("Grpc-Status", "0"), answer.trailers());
    }

    @Test
    public void aReaderThatReadsNothingStopsTheSenderAndNobodyElse() throws Exception {
        AtomicLong produced = new AtomicLong();
        PeerSession session = connect((head, last, stream) -> {
            if (head.method().equals("POST")) {
                new Echo().handle(head, last, stream);
            } else {
                stream.head(new ResponseHead(200, "", Fields.EMPTY, "", -1), null, false, Completion.NONE);
                endless(stream, produced);
            }
        });
        MessageStream stalled = session.open(Client.head("GET", -1), null, true);
        for (int i = 0; i < 50; i++) {
            byte[] body = random(20_000, i);
            assertArrayEquals(body, new Client(session, body, 5000).answer.get().body());
        }
        long most = TestTunnel.limits().initialWindow() + 2 * 32 * 1024;
        assertTrue("produced " + produced, produced.get() <= most);
        StreamInfo here = session.streams(10).get(0);
        assertEquals("GET / reader 0", here.method() + " " + here.target() + " " + here.waitsFor() + " " + here.bytesOut());
        assertTrue(here.toString(), here.buffered() == here.bytesIn() && here.bytesIn() >= here.window() / 2 && here.stallMillis() <= here.ageMillis());
        StreamInfo there = peer.session.get().streams(10).get(0);
        assertEquals("GET / credit 0", there.method() + " " + there.target() + " " + there.waitsFor() + " " + there.credit());
        assertEquals(here.bytesIn(), there.bytesOut());
        assertEquals(List.of(), session.streams(0));
        stalled.reset(ErrorCode.CANCEL, "");
    }

    private static void endless(MessageStream stream, AtomicLong produced) {
        stream.data(ByteBuffer.wrap(new byte[32 * 1024]), false, new Completion() {
            @Override
            public void succeeded() {
                produced.addAndGet(32 * 1024);
                endless(stream, produced);
            }

            @Override
            public void failed(Throwable cause) {
                // the test reset it
            }
        });
    }

    @Test
    public void aWindowGrowsForAFastReader() throws Exception {
        PeerSession session = connect(new Echo());
        byte[] body = random(12_000_000, 1); // three times the largest window
        assertArrayEquals(body, new Client(session, body, 1 << 20).answer.get().body());
        assertEquals("all credit came back", 0, proxyEngine.pool().reserved());
        assertEquals("all credit came back", 0, peerEngine.pool().reserved());
    }

    @Test
    public void aResetReachesTheOtherSideWhateverItWaitsFor() throws Exception {
        CompletableFuture<StreamResetException> seen = new CompletableFuture<>();
        CompletableFuture<StreamResetException> read = new CompletableFuture<>();
        CountDownLatch there = new CountDownLatch(1);
        PeerSession session = connect((head, last, stream) -> {
            stream.onReset(seen::complete);
            stream.demand(() -> read.complete(((Inbound.Failure) stream.read()).cause()));
            there.countDown();
        });
        MessageStream stream = session.open(Client.head("POST", -1), null, false);
        there.await();
        stream.reset(ErrorCode.CANCEL, "gone");
        for (CompletableFuture<StreamResetException> each : List.of(seen, read)) {
            assertEquals(ErrorCode.CANCEL, each.get().code());
            assertTrue(each.get().isRemote());
        }
        assertEquals(0, session.info().streams());
    }

    @Test
    public void whatCameBeforeAResetCanBeReadAndThenTheFailure() throws Exception {
        PeerSession session = connect((head, last, stream) -> stream.head(new ResponseHead(200, "", Fields.EMPTY, "", 100),
                ByteBuffer.wrap(new byte[10]), false, new Completion() {
                    @Override
                    public void succeeded() {
                        stream.reset(ErrorCode.CUT, "");
                    }

                    @Override
                    public void failed(Throwable cause) {
                        throw new AssertionError(cause);
                    }
                }));
        CompletableFuture<StreamResetException> cut = new CompletableFuture<>();
        MessageStream stream = session.open(Client.head("GET", -1), null, true);
        stream.onReset(cut::complete);
        assertEquals(ErrorCode.CUT, cut.get().code());
        assertTrue(stream.read() instanceof Inbound.Head);
        Inbound.Data data = (Inbound.Data) stream.read();
        assertEquals(10, data.bytes().remaining());
        assertFalse(data.last());
        data.release();
        assertEquals(cut.get(), ((Inbound.Failure) stream.read()).cause());
        assertEquals(cut.get(), ((Inbound.Failure) stream.read()).cause());
    }

    @Test
    public void anAnswerInFullMayEndTheUploadEarly() throws Exception {
        PeerSession session = connect((head, last, stream) -> stream.head(new ResponseHead(413, "", Fields.EMPTY, "", 0), null, true,
                new Completion() {
                    @Override
                    public void succeeded() {
                        stream.reset(ErrorCode.NONE, "");
                    }

                    @Override
                    public void failed(Throwable cause) {
                        throw new AssertionError(cause);
                    }
                }));
        MessageStream stream = session.open(Client.head("POST", -1), null, false);
        CompletableFuture<Throwable> stopped = new CompletableFuture<>();
        upload(stream, stopped);
        assertEquals(ErrorCode.NONE, ((StreamResetException) stopped.get()).code());
        assertEquals(413, ((Inbound.Head) stream.read()).head().status());
        assertNull("the answer stands: no failure after it", stream.read());
        assertEquals(0, proxyEngine.pool().reserved());
    }

    private static void upload(MessageStream stream, CompletableFuture<Throwable> stopped) {
        try {
            stream.data(ByteBuffer.wrap(new byte[10_000]), false, new Completion() {
                @Override
                public void succeeded() {
                    upload(stream, stopped);
                }

                @Override
                public void failed(Throwable cause) {
                    stopped.complete(cause);
                }
            });
        } catch (IllegalStateException e) {
            stopped.complete(new StreamResetException(ErrorCode.NONE, true, false, e.getMessage()));
        }
    }

    @Test
    public void aWrongSecretIsRefusedWithItsReason() throws Exception {
        TestTunnel.Peer wrong = new TestTunnel.Peer(new Echo());
        wrong.secret = new byte[32];
        dial(wrong, TestTunnel.limits());
        assertEquals(ErrorCode.UNAUTHORIZED, wrong.closed.get());
        assertEquals("no such invitation", wrong.reason.get());
        assertEquals(ErrorCode.UNAUTHORIZED, proxy.failed.get());
        assertFalse(wrong.session.isDone());
    }

    @Test
    public void drainLetsStreamsFinishAndRefusesNewOnes() throws Exception {
        CompletableFuture<MessageStream> running = new CompletableFuture<>();
        PeerSession session = connect((head, last, stream) -> running.complete(stream));
        Client client = new Client(session, new byte[0], 1);
        MessageStream atPeer = running.get();
        CompletableFuture<Void> drained = session.drain(Duration.ofSeconds(30), ErrorCode.SHUTDOWN).toCompletableFuture();
        PeerUnavailableException e = assertThrows(PeerUnavailableException.class, () -> session.open(Client.head("GET", -1), null, true));
        assertEquals(ErrorCode.SHUTDOWN, e.code());
        assertFalse(drained.isDone());
        respond(atPeer, 200, "done");
        assertEquals(4, client.answer.get().body().length);
        drained.get();
        assertEquals(ErrorCode.SHUTDOWN, session.closed().toCompletableFuture().get());
        assertEquals(ErrorCode.SHUTDOWN, peer.closed.get());
    }

    @Test
    public void aPeerThatDrainsFinishesItsStreamsToo() throws Exception {
        CompletableFuture<MessageStream> running = new CompletableFuture<>();
        PeerSession session = connect((head, last, stream) -> running.complete(stream));
        Client client = new Client(session, new byte[0], 1);
        MessageStream atPeer = running.get();
        CompletableFuture<Void> drained = peer.session.get().drain(Duration.ofSeconds(30), ErrorCode.SHUTDOWN).toCompletableFuture();
        respond(atPeer, 200, "done");
        assertEquals(4, client.answer.get().body().length);
        drained.get();
        assertEquals(ErrorCode.SHUTDOWN, session.closed().toCompletableFuture().get());
    }

    @Test
    public void D6_aMovedSessionServesOnUntilItHasLingered() throws Exception {
        PeerSession session = connect((head, last, stream) -> respond(stream, 200, "still here"));
        session.moveOn(Duration.ofHours(1), Duration.ofSeconds(30));
        session.moveOn(Duration.ZERO, Duration.ZERO); // it was told
        assertEquals(ErrorCode.MOVED, peer.goingAway.get(20, TimeUnit.SECONDS));
        assertEquals(200, new Client(session, new byte[0], 1).answer.get().heads().get(0).status());
        assertEquals("open", session.info().state());
        session.drain(Duration.ofSeconds(30), ErrorCode.MOVED).toCompletableFuture().get();
        assertEquals(ErrorCode.MOVED, peer.closed.get(20, TimeUnit.SECONDS));
    }

    @Test
    public void D6_thenItDrains() throws Exception {
        PeerSession session = connect((head, last, stream) -> respond(stream, 200, ""));
        session.moveOn(Duration.ZERO, Duration.ofSeconds(30));
        assertEquals(ErrorCode.MOVED, session.closed().toCompletableFuture().get(20, TimeUnit.SECONDS));
        assertEquals(ErrorCode.MOVED, peer.closed.get(20, TimeUnit.SECONDS));
    }

    @Test
    public void aPeerIsToldOfADrainBeforeItIsOver() throws Exception {
        CompletableFuture<MessageStream> running = new CompletableFuture<>();
        PeerSession session = connect((head, last, stream) -> running.complete(stream));
        Client client = new Client(session, new byte[0], 1);
        running.get();
        session.drain(Duration.ofSeconds(30), ErrorCode.SHUTDOWN);
        assertEquals(ErrorCode.SHUTDOWN, peer.goingAway.get(20, TimeUnit.SECONDS));
        assertFalse(peer.closed.isDone());
        respond(running.get(), 200, "");
        client.answer.get();
        assertEquals(ErrorCode.SHUTDOWN, peer.closed.get(20, TimeUnit.SECONDS));
    }

    @Test
    public void drainEndsAtItsDeadlineWhateverStillRuns() throws Exception {
        PeerSession session = connect((head, last, stream) -> { });
        Client client = new Client(session, new byte[0], 1);
        session.drain(Duration.ofMillis(50), ErrorCode.SHUTDOWN).toCompletableFuture().get();
        ExecutionException e = assertThrows(ExecutionException.class, client.answer::get);
        assertEquals(ErrorCode.SHUTDOWN, ((StreamResetException) e.getCause()).code());
    }

    @Test
    public void aSecondDrainMayBeInMoreOfAHurry() throws Exception {
        PeerSession session = connect((head, last, stream) -> { });
        Client client = new Client(session, new byte[0], 1);
        session.drain(Duration.ofHours(1), ErrorCode.REPLACED);
        session.drain(Duration.ofMillis(50), ErrorCode.SHUTDOWN).toCompletableFuture().get();
        assertThrows(ExecutionException.class, client.answer::get);
    }

    @Test
    public void aLostConnectionFailsEveryStream() throws Exception {
        CountDownLatch there = new CountDownLatch(10);
        PeerSession session = connect((head, last, stream) -> there.countDown());
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(new Client(session, new byte[0], 1));
        }
        there.await();
        connection.close();
        for (Client client : clients) {
            ExecutionException e = assertThrows(ExecutionException.class, client.answer::get);
            assertFalse("it may have been processed", ((StreamResetException) e.getCause()).isNotProcessed());
        }
        session.closed().toCompletableFuture().get();
        peer.closed.get();
        assertEquals(0, proxyEngine.pool().reserved());
    }

    @Test
    public void atTheLimitOfStreamsNothingIsSent() throws Exception {
        Limits few = new Limits(64L << 20, 3, 256 * 1024, 64 * 1024, 4 << 20, 10 * TestTunnel.SECOND, 5 * TestTunnel.SECOND, 10 * TestTunnel.SECOND, 500,
                TestTunnel.TIMING);
        PeerSession session = connect((head, last, stream) -> { }, few);
        for (int i = 0; i < 3; i++) {
            session.open(Client.head("GET", -1), null, true);
        }
        PeerUnavailableException e = assertThrows(PeerUnavailableException.class, () -> session.open(Client.head("GET", -1), null, true));
        assertEquals(ErrorCode.REFUSED, e.code());
    }

    @Test
    public void withoutARequestHandlerARequestIsCertainlyNotProcessed() throws Exception {
        PeerSession session = connect(null);
        ExecutionException e = assertThrows(ExecutionException.class, new Client(session, new byte[0], 1).answer::get);
        assertTrue(((StreamResetException) e.getCause()).isNotProcessed());
    }

    @Test
    public void aHeadTooLargeForAFrameIsRefusedAndTheSessionLives() throws Exception {
        PeerSession session = connect((head, last, stream) -> respond(stream, 200, "x"));
        Fields big = Fields.of("A", "x".repeat(60_000), "B", "x".repeat(60_000));
        MessageStream stream = session.open(new io.adit.api.packet.Packet.RequestHead("GET", "http", "a", "/", "HTTP/1.1", big, "c", "", -1), null, true);
        CompletableFuture<StreamResetException> refused = new CompletableFuture<>();
        stream.onReset(refused::complete);
        assertEquals(ErrorCode.TOO_LARGE, refused.get().code());
        assertEquals(1, new Client(session, new byte[0], 1).answer.get().body().length);
    }
}
