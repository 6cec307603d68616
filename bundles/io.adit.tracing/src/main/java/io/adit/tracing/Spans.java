package io.adit.tracing;

import java.time.Instant;
import java.util.Set;
import java.util.function.Function;

import io.adit.api.ErrorCode;
import io.adit.api.Redaction;
import io.adit.api.RequestListener;
import io.adit.api.packet.Fields;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;

/**
 * Two spans for each request on each side, by OpenTelemetry's conventions for HTTP: of what came in (SERVER), and of what went on (CLIENT: the tunnel, or the
 * origin), with which the request goes on as the parent of what follows. So a trace has each leg: visitor to proxy, through the tunnel, peer to origin.
 * Thread-safe; nothing blocks.
 */
final class Spans implements RequestListener {

    private static final W3CTraceContextPropagator PROPAGATOR = W3CTraceContextPropagator.getInstance();
    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";
    /** Others are one: a visitor may invent as many as he likes. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");
    private static final int LONGEST = 1024;

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<Long> REQUEST_BYTES = AttributeKey.longKey("http.request.body.size");
    private static final AttributeKey<Long> RESPONSE_BYTES = AttributeKey.longKey("http.response.body.size");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private static final TextMapGetter<Fields> FIELDS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Fields fields) {
            return java.util.List.of(PARENT, STATE);
        }

        @Override
        public String get(Fields fields, String name) {
            // of several fields of one name it is one list; two parents are none
            java.util.List<String> values = fields.all(name);
            return values.isEmpty() ? null : String.join(",", values);
        }
    };

    private final Function<Side, Tracer> tracers;
    private final boolean trustParent;

    /** @param trustParent whether a request's own trace goes on at the proxy; the peer's always does */
    Spans(Function<Side, Tracer> tracers, boolean trustParent) {
        this.tracers = tracers;
        this.trustParent = trustParent;
    }

    @Override
    public Course begin(Begin request) {
        Tracer tracer = tracers.apply(request.side());
        boolean known = METHODS.contains(request.method());
        Context came = PROPAGATOR.extract(Context.root(), request.fields(), FIELDS);
        boolean goesOn = trustParent || request.side() == Side.PEER;
        SpanBuilder builder = tracer.spanBuilder(known ? request.method() : "HTTP").setSpanKind(SpanKind.SERVER).setStartTimestamp(request.at())
                .setParent(goesOn ? came : Context.root()).setAttribute(METHOD, known ? request.method() : "_OTHER");
        SpanContext other = Span.fromContext(came).getSpanContext();
        if (!goesOn && other.isValid()) {
            builder.addLink(other);
        }
        String target = Redaction.address(request.target());
        int query = target.indexOf('?');
        text(builder, "url.scheme", request.scheme());
        text(builder, "url.path", query < 0 ? target : target.substring(0, query));
        text(builder, "url.query", query < 0 ? "" : target.substring(query + 1));
        text(builder, "server.address", request.authority());
        text(builder, "client.address", request.visitor());
        text(builder, "network.protocol.version", request.protocol().replaceFirst("^HTTP/", ""));
        text(builder, "adit.peer", request.peer());
        Span in = builder.startSpan();
        Context within = Context.root().with(in);
        Span out = request.peer().isEmpty() ? Span.getInvalid() : tracer.spanBuilder(request.side() == Side.PROXY ? "tunnel" : "origin").setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(request.at()).setParent(within).setAttribute(METHOD, known ? request.method() : "_OTHER").startSpan();
        return new Traced(request, in, out);
    }

    private static void text(SpanBuilder builder, String key, String text) {
        if (!text.isEmpty()) {
            builder.setAttribute(key, text.length() > LONGEST ? text.substring(0, LONGEST) : text);
        }
    }

    private record Traced(Begin request, Span in, Span out) implements Course {

        @Override
        public Fields onward() {
            if (!out.getSpanContext().isValid()) {
                return Fields.EMPTY;
            }
            Fields.Builder fields = Fields.builder(2);
            PROPAGATOR.inject(Context.root().with(out), fields, (carrier, name, value) -> carrier.add(name, value));
            Fields made = fields.build();
            // one that belongs to another trace must not go on with ours; an empty one says nothing
            return made.contains(STATE) || !request.fields().contains(STATE) ? made : made.with(Fields.of(STATE, ""));
        }

        @Override
        public void end(End end) {
            event("stream open", end.timing().opened());
            event("request sent", end.timing().sent());
            event("response head", end.timing().head());
            String error = !end.error().isEmpty() ? end.error() : end.code() != ErrorCode.NONE ? end.code().label() : end.status() >= 500 ? Integer.toString(end.status()) : "";
            boolean failed = end.how() == How.BROKEN || end.status() >= 500;
            for (Span span : new Span[] {out, in}) {
                if (end.status() > 0) {
                    span.setAttribute(STATUS, end.status());
                }
                if (!error.isEmpty()) {
                    span.setAttribute(ERROR, error);
                }
                if (failed) {
                    span.setStatus(StatusCode.ERROR);
                }
                span.setAttribute(REQUEST_BYTES, end.requestBytes()).setAttribute(RESPONSE_BYTES, end.responseBytes());
                if (!end.session().isEmpty()) {
                    span.setAttribute("adit.session", end.session()).setAttribute("adit.codec", end.codec());
                }
                span.end(at(end.timing().end()));
            }
        }

        private void event(String name, long nanos) {
            if (nanos >= 0) {
                out.addEvent(name, at(nanos));
            }
        }

        private Instant at(long nanos) {
            return request.at().plusNanos(nanos);
        }
    }
}
