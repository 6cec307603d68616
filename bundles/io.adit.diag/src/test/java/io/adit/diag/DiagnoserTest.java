package io.adit.diag;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.adit.api.Check;
import io.adit.api.CheckReport;
import io.adit.api.Completion;
import io.adit.api.Diagnosis;
import io.adit.api.Invitation;
import io.adit.api.MessageStream;
import io.adit.api.PeerNode;
import io.adit.api.PeerSession;
import io.adit.api.RequestHandler;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.call.FakeRegistrations;
import io.adit.call.FakeSession;
import io.adit.way.check.SpeedPath;
import org.junit.Test;

/** What a diagnosis says of a container, and who may measure the throughput. */
public class DiagnoserTest {

    private static final Invitation INVITATION = new Invitation("nobody.invalid", 7443, "mine", new byte[32], new byte[32]);

    private static DiagConfig config(int step) {
        return Configs.with(Map.of("step_timeout_millis", step, "speed_max_bytes", 200_000, "speed_max_millis", 60_000));
    }

    private static PeerNode node(String state, String reason, PeerSession session) {
        return new PeerNode() {
            @Override
            public Status status() {
                return new Status("mine", state, Instant.EPOCH, session == null ? "" : "http://mine.invalid/", "p1 192.0.2.1:7443", reason);
            }

            @Override
            public Optional<PeerSession> session() {
                return Optional.ofNullable(session);
            }

            @Override
            public Optional<Way> way() {
                return Optional.of(new Way(INVITATION, ""));
            }
        };
    }

    private final Prober prober = new Prober();
    private final Diagnoser diagnoser = new Diagnoser(config(500), prober);

    private CheckReport run(String name) throws Exception {
        return diagnoser.diagnose(name).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static String said(CheckReport report, String name) {
        return report.checks().stream().filter(check -> check.name().equals(name)).map(check -> check.state() + " " + check.text()).findFirst().orElse("nothing");
    }

    @Test
    public void anEmptyContainer() throws Exception {
        assertFalse(run("").ok());
        assertTrue(run("").verdict(), run("").verdict().contains("neither a proxy nor a peer"));
        assertTrue(run("x\u001b").verdict(), run("x\u001b").verdict().contains("no peer 'x?'"));
    }

    @Test
    public void aPeerThatIsNotConnectedSaysWhy() throws Exception {
        diagnoser.nodes.add(node("stopped", "the invitation for 'mine' was revoked", null));
        CheckReport report = run("");
        assertEquals("FAIL the invitation for 'mine' was revoked", said(report, "Registration"));
        assertEquals("FAIL", said(report, "DNS").substring(0, 4));
        assertEquals("SKIPPED not tried, since the peer is not connected", said(report, "Visitor"));
        assertFalse("no secret", report.toString().contains(INVITATION.text()));
    }

    @Test
    public void aPeerWhoseSessionWaitsForACodec() throws Exception {
        FakeSession session = new FakeSession();
        session.codec = 0;
        diagnoser.nodes.add(node("connected", "", session));
        CheckReport report = run("mine");
        assertEquals("FAIL the session waits for a codec that both sides have", said(report, "Codec"));
        assertTrue(said(report, "Registration"), said(report, "Registration").startsWith("OK 'mine' at p1 192.0.2.1:7443 since"));
        assertTrue(said(report, "Round trip"), said(report, "Round trip").startsWith("OK"));
        assertTrue(said(report, "Name"), said(report, "Name").startsWith("FAIL mine.invalid"));
    }

    @Test
    public void aProxyWithoutATunnelPort() throws Exception {
        diagnoser.registrations = new FakeRegistrations();
        diagnoser.setPort(Map.of("http", "http://127.0.0.1:1", "https", ""));
        CheckReport report = run("demo");
        assertEquals("OK names: 2, online: 1", said(report, "Registry"));
        assertEquals("FAIL nothing listens for peers", said(report, "Tunnel port"));
        assertTrue(said(report, "Public port (http)"), said(report, "Public port (http)").startsWith("FAIL 127.0.0.1:1"));
        assertEquals("OK sessions: 0", said(report, "Sessions"));
        assertEquals("the probe has a registry of its own", "FAIL there is no registry here", said(report, "Probe: Name"));
        assertTrue(report.verdict(), report.verdict().startsWith("It does not work: Tunnel port: nothing listens"));
    }

    @Test
    public void oneAtATime() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch hold = new CountDownLatch(1);
        diagnoser.nodes.add((PeerNode) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {PeerNode.class}, (proxy, method, args) -> {
            asked.countDown();
            hold.await(60, TimeUnit.SECONDS);
            throw new IllegalStateException("over");
        }));
        var first = diagnoser.diagnose("").toCompletableFuture();
        assertTrue(asked.await(60, TimeUnit.SECONDS));
        assertThrows(Diagnosis.BusyException.class, () -> diagnoser.diagnose("other"));
        var second = diagnoser.diagnose("").toCompletableFuture();
        hold.countDown();
        assertThrows(Exception.class, () -> first.get(60, TimeUnit.SECONDS));
        ExecutionException same = assertThrows(ExecutionException.class, () -> second.get(60, TimeUnit.SECONDS));
        assertTrue(same.toString(), same.getMessage().contains("over"));
        diagnoser.nodes.clear();
        assertEquals(Check.State.FAIL, run("").checks().get(0).state());
    }

    @Test
    public void badLimits() {
        IllegalArgumentException bad = assertThrows(IllegalArgumentException.class, () -> Diagnoser.limits(config(99)));
        assertTrue(bad.getMessage(), bad.getMessage().contains("io.adit.diag") && bad.getMessage().contains("step.timeout.millis"));
    }

    private static RequestHead get(String method, String target) {
        return new RequestHead(method, "http", "mine.example", target, "HTTP/1.1", Fields.EMPTY, "127.0.0.1:0", "", -1);
    }

    @Test
    public void whoHasTheSecretIsSentBytesUpToTheBound() {
        SpeedTest speed = new SpeedTest(config(500));
        speed.nodes.add(node("connected", "", null));
        String path = SpeedPath.make(INVITATION.secret(), Instant.now());
        assertEquals(Optional.empty(), speed.handler("other", get("GET", path)));
        assertEquals(Optional.empty(), speed.handler("mine", get("POST", path)));
        assertEquals(Optional.empty(), speed.handler("mine", get("GET", SpeedPath.PREFIX + "1/2/3")));
        RequestHandler handler = speed.handler("mine", get("GET", path)).orElseThrow();
        AtomicInteger bytes = new AtomicInteger();
        AtomicInteger ends = new AtomicInteger();
        handler.handle(get("GET", path), true, (MessageStream) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {MessageStream.class}, (proxy, method, args) -> {
            if (method.getName().equals("data")) {
                bytes.addAndGet(((ByteBuffer) args[0]).remaining());
                ends.addAndGet((Boolean) args[1] ? 1 : 0);
            }
            ((Completion) args[args.length - 1]).succeeded(); // within the call, as it may be
            return null;
        }));
        assertEquals(1, ends.get());
        assertTrue("" + bytes.get(), bytes.get() >= 200_000 - 65_536 && bytes.get() <= 200_000 + 65_536);
        assertEquals(List.of(), List.copyOf(diagnoser.nodes));
    }
}
