package io.adit.console;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.adit.api.ErrorCode;
import io.adit.api.RequestListener.How;
import io.adit.api.packet.Fields;
import org.junit.Test;

public class RequestLogTest {

    private static final RequestsView.Filter ALL = new RequestsView.Filter("", "", "");

    private final RequestLog log = new RequestLog(5, 100_000, 8);

    private Captured answered(String peer, String target, int status) {
        Captured captured = log.begin(Requests.begin(peer, "GET", target));
        captured.head(status, Fields.EMPTY);
        captured.end(Requests.answered(status));
        return captured;
    }

    private List<String> found(RequestsView.Filter filter) {
        return log.find(filter, 100).stream().map(each -> each.begin().target()).toList();
    }

    @Test
    public void theNewestStayAndComeFirst() {
        for (int i = 0; i < 7; i++) {
            answered("demo", "/" + i, 200);
        }
        assertEquals(List.of("/6", "/5", "/4", "/3", "/2"), found(ALL));
        assertTrue(log.find(1).isEmpty());
        log.clear();
        assertEquals(List.of(), found(ALL));
    }

    @Test
    public void whatIsHeavyGoesBeforeThereAreTooMany() {
        RequestLog small = new RequestLog(1000, 30_000, 8);
        for (int i = 0; i < 100; i++) {
            Captured captured = small.begin(Requests.begin("demo", "GET", "/" + "x".repeat(3000)));
            captured.head(200, Fields.of("X", "y".repeat(5000)));
            captured.end(Requests.answered(200));
        }
        int left = small.find(ALL, 1000).size();
        assertTrue("left: " + left, left >= 1 && left <= 10);
    }

    @Test
    public void secretsAreNotEvenKept() {
        Captured captured = log.begin(Requests.begin("demo", "GET", "/?token=s3cr3t", "Cookie", "s3cr3t"));
        captured.head(200, Fields.of("Set-Cookie", "s3cr3t"));
        assertFalse(captured.now().toString(), Json.text(new RequestsView(log).details(captured.id())).contains("s3cr3t"));
    }

    @Test
    public void bodiesAreKeptOnlyWhereAndWhileTheyAreWanted() {
        assertEquals(0, log.begin(Requests.begin("demo", "POST", "/")).bodyBytes());
        log.bodies("demo", Instant.now().plusSeconds(60));
        assertEquals(0, log.begin(Requests.begin("blog", "POST", "/")).bodyBytes());
        Captured captured = log.begin(Requests.begin("demo", "POST", "/"));
        assertEquals(8, captured.bodyBytes());
        Requests.body(captured, "hello");
        captured.responseBody(ByteBuffer.wrap(new byte[] {1, 2}));
        assertEquals(5, captured.now().requestBody().length);
        assertNull("not in lists", captured.summary().requestBody());
        log.bodies("demo", Instant.now().minusSeconds(1));
        assertEquals("the time is over", 0, log.begin(Requests.begin("demo", "POST", "/")).bodyBytes());
        log.bodies("demo", null);
        assertTrue(log.bodiesUntil("demo").isEmpty());
    }

    @Test
    public void filters() {
        answered("demo", "/Ok", 200);
        answered("blog", "/gone", 404);
        answered("demo", "/broken", 503);
        log.begin(Requests.begin("demo", "GET", "/running"));
        Captured cut = log.begin(Requests.begin("demo", "GET", "/cut"));
        cut.head(200, Fields.EMPTY);
        cut.end(Requests.end(How.BROKEN, 200, ErrorCode.SESSION_LOST, "", 0, 1));
        assertEquals(List.of("/gone"), found(new RequestsView.Filter("blog", "", "")));
        assertEquals(List.of("/Ok"), found(new RequestsView.Filter("", "/OK", "")));
        assertEquals(List.of("/cut", "/broken"), found(new RequestsView.Filter("", "", "error")));
        assertEquals(List.of("/running"), found(new RequestsView.Filter("", "", "running")));
        assertEquals(List.of("/gone"), found(new RequestsView.Filter("", "", "4")));
        assertEquals(List.of("/broken"), found(new RequestsView.Filter("", "503", "")));
        assertEquals(List.of(), found(new RequestsView.Filter("", "", "nonsense")));
    }

    @Test
    public void whoHasSeenItAllIsToldSo() {
        RequestsView view = new RequestsView(log);
        Captured captured = answered("demo", "/", 200);
        long version = (Long) view.list(ALL, -1, 10).get("version");
        assertEquals(Map.of("version", version, "same", true), view.list(ALL, version, 10));
        captured.end(Requests.answered(200));
        assertFalse(view.list(ALL, version, 10).containsKey("same"));
    }

    @Test
    public void bodiesAsTextOrHex() {
        assertEquals("gr\u00fc\u00dfe\n", RequestsView.body("gr\u00fc\u00dfe\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)).get("text"));
        assertEquals("a character cut in two", "a", RequestsView.body(new byte[] {'a', (byte) 0xC3}).get("text"));
        assertEquals("000000  00 ff 61                                         ..a", ((String) RequestsView.body(new byte[] {0, (byte) 0xFF, 'a'}).get("text")).strip());
        assertNull(RequestsView.body(null));
    }
}
