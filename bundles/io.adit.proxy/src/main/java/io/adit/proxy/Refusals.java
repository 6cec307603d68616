package io.adit.proxy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

import io.adit.api.ErrorCode;
import io.adit.api.MetricSource;
import io.adit.api.RequestListener.Begin;
import io.adit.api.RequestListener.How;
import io.adit.api.RequestListener.Side;
import io.adit.api.RequestReport;
import io.adit.api.packet.Fields;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;

/**
 * The requests that the public HTTP server refused, so that no {@link Exchange} came of them: counts them, and tells who listens to requests. They are for
 * no peer, and what is not known of them is empty. Thread-safe.
 */
final class Refusals implements MetricSource {

    /** Attribute of a connection: the request line of what its parser refused, empty where it did not get that far; the public port sets it. */
    private static final String LINE = "io.adit.refused";
    /** Attribute of a request that an exchange has told of. */
    private static final String TOLD = "io.adit.told";
    /** Those that are there from the start, since a rate shows no first one. */
    private static final List<Integer> USUAL = List.of(400, 414, 431, 505);

    private final Gateway gateway;
    /** By status, which only the server chooses. */
    private final Map<Integer, LongAdder> counts = new ConcurrentSkipListMap<>();

    Refusals(Gateway gateway) {
        this.gateway = gateway;
        USUAL.forEach(status -> counts.put(status, new LongAdder()));
    }

    /** The request has an exchange, which tells of it: its refusal is none of these. */
    static void told(Request request) {
        request.setAttribute(TOLD, Boolean.TRUE);
    }

    /**
     * The server is about to answer.
     *
     * @param error the value of Adit-Error, or empty
     */
    void refused(Request request, int status, String error, Fields answered, byte[] body) {
        if (request.getAttribute(TOLD) != null) {
            return;
        }
        counts.computeIfAbsent(status, each -> new LongAdder()).increment();
        if (gateway.reports().isSilent()) {
            return;
        }
        long nanos = begun(request);
        Begin begin = begin(request, nanos);
        RequestReport report = gateway.reports().begin(begin, nanos);
        report.head(status, answered);
        report.responseBody(begin.method().equals("HEAD") ? null : ByteBuffer.wrap(body));
        report.end(How.OWN, ErrorCode.NONE, error);
    }

    /** What the parser was not shown began now, as far as is known: it has the time of no request, or of the one before. */
    private static long begun(Request request) {
        return "".equals(request.getConnectionMetaData().getAttribute(LINE)) ? System.nanoTime() : request.getBeginNanoTime();
    }

    private Begin begin(Request request, long nanos) {
        ConnectionMetaData connection = request.getConnectionMetaData();
        InetSocketAddress remote = connection.getRemoteSocketAddress() instanceof InetSocketAddress address ? address : null;
        Fields fields = fields(request);
        String[] line = line(request, connection);
        String host = request.getHeaders().get(HttpHeader.HOST);
        String authority = host != null ? host : request.getHttpURI().getScheme() == null ? null : request.getHttpURI().getAuthority();
        return new Begin(Side.PROXY, Instant.now().minusNanos(System.nanoTime() - nanos), "", RequestFilter.client(remote),
                gateway.visitor(remote, fields), connection.isSecure() ? "https" : "http", authority == null ? "" : authority, line[0], line[1], line[2], fields);
    }

    private static Fields fields(Request request) {
        Fields.Builder fields = Fields.builder();
        for (HttpField field : request.getHeaders()) {
            fields.add(field.getName(), field.getValue() == null ? "" : field.getValue());
        }
        return fields.build();
    }

    /** Method, target and protocol. For what it cannot read the server makes a request up, which has no scheme. */
    private static String[] line(Request request, ConnectionMetaData connection) {
        if (connection.getAttribute(LINE) instanceof String line) {
            String[] parts = line.split(" ", -1);
            return parts.length == 3 ? parts : new String[] {"", "", ""};
        }
        HttpURI uri = request.getHttpURI();
        if (uri.getScheme() == null) {
            return new String[] {"", "", ""};
        }
        String target = uri.getPathQuery();
        return new String[] {request.getMethod(), target == null ? "" : target, connection.getHttpVersion().asString()};
    }

    @Override
    public List<Metric> metrics() {
        return counts.entrySet().stream().map(each -> Metric.counter("adit_port_requests_refused", "Requests that the public HTTP server refused itself, by status: what is no valid HTTP, or too long.",
                each.getValue().sum()).with("status", each.getKey().toString())).toList();
    }
}
