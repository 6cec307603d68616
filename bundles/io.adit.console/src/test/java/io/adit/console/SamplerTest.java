package io.adit.console;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.adit.api.ErrorCode;
import io.adit.api.PeerEvent;
import io.adit.api.PeerEvent.Kind;
import io.adit.api.PeerSession;
import io.adit.api.RequestListener;
import io.adit.api.RequestListener.How;
import io.adit.api.packet.Fields;
import io.adit.call.FakeSession;
import org.junit.Test;

/** What is counted, sampled and kept of events. */
public class SamplerTest {

    private static final long SECOND = 1_000_000_000;

    private final Recorder recorder = new Recorder(new RequestLog(10, 100_000, 0 + 1));
    private final PeerLog log = new PeerLog(3);
    private final FakeSession session = new FakeSession();
    private Map<String, List<PeerSession>> sessions = Map.of("demo", List.of(session));
    private final Sampler sampler = new Sampler(recorder, log, () -> sessions, 0);

    private void request(String peer, int status, How how, ErrorCode code, String error) {
        RequestListener.Course course = recorder.begin(Requests.begin(peer, "GET", "/"));
        course.head(status, Fields.EMPTY);
        course.end(Requests.end(how, status, code, error, 1, 2));
    }

    @Test
    public void ratesAreOfTheTimeThatPassed() {
        sampler.sample(SECOND);
        session.bytesIn = 4000;
        for (int i = 0; i < 10; i++) {
            request("demo", i == 0 ? 500 : 200, How.ANSWERED, ErrorCode.NONE, "");
        }
        sampler.sample(3 * SECOND);
        assertEquals(2000, sampler.last(Sampler.Metric.BYTES_IN), 1);
        assertEquals(5, sampler.last(Sampler.Metric.REQUESTS), 0.01);
        assertEquals(0.5, sampler.last(Sampler.Metric.ERRORS), 0.01);
        assertEquals(10, sampler.last(Sampler.Metric.P50), 1);
        assertEquals(3, sampler.last(Sampler.Metric.STREAMS), 0);
        assertEquals(2000, sampler.rate("s1").in(), 1);
        assertEquals(List.of(0.0, 5.0), sampler.values(Sampler.Metric.REQUESTS));
        sessions = Map.of();
        sampler.sample(4 * SECOND);
        assertEquals("nothing is kept of who left", Sampler.Rate.NONE, sampler.rate("s1"));
        assertEquals(0, sampler.last(Sampler.Metric.SESSIONS), 0);
    }

    @Test
    public void errorsInWords() {
        request("demo", 502, How.OWN, ErrorCode.NONE, "origin-unreachable");
        assertEquals("502 origin-unreachable", recorder.peer("demo").lastError());
        request("demo", 0, How.BROKEN, ErrorCode.SESSION_LOST, "");
        assertEquals("session lost", recorder.peer("demo").lastError());
        request("demo", 500, How.ANSWERED, ErrorCode.NONE, "");
        assertEquals("500 from the origin", recorder.peer("demo").lastError());
        request("demo", 404, How.ANSWERED, ErrorCode.NONE, "");
        request("", 404, How.OWN, ErrorCode.NONE, "unknown-name");
        assertEquals(4, recorder.peer("demo").requests());
        assertEquals(3, recorder.peer("demo").errors());
        assertEquals(4, recorder.all().errors());
        assertEquals(8, recorder.peer("demo").responseBytes());
        recorder.forget("demo");
        assertEquals(null, recorder.peer("demo"));
    }

    @Test
    public void aSwitchOfTheCodecIsAnEvent() {
        sampler.sample(SECOND);
        session.codec = 1;
        sampler.sample(2 * SECOND);
        assertEquals("switched codec v1, before: v2", log.of("demo").get(0).kind() + " " + log.of("demo").get(0).text());
    }

    private void event(String name, Kind kind, String session, ErrorCode code) {
        log.happened(new PeerEvent(Instant.EPOCH, name, kind, session, "", code, code.text()));
    }

    @Test
    public void eventsAreBoundedByNameAndStrangersTogether() {
        for (int i = 0; i < 5; i++) {
            event("demo", Kind.CONNECTED, "s" + i, ErrorCode.NONE);
        }
        assertEquals(List.of("s4", "s3", "s2"), log.of("demo").stream().map(PeerLog.Event::session).toList());
        event("demo", Kind.CONNECTED, "s4", ErrorCode.NONE);
        assertEquals("told again", 3, log.of("demo").size());
        for (int i = 0; i < 2000; i++) {
            event("stranger" + i, Kind.REFUSED, "", ErrorCode.UNAUTHORIZED);
        }
        assertEquals("the oldest strangers are gone", 0, log.of("stranger0").size());
        assertEquals(1, log.of("stranger1999").size());
        assertEquals(3, log.of("demo").size());
        assertEquals(200, log.together().size());
    }

    @Test
    public void trouble() {
        event("demo", Kind.ENDED, "s1", ErrorCode.SHUTDOWN);
        assertTrue(log.lastTrouble("demo").isEmpty());
        event("demo", Kind.ENDED, "s2", ErrorCode.KEEP_ALIVE);
        event("demo", Kind.CONNECTED, "s3", ErrorCode.NONE);
        assertEquals("s2", log.lastTrouble("demo").get().session());
    }
}
