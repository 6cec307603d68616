package io.adit.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /metrics}: OpenMetrics 1.0 where the caller takes it, else Prometheus' text format 0.0.4. Thread-safety: thread-safe; one caller at a time looks,
 * the others wait for the milliseconds that it takes.
 */
final class MetricsServlet extends HttpServlet {

    static final String PATH = "/metrics";

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(MetricsServlet.class);

    /** What a gateway adds. */
    private static final List<String> FORWARDED = List.of("Forwarded", "X-Forwarded-For", "Via");

    private final transient Access access;
    private final transient Supplier<Exposition> made;
    private transient Exposition exposition;

    /** @param made is asked once, when the first caller comes */
    MetricsServlet(Access access, Supplier<Exposition> made) {
        this.access = access;
        this.made = made;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        int status;
        try {
            status = access.look(request.getRemoteAddr(), request.getHeader("Host"), request.getHeader("Authorization"),
                    FORWARDED.stream().anyMatch(each -> request.getHeader(each) != null));
        } catch (IOException e) {
            LOG.warn("the token cannot be read, so nobody gets in: {}", e.toString());
            status = HttpServletResponse.SC_SERVICE_UNAVAILABLE;
        }
        if (status != HttpServletResponse.SC_OK) {
            refuse(response, status);
        } else if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            refuse(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED);
        } else {
            String accept = String.join(",", java.util.Collections.list(request.getHeaders("Accept")));
            ExpositionFormatWriter writer = accept.contains("application/openmetrics-text") ? OpenMetricsTextFormatWriter.create() : PrometheusTextFormatWriter.create();
            byte[] bytes = look(writer);
            response.setContentType(writer.getContentType());
            response.setContentLength(bytes.length);
            response.getOutputStream().write(bytes);
        }
    }

    private synchronized byte[] look(ExpositionFormatWriter writer) throws IOException {
        if (exposition == null) {
            exposition = made.get();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 15);
        writer.write(out, exposition.look());
        return out.toByteArray();
    }

    private static void refuse(HttpServletResponse response, int status) throws IOException {
        String text = switch (status) {
            case 401 -> "the token is missing or wrong";
            case 403 -> "only from this machine";
            case 405 -> "this takes GET, HEAD";
            case 421 -> "this server has no such name";
            default -> "the token cannot be read here; the log says why";
        };
        if (status == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader("WWW-Authenticate", "Bearer realm=\"Adit\"");
        }
        response.setStatus(status);
        response.setContentType("text/plain;charset=utf-8");
        response.getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
