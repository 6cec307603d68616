package io.adit.metrics;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.adit.api.MetricSource;
import io.adit.api.MetricSource.Metric;
import io.adit.api.RequestListener.Side;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import org.junit.Test;

public class ExpositionTest {

    private final Requests requests = new Requests(true, 10, side -> side == Side.PROXY);

    private List<String> lines(ExpositionFormatWriter writer, boolean jvm, MetricSource... sources) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(out, new Exposition(requests, () -> List.of(sources), jvm).look());
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> lines(MetricSource... sources) throws IOException {
        return lines(PrometheusTextFormatWriter.create(), false, sources);
    }

    @Test
    public void whatSeveralSourcesSayIsAddedUp() throws Exception {
        MetricSource one = () -> List.of(Metric.counter("adit_x", "Help.", 2).with("a", "1"), Metric.gauge("adit_y", "More.", 1));
        MetricSource other = () -> List.of(Metric.counter("adit_x", "Help.", 3).with("a", "1"), Metric.counter("adit_x", "Help.", 1).with("a", "2"));
        List<String> lines = lines(one, other);
        assertTrue(lines.toString(), lines.containsAll(List.of("# HELP adit_x_total Help.", "# TYPE adit_x_total counter", "adit_x_total{a=\"1\"} 5.0", "adit_x_total{a=\"2\"} 1.0",
                "# TYPE adit_y gauge", "adit_y 1.0")));
    }

    @Test
    public void labelsMayHoldAnything() throws Exception {
        List<String> lines = lines(() -> List.of(Metric.gauge("adit_x", "a\\b\nc", 1).with("a", "\"} 7\n\\ \u00fc\u202e")));
        assertTrue(lines.toString(), lines.contains("adit_x{a=\"\\\"} 7\\n\\\\ \u00fc\u202e\"} 1.0"));
        assertTrue(lines.toString(), lines.contains("# HELP adit_x a\\\\b\\nc"));
    }

    @Test
    public void aBadSourceTakesNobodyAlong() throws Exception {
        List<String> lines = lines(() -> {
            throw new IllegalStateException("its bundle is gone");
        }, () -> List.of(new Metric("adit_request_duration_seconds", MetricSource.Kind.GAUGE, "taken", Map.of(), 1)),
                () -> List.of(new Metric("", MetricSource.Kind.GAUGE, "no name", Map.of(), 1)), () -> List.of(Metric.gauge("adit_good", "Good.", 1)));
        assertTrue(lines.toString(), lines.contains("adit_good 1.0"));
        assertTrue(lines.toString(), lines.contains("# TYPE adit_request_duration_seconds histogram"));
    }

    @Test
    public void histogramsAreCumulativeAndEndWithAll() throws Exception {
        Told.answered(requests, Side.PROXY, "demo", "GET", 200, 1);
        Told.answered(requests, Side.PROXY, "demo", "GET", 200, 2);
        Told.answered(requests, Side.PROXY, "", "GET", 200, 1_000_000);
        List<String> lines = lines();
        assertTrue(lines.toString(), lines.containsAll(List.of("adit_request_duration_seconds_bucket{side=\"proxy\",le=\"0.001\"} 1",
                "adit_request_duration_seconds_bucket{side=\"proxy\",le=\"0.0025\"} 2", "adit_request_duration_seconds_bucket{side=\"proxy\",le=\"300.0\"} 2",
                "adit_request_duration_seconds_bucket{side=\"proxy\",le=\"+Inf\"} 3", "adit_request_duration_seconds_count{side=\"proxy\"} 3",
                "adit_request_duration_seconds_sum{side=\"proxy\"} 1000.003", "adit_peer_request_duration_seconds_count{peer=\"demo\",side=\"proxy\"} 2")));
        assertFalse("no peer here", String.join("\n", lines).contains("side=\"peer\""));
    }

    @Test
    public void openMetricsEndsAsItMust() throws Exception {
        List<String> lines = lines(OpenMetricsTextFormatWriter.create(), true, () -> List.of(Metric.counter("adit_x", "Help.", 2)));
        assertEquals("# EOF", lines.get(lines.size() - 1));
        assertTrue(lines.contains("# TYPE adit_x counter") && lines.contains("adit_x_total 2.0"));
        assertTrue("those of the JVM", lines.stream().anyMatch(each -> each.startsWith("jvm_memory_used_bytes{area=\"heap\"} "))
                && lines.stream().anyMatch(each -> each.startsWith("process_cpu_seconds_total ")));
    }
}
