package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Optional;

import io.adit.api.ErrorCode;
import io.adit.api.PeerSession;
import org.junit.Test;

/** PROTOCOL section 16, by table: which sessions of a name stay, and which of them gets a request. */
public class ServingTest {

    /** @param text INSTANCE SECOND, or INSTANCE SECOND LOAD */
    private static FakeSession session(String text) {
        String[] parts = text.split(" ");
        FakeSession session = new FakeSession(text);
        session.instance = parts[0].equals("-") ? "" : parts[0];
        session.since = FakeSession.SINCE.plusSeconds(Integer.parseInt(parts[1]));
        session.load = parts.length > 2 ? Integer.parseInt(parts[2]) : 0;
        return session;
    }

    private static String ids(List<PeerSession> sessions) {
        return String.join(", ", sessions.stream().map(PeerSession::id).toList());
    }

    /** They come in that order. @return those that stay, and those that were sent away, in the order of that */
    private static String joined(int most, String... coming) {
        Serving now = null;
        StringBuilder out = new StringBuilder();
        for (String each : coming) {
            Serving.Change change = Serving.join(now, session(each), most);
            now = change.now();
            change.out().forEach(session -> out.append(" -").append(session.id()));
        }
        return ids(now.sessions()) + out;
    }

    @Test
    public void whoStays() {
        assertEquals("a 1", joined(1, "a 1"));
        assertEquals("the same peer again", "a 2 -a 1", joined(4, "a 1", "a 2"));
        assertEquals("another, where there may be one", "b 2 -a 1", joined(1, "a 1", "b 2"));
        assertEquals("another, where there may be two", "b 2, a 1", joined(2, "a 1", "b 2"));
        assertEquals("a third: the oldest goes", "c 3, b 2 -a 1", joined(2, "a 1", "b 2", "c 3"));
        assertEquals("one of two again: the other stays", "a 3, b 2 -a 1", joined(2, "a 1", "b 2", "a 3"));
        assertEquals("without a name for itself, each is the same", "- 2 -- 1", joined(4, "- 1", "- 2"));
        assertEquals("and another than one that has one", "a 2, - 1", joined(4, "- 1", "a 2"));
        assertEquals("what no peer calls itself is none", "no:name 2 -- 1", joined(4, "- 1", "no:name 2"));
    }

    @Test
    public void whatCountsIsWhenTheyRegisteredNotWhenTheyAreToldOf() {
        assertEquals("a 2 -a 1", joined(2, "a 2", "a 1"));
        assertEquals("b 3, a 2 -a 1 -b 1", joined(2, "a 2", "b 3", "a 1", "b 1"));
        assertEquals("c 3, b 2 -a 1", joined(2, "c 3", "b 2", "a 1"));
        assertEquals("in the same moment, the one that comes later", "b 1 -a 1", joined(1, "a 1", "b 1"));
    }

    @Test
    public void ofASmallerNumberTheOldestGo() {
        Serving three = serving("c 3", "b 2", "a 1");
        Serving.Change change = three.keep(1);
        assertEquals("c 3", ids(change.now().sessions()));
        assertEquals("b 2, a 1", ids(change.out()));
        assertEquals("c 3, b 2, a 1", ids(three.keep(3).now().sessions()));
    }

    @Test
    public void oneThatGoesLeavesTheOthers() {
        Serving two = serving("b 2", "a 1");
        assertEquals("a 1", two.without(two.newest()).map(left -> ids(left.sessions())).orElse("none"));
        Serving one = serving("a 1");
        assertTrue(one.without(one.newest()).isEmpty());
    }

    private static Serving serving(String... all) {
        Serving now = null;
        for (String each : all) {
            now = Serving.join(now, session(each), 64).now();
        }
        return now;
    }

    /** @param random what the dice show each time */
    private static String least(Serving serving, int random) {
        PeerSession least = serving.least(null, bound -> random % bound);
        return least == null ? "none" : least.id();
    }

    @Test
    public void theOneWithTheFewestStreamsGetsIt() {
        assertEquals("b 2 1", least(serving("c 3 5", "b 2 1", "a 1 4"), 0));
        assertEquals("a 1 0", least(serving("c 3 5", "b 2 1", "a 1 0"), 0));
        assertEquals("one that takes none is none", "c 3 5", least(serving("c 3 5", "b 2 -1", "a 1 -1"), 0));
        assertEquals("one that is full is better than none", "a 1 " + Integer.MAX_VALUE, least(serving("b 2 -1", "a 1 " + Integer.MAX_VALUE), 0));
        assertEquals("none", least(serving("b 2 -1", "a 1 -1"), 0));
    }

    @Test
    public void ofThoseWithAsFewEachGetsItsShare() {
        Serving serving = serving("d 4 2", "c 3 1", "b 2 1", "a 1 1");
        int[] shares = new int[3];
        for (int i = 0; i < 3000; i++) {
            shares[switch (serving.choose().orElseThrow().id()) {
                case "c 3 1" -> 0;
                case "b 2 1" -> 1;
                default -> 2;
            }]++;
        }
        for (int share : shares) { // 26 is one standard deviation
            assertTrue(share + " of 3000", share > 800 && share < 1200);
        }
    }

    @Test
    public void whereNoneTakesAnythingTheNewestIsTold() {
        Serving two = serving("b 2 -1", "a 1 -1");
        assertSame(two.newest(), two.choose().orElseThrow());
        Serving one = serving("a 1 -1");
        assertSame(one.newest(), one.choose().orElseThrow());
    }

    @Test
    public void anotherIsOneThatTakesAStreamNow() {
        Serving three = serving("c 3 0", "b 2 7", "a 1 9");
        assertEquals("b 2 7", three.other(three.newest()).orElseThrow().id());
        assertEquals("c 3 0", three.other(three.sessions().get(1)).orElseThrow().id());
        Serving full = serving("b 2 0", "a 1 " + Integer.MAX_VALUE);
        assertEquals(Optional.empty(), full.other(full.newest()));
        assertEquals(Optional.empty(), serving("a 1 0").other(null));
    }

    @Test
    public void aSessionThatDrainsGetsNothingFromThenOn() {
        Serving two = serving("b 2 0", "a 1 5");
        ((FakeSession) two.newest()).drained = ErrorCode.SHUTDOWN;
        assertEquals("a 1 5", least(two, 0));
    }
}
