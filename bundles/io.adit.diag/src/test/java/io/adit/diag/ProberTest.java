package io.adit.diag;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.adit.api.CheckReport;
import io.adit.api.ErrorCode;
import io.adit.api.PeerEvent;
import io.adit.api.PeerManager;
import io.adit.api.PeerUnavailableException;
import io.adit.api.Presence;
import io.adit.api.RegistrationManager;
import io.adit.api.packet.Fields;
import io.adit.call.FakeSession;
import org.junit.Before;
import org.junit.Test;

/** What a probe says. */
public class ProberTest {

    private final Prober prober = new Prober();
    private final FakeSession session = new FakeSession();
    private boolean connected = true;

    @Before
    public void registry() {
        prober.registrations = service(RegistrationManager.class, Map.of("isRegistered", true));
        prober.peers = (PeerManager) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {PeerManager.class},
            (proxy, method, arguments) -> method.getName().equals("find") && connected ? Optional.of(session) : Optional.empty());
        prober.online(new Presence("demo", "https://demo.example/", "p1", List.of(), Instant.EPOCH, Fields.EMPTY));
    }

    private <T> T service(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answers.get(method.getName())));
    }

    private String verdict() throws Exception {
        return verdict(Duration.ofMinutes(1));
    }

    private String verdict(Duration deadline) throws Exception {
        CheckReport result = prober.probe("demo", deadline).toCompletableFuture().get(60, TimeUnit.SECONDS);
        return result.ok() ? "ok: " + result.verdict() : result.verdict();
    }

    @Test
    public void allIsWell() throws Exception {
        session.answers.add(FakeSession.head(103, false));
        session.answers.add(FakeSession.head(200, true, "Server", "nginx"));
        assertEquals("ok: All is well: the origin answers through the tunnel.", verdict());
        assertEquals("HEAD https demo.example /", session.asked.method() + " " + session.asked.scheme() + " " + session.asked.authority() + " " + session.asked.target());
    }

    @Test
    public void anOriginThatWantsALoginIsFine() throws Exception {
        session.answers.add(FakeSession.head(401, true));
        assertTrue(verdict().startsWith("ok: All is well"));
    }

    @Test
    public void whatIsWrongIsSaid() throws Exception {
        Map<ErrorCode, String> table = Map.of(ErrorCode.ORIGIN_UNREACHABLE, "cannot reach its web server", ErrorCode.ORIGIN_TIMEOUT, "said nothing in time",
            ErrorCode.ORIGIN_BROKEN, "no valid HTTP", ErrorCode.SESSION_LOST, "was lost during the probe", ErrorCode.REFUSED, "refused the request");
        for (Map.Entry<ErrorCode, String> each : table.entrySet()) {
            session.answers.clear();
            session.answers.add(FakeSession.failure(each.getKey()));
            String verdict = verdict();
            assertTrue(verdict, verdict.contains(each.getValue()));
        }
    }

    @Test
    public void anErrorOfTheOriginIsNotTheTunnels() throws Exception {
        session.answers.add(FakeSession.head(503, true));
        assertTrue(verdict().contains("an error of its own (503)"));
    }

    @Test
    public void aResponseThatBreaks() throws Exception {
        session.answers.add(FakeSession.head(200, false));
        session.answers.add(FakeSession.failure(ErrorCode.CUT));
        assertTrue(verdict().contains("began and then broke"));
    }

    @Test
    public void silenceEndsAtTheDeadlineAndTheStreamWithIt() throws Exception {
        assertTrue(verdict(Duration.ofMillis(50)).contains("Nothing came back in time"));
        assertEquals(ErrorCode.CANCEL, session.reset);
    }

    @Test
    public void aPeerThatTakesNothing() throws Exception {
        session.unavailable = new PeerUnavailableException(ErrorCode.REFUSED, "too many requests at a time");
        assertTrue(verdict().contains("as many requests as it takes"));
    }

    @Test
    public void aPeerThatIsElsewhereOrAway() throws Exception {
        connected = false;
        assertTrue(verdict().contains("connected to another proxy, p1"));
        prober.offline("demo");
        prober.happened(new PeerEvent(Instant.EPOCH, "demo", PeerEvent.Kind.ENDED, "s1", "", ErrorCode.KEEP_ALIVE, ErrorCode.KEEP_ALIVE.text()));
        String verdict = verdict();
        assertTrue(verdict, verdict.startsWith("The peer is not connected. The last that was heard of it: ended, keep-alive deadline passed."));
    }

    @Test
    public void aNameThatNobodyHas() throws Exception {
        prober.registrations = service(RegistrationManager.class, Map.of("isRegistered", false));
        assertTrue(verdict().contains("not registered"));
    }
}
