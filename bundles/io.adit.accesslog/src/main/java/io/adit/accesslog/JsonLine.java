package io.adit.accesslog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.adit.api.Redaction;
import io.adit.api.ErrorCode;
import io.adit.api.RequestListener.Begin;
import io.adit.api.RequestListener.End;
import org.apache.felix.utils.json.JSONWriter;

/** A JSON object; docs/METRICS.md has the members. What there is nothing to say of is left out. */
final class JsonLine implements Line {

    /** W3C Trace Context: version, trace id, parent id, flags; a later version may have more. */
    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");
    private static final double NANOS_PER_MICRO = 1e3;

    private final Texts texts;

    /** A StringWriter without its locks: it is written to a character at a time. */
    private static final class Out extends Writer {
        private final StringBuilder text = new StringBuilder(512);

        @Override
        public void write(int c) {
            text.append((char) c);
        }

        @Override
        public void write(String piece) {
            text.append(piece);
        }

        @Override
        public void write(char[] from, int offset, int length) {
            text.append(from, offset, length);
        }

        @Override
        public void flush() {
            // nothing is held back
        }

        @Override
        public void close() {
            // nothing is open
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    JsonLine(Texts texts) {
        this.texts = texts;
    }

    @Override
    public String of(Begin begin, End end) {
        Out out = new Out();
        try {
            JSONWriter json = new JSONWriter(out).object();
            text(json, "time", begin.at().toString());
            text(json, "side", label(begin.side()));
            text(json, "name", begin.peer());
            text(json, "visitor", begin.visitor());
            text(json, "client", begin.client());
            text(json, "scheme", begin.scheme());
            text(json, "host", Redaction.address(begin.authority()));
            text(json, "method", texts.method(begin));
            text(json, "target", texts.target(begin));
            text(json, "protocol", begin.protocol());
            json.key("status").value(end.status());
            text(json, "end", label(end.how()));
            text(json, "error", end.error());
            text(json, "code", end.code() == ErrorCode.NONE ? "" : end.code().label());
            json.key("request_bytes").value(end.requestBytes());
            json.key("response_bytes").value(end.responseBytes());
            millis(json, "open_ms", end.timing().opened());
            millis(json, "sent_ms", end.timing().sent());
            millis(json, "head_ms", end.timing().head());
            millis(json, "total_ms", end.timing().end());
            text(json, "session", end.session());
            if (end.codec() > 0) {
                json.key("codec").value(end.codec());
            }
            text(json, "referer", texts.referer(begin));
            text(json, "agent", texts.agent(begin));
            Matcher trace = TRACE.matcher(end.trace());
            text(json, "trace", trace.matches() ? trace.group(1) : "");
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes everything", e);
        }
        return out.toString();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void text(JSONWriter json, String key, String text) throws IOException {
        if (!text.isEmpty()) {
            json.key(key).value((Object) Texts.readable(text));
        }
    }

    private static void millis(JSONWriter json, String key, long nanos) throws IOException {
        if (nanos >= 0) {
            json.key(key).value(Math.round(nanos / NANOS_PER_MICRO) / NANOS_PER_MICRO);
        }
    }
}
