package io.adit.metrics;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.adit.api.ErrorCode;
import io.adit.api.RequestListener.Course;
import io.adit.api.RequestListener.How;
import io.adit.api.RequestListener.Side;
import org.junit.Test;

public class RequestsTest {

    private final Requests requests = new Requests(true, 2, side -> side == Side.PROXY);

    private long count(String method, String status) {
        return requests.side(Side.PROXY).requests(SideTally.METHODS.indexOf(method), Tally.STATUSES.indexOf(status));
    }

    private void end(How how, int status, ErrorCode code, String error) {
        requests.begin(Told.begin(Side.PROXY, "", "GET")).end(Told.end(how, status, code, error, 4));
    }

    @Test
    public void theyAreCountedByMethodAndStatus() {
        Told.answered(requests, Side.PROXY, "demo", "GET", 204, 1);
        Told.answered(requests, Side.PROXY, "demo", "GET", 299, 1);
        Told.answered(requests, Side.PROXY, "demo", "POST", 500, 1);
        end(How.BROKEN, 0, ErrorCode.SESSION_LOST, "");
        assertEquals(2, count("GET", "2xx"));
        assertEquals(1, count("POST", "5xx"));
        assertEquals(1, count("GET", "none"));
        assertEquals(40, requests.side(Side.PROXY).all().requestBytes());
        assertEquals(400, requests.side(Side.PROXY).all().responseBytes());
        assertEquals("the other side is another", 0, requests.side(Side.PEER).all().begun());
    }

    @Test
    public void whatAVisitorInventsMakesNoSeriesOfItsOwn() {
        for (int i = 0; i < 1000; i++) {
            Told.answered(requests, Side.PROXY, "", "X" + i, 200 + i, 1);
        }
        Told.answered(requests, Side.PROXY, "", "get", 200, 1);
        assertEquals(101, count("other", "2xx"));
        assertEquals("from 600 on there is no such status", 600, count("other", "none"));
        assertEquals(Map.of(), requests.peers(Side.PROXY));
    }

    @Test
    public void thoseUnderWay() {
        Course one = requests.begin(Told.begin(Side.PROXY, "demo", "GET"));
        requests.begin(Told.begin(Side.PROXY, "demo", "GET"));
        assertEquals(2, requests.side(Side.PROXY).all().underWay());
        one.end(Told.end(How.LEFT, 0, ErrorCode.NONE, "", 1));
        assertEquals(1, requests.side(Side.PROXY).all().underWay());
        assertEquals(1, requests.peers(Side.PROXY).get("demo").underWay());
        assertEquals("its time is not known", 0, requests.side(Side.PROXY).all().duration().seconds(), 0);
    }

    @Test
    public void failuresByKindAndCode() {
        end(How.OWN, 503, ErrorCode.NONE, "offline");
        end(How.OWN, 503, ErrorCode.NONE, "offline");
        end(How.OWN, 200, ErrorCode.NONE, "");
        end(How.BROKEN, 200, ErrorCode.SESSION_LOST, "");
        end(How.GONE, 0, ErrorCode.CANCEL, "");
        end(How.ANSWERED, 404, ErrorCode.NONE, "");
        Map<String, Long> failures = new TreeMap<>();
        requests.side(Side.PROXY).all().failures((failure, count) -> failures.put(failure.kind() + " " + failure.error(), count));
        assertEquals(Map.of("own offline", 2L, "broken session-lost", 1L, "gone cancel", 1L), failures);
    }

    @Test
    public void kindsOfFailuresAreBounded() {
        for (int i = 0; i < 1000; i++) {
            end(How.OWN, 500, ErrorCode.NONE, "e" + i);
        }
        Map<String, Long> failures = new TreeMap<>();
        requests.side(Side.PROXY).all().failures((failure, count) -> failures.put(failure.error(), count));
        assertTrue(failures.toString(), failures.size() <= 101);
        assertEquals(1000, failures.values().stream().mapToLong(each -> each).sum());
    }

    @Test
    public void timesFallIntoBuckets() {
        for (long millis : new long[] {1, 2, 3, 25, 26, 299_999, 300_001, 1_000_000}) {
            Told.answered(requests, Side.PROXY, "", "GET", 200, millis);
        }
        Told.answered(requests, Side.PROXY, "", "GET", 101, 7_200_000);
        Durations durations = requests.side(Side.PROXY).all().duration();
        assertArrayEquals("without the upgraded one", new long[] {1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2}, durations.counts());
        assertEquals(durations.counts().length, Durations.ends().length);
        assertEquals(0.001 + 0.002 + 0.003 + 0.025 + 0.026 + 299.999 + 300.001 + 1000, durations.seconds(), 1e-9);
        assertEquals(8 * 0.003, requests.side(Side.PROXY).firstByte().seconds(), 1e-9);
        assertEquals(9 * 0.001, requests.side(Side.PROXY).waited().seconds(), 1e-9);
    }

    @Test
    public void peersAreBoundedAndOneThatIsNoMoreMakesRoom() {
        for (String peer : new String[] {"a", "b", "c", "d", "a"}) {
            Told.answered(requests, Side.PROXY, peer, "GET", 200, 1);
        }
        assertEquals(Set.of("a", "b", Requests.OTHERS), requests.peers(Side.PROXY).keySet());
        assertEquals(2, requests.peers(Side.PROXY).get("a").status("2xx"));
        assertEquals(2, requests.peers(Side.PROXY).get(Requests.OTHERS).begun());
        requests.forget("a");
        requests.forget(Requests.OTHERS);
        Told.answered(requests, Side.PROXY, "e", "GET", 200, 1);
        assertEquals(Set.of("b", "e"), requests.peers(Side.PROXY).keySet());
    }

    @Test
    public void withoutTheSettingThereAreNoPeers() {
        Requests plain = new Requests(false, 2, side -> false);
        assertEquals(List.of(), plain.sides());
        Told.answered(plain, Side.PEER, "demo", "GET", 200, 1);
        assertEquals(Map.of(), plain.peers(Side.PEER));
        assertEquals("who has requests is shown", List.of(Side.PEER), plain.sides());
    }
}
