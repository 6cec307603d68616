package io.adit.tracing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.adit.api.ErrorCode;
import io.adit.api.RequestListener.Begin;
import io.adit.api.RequestListener.Course;
import io.adit.api.RequestListener.End;
import io.adit.api.RequestListener.How;
import io.adit.api.RequestListener.Side;
import io.adit.api.RequestListener.Timing;
import io.adit.api.packet.Fields;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.After;
import org.junit.Test;

public class SpansTest {

    private static final Instant AT = Instant.parse("2026-11-30T06:30:19.123456Z");
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CAME = "00-" + TRACE + "-b7ad6b7169203331-01";

    private InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private Settings settings = settings(Map.of());
    private SdkTracerProvider provider = Tracing.provider(settings, Side.PROXY, exporter);

    @After
    public void close() {
        provider.shutdown().join(10, TimeUnit.SECONDS);
    }

    private static TracingConfig config(Map<String, Object> values) {
        return (TracingConfig) Proxy.newProxyInstance(TracingConfig.class.getClassLoader(), new Class<?>[] {TracingConfig.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName().replace('_', '.'), method.getDefaultValue()));
    }

    private static Settings settings(Map<String, Object> values) {
        return Settings.of(config(values));
    }

    private Course begin(Side side, String peer, String method, String... fields) {
        return new Spans(each -> provider.get("test"), settings.trustParent()).begin(new Begin(side, AT, peer, "192.0.2.1:5", "192.0.2.1", "http", "demo.localhost", method,
                "/a?token=abc&x=1", "HTTP/1.1", Fields.of(fields)));
    }

    private static End end(How how, int status, ErrorCode code, String error) {
        return new End(how, status, code, error, "s1", 2, "", 3, 9, new Timing(1_000_000, 2_000_000, status == 0 ? -1 : 3_000_000, 4_000_000));
    }

    /** SERVER, then CLIENT where there is one. */
    private List<SpanData> spans() {
        provider.forceFlush().join(10, TimeUnit.SECONDS);
        return exporter.getFinishedSpanItems().stream().sorted((a, b) -> b.getKind().compareTo(a.getKind())).sorted((a, b) -> a.getKind() == SpanKind.SERVER ? -1 : 1).toList();
    }

    private static String text(SpanData span, String key) {
        return span.getAttributes().get(AttributeKey.stringKey(key));
    }

    @Test
    public void aTraceGoesOnWithASpanForEachLeg() {
        Course course = begin(Side.PROXY, "demo", "GET", "traceparent", CAME, "tracestate", "a=1", "tracestate", "b=2");
        Fields onward = course.onward();
        course.end(end(How.ANSWERED, 200, ErrorCode.NONE, ""));
        List<SpanData> spans = spans();
        assertEquals(2, spans.size());
        SpanData in = spans.get(0);
        SpanData out = spans.get(1);
        assertEquals("GET SERVER tunnel CLIENT", in.getName() + " " + in.getKind() + " " + out.getName() + " " + out.getKind());
        assertEquals(TRACE + " b7ad6b7169203331", in.getTraceId() + " " + in.getParentSpanId());
        assertEquals(TRACE + " " + in.getSpanId(), out.getTraceId() + " " + out.getParentSpanId());
        assertEquals(Fields.of("traceparent", "00-" + TRACE + "-" + out.getSpanId() + "-01", "tracestate", "a=1,b=2"), onward);
        long begin = TimeUnit.SECONDS.toNanos(AT.getEpochSecond()) + AT.getNano();
        assertEquals(begin, in.getStartEpochNanos());
        assertEquals(begin + 4_000_000, in.getEndEpochNanos());
        assertEquals(List.of("stream open", "request sent", "response head"), out.getEvents().stream().map(EventData::getName).toList());
        assertEquals(begin + 3_000_000, out.getEvents().get(2).getEpochNanos());
        assertEquals("GET /a demo 192.0.2.1 demo.localhost 1.1", String.join(" ", text(in, "http.request.method"), text(in, "url.path"), text(in, "adit.peer"),
                text(in, "client.address"), text(in, "server.address"), text(in, "network.protocol.version")));
        assertFalse("no secrets", text(in, "url.query").contains("abc"));
        assertEquals(Long.valueOf(200), in.getAttributes().get(AttributeKey.longKey("http.response.status_code")));
        assertEquals(StatusCode.UNSET, in.getStatus().getStatusCode());
        assertEquals("adit-proxy", in.getResource().getAttribute(AttributeKey.stringKey("service.name")));
    }

    @Test
    public void withoutATraceOneBegins() {
        Course course = begin(Side.PEER, "demo", "get", "traceparent", "nonsense", "tracestate", "a=1");
        Fields onward = course.onward();
        course.end(end(How.BROKEN, 0, ErrorCode.ORIGIN_UNREACHABLE, ""));
        List<SpanData> spans = spans();
        assertEquals("HTTP origin", spans.get(0).getName() + " " + spans.get(1).getName());
        assertFalse(spans.get(0).getParentSpanContext().isValid());
        assertTrue(onward.first("traceparent"), onward.first("traceparent").contains(spans.get(1).getSpanId()));
        assertEquals("what belongs to no trace does not go on", "", onward.first("tracestate"));
        assertEquals("_OTHER origin-unreachable", text(spans.get(0), "http.request.method") + " " + text(spans.get(0), "error.type"));
        assertEquals(StatusCode.ERROR, spans.get(1).getStatus().getStatusCode());
    }

    @Test
    public void anAnswerOfTheProxysOwnHasOneSpan() {
        Course course = begin(Side.PROXY, "", "GET", "traceparent", CAME);
        assertEquals(Fields.EMPTY, course.onward());
        course.end(end(How.OWN, 404, ErrorCode.NONE, "unknown-name"));
        List<SpanData> spans = spans();
        assertEquals(1, spans.size());
        assertEquals("unknown-name", text(spans.get(0), "error.type"));
        assertEquals("who asks for nobody makes no failure of ours", StatusCode.UNSET, spans.get(0).getStatus().getStatusCode());
    }

    @Test
    public void whatIsNotSampledIsNotSentAndGoesOnSo() {
        Course course = begin(Side.PROXY, "demo", "GET", "traceparent", "00-" + TRACE + "-b7ad6b7169203331-00");
        assertTrue(course.onward().first("traceparent"), course.onward().first("traceparent").matches("00-" + TRACE + "-[0-9a-f]{16}-00"));
        course.end(end(How.ANSWERED, 200, ErrorCode.NONE, ""));
        assertEquals(List.of(), spans());
    }

    @Test
    public void aVisitorThatIsNotTrustedGetsATraceOfOurs() {
        provider.shutdown().join(10, TimeUnit.SECONDS);
        exporter = InMemorySpanExporter.create();
        settings = settings(Map.of("trust.parent", false, "service.name", "edge"));
        provider = Tracing.provider(settings, Side.PROXY, exporter);
        Course course = begin(Side.PROXY, "demo", "GET", "traceparent", CAME);
        course.end(end(How.ANSWERED, 200, ErrorCode.NONE, ""));
        SpanData in = spans().get(0);
        assertNotEquals(TRACE, in.getTraceId());
        assertEquals(TRACE, in.getLinks().get(0).getSpanContext().getTraceId());
        assertEquals("edge", in.getResource().getAttribute(AttributeKey.stringKey("service.name")));
        exporter.reset();
        begin(Side.PEER, "demo", "GET", "traceparent", CAME).end(end(How.ANSWERED, 200, ErrorCode.NONE, ""));
        assertEquals("a peer believes its proxy", TRACE, spans().get(0).getTraceId());
    }

    @Test
    public void aBadValueNamesPidKeyAndRange() {
        Map<String, Object> bad = Map.of("endpoint", "localhost:4318", "service.name", " ", "sample.percent", 101, "queue.max", 1, "export.timeout.millis", 1);
        bad.forEach((key, value) -> {
            String message = assertThrows(key, IllegalArgumentException.class, () -> settings(Map.of(key, value))).getMessage();
            assertTrue(message, message.startsWith("io.adit.tracing: " + key + " must be "));
        });
    }
}
