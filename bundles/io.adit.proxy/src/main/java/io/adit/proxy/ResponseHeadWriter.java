package io.adit.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.adit.api.packet.Fields;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * Puts our response head in the place of the one that Jetty made up from its own fields, at the moment when it is sent: so the reason
 * phrase, the order, the repeats and the case of all fields are the origin's, and Date and Server are not doubled. Where the connection is
 * one of our public port, Content-Length and Transfer-Encoding stand where the origin had them too; else Jetty writes them last.
 */
final class ResponseHeadWriter {

    /** Attribute of a connection; the public port says what it is. */
    private static final String EXACT = "io.adit.exact";
    /** Jetty cuts a reason phrase here. */
    private static final int REASON_MAX = 1024;
    private static final String LENGTH = "content-length";
    private static final String CODING = "transfer-encoding";

    private final Request request;
    private int status;
    private String reason;
    private Fields fields;
    private long length;
    private boolean close;
    private volatile Fields trailers;
    private volatile boolean endsByClose;

    ResponseHeadWriter(Request request) {
        this.request = request;
    }

    void set(int newStatus, String newReason, Fields newFields, long newLength, boolean newClose) {
        status = newStatus;
        reason = newReason;
        fields = newFields;
        length = newLength;
        close = newClose;
    }

    void trailers(Fields newTrailers) {
        trailers = newTrailers;
    }

    /** Whether a response is under way whose end only the end of the connection tells. */
    boolean endsByClose() {
        return endsByClose;
    }

    HttpStream wrap(HttpStream stream) {
        return new HttpStream.Wrapper(stream) {
            @Override
            public void send(MetaData.Request of, MetaData.Response head, boolean last, ByteBuffer content, Callback callback) {
                boolean ours = head != null && head.getStatus() == status;
                super.send(of, ours ? replace(head, last) : head, last, content, callback);
            }
        };
    }

    /** How long a reason phrase may be so that it passes whole. HTTP/2 has none. */
    int reasonMax() {
        return isHttp1(request.getConnectionMetaData().getHttpVersion()) && !isExact() ? REASON_MAX : Integer.MAX_VALUE;
    }

    private boolean isExact() {
        return request.getConnectionMetaData().getAttribute(EXACT) != null;
    }

    private static boolean isHttp1(HttpVersion version) {
        return version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0;
    }

    private MetaData.Response replace(MetaData.Response jettys, boolean last) {
        HttpVersion version = jettys.getHttpVersion();
        boolean exact = isExact() && isHttp1(version);
        long contentLength = status == 101 || status == 204 ? -1 : contentLength(jettys, last);
        boolean chunked = contentLength < 0 && version == HttpVersion.HTTP_1_1 && (!isBodyless() || isHead());
        HttpFields.Mutable result = HttpFields.build(fields.size() + 5);
        if (exact && reason != null && reason.length() > REASON_MAX) {
            result.add(new HttpField(null, "", reason.substring(REASON_MAX)));
        }
        boolean date = false;
        boolean placed = false;
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            boolean length = name.equalsIgnoreCase(LENGTH);
            if (length || name.equalsIgnoreCase(CODING)) {
                if (!placed && (length ? contentLength >= 0 : chunked && exact)) {
                    placed = true;
                    result.add(exact ? new HttpField(null, name, fields.value(i)) : new HttpField.LongValueHttpField(HttpHeader.CONTENT_LENGTH, contentLength));
                }
                continue;
            }
            date |= name.equalsIgnoreCase("date");
            // without the known header Jetty writes the name as it is
            result.add(new HttpField(null, name, fields.value(i)));
        }
        if (!date && status >= 200 && jettys.getHttpFields().getField(HttpHeader.DATE) != null) {
            result.add(jettys.getHttpFields().getField(HttpHeader.DATE));
        }
        if (isHttp1(version) && status != 101) {
            connection(jettys, result);
        }
        if (contentLength >= 0) {
            if (!placed) {
                result.add(new HttpField.LongValueHttpField(HttpHeader.CONTENT_LENGTH, contentLength));
            }
            return new MetaData.Response(status, reason, version, result, contentLength);
        }
        if (isBodyless()) {
            if (chunked && exact && !placed) {
                // Jetty would say that it is chunked, and the origin did not
                result.add(new HttpField(null, CODING, ""));
            }
            return new MetaData.Response(status, reason, version, result, -1);
        }
        if (chunked) {
            // also where the browser wants the connection closed: the end of a chunked body cannot be mistaken
            result.add(HttpHeader.TRANSFER_ENCODING, "chunked");
        }
        endsByClose = version == HttpVersion.HTTP_1_0;
        return new MetaData.Response(status, reason, version, result, -1, version == HttpVersion.HTTP_1_0 ? null : this::trailerFields);
    }

    private boolean isBodyless() {
        return status == 101 || status == 204 || status == 304 || isHead();
    }

    private boolean isHead() {
        return HttpMethod.HEAD.is(request.getMethod());
    }

    /** What was declared stays declared, and what was chunked stays chunked: only who knows no chunks is told a length that we found out. */
    private long contentLength(MetaData.Response jettys, boolean last) {
        boolean ours = length < 0 && last && !isBodyless() && jettys.getHttpVersion() == HttpVersion.HTTP_1_0;
        return ours ? jettys.getContentLength() : length;
    }

    private void connection(MetaData.Response jettys, HttpFields.Mutable result) {
        if (close) {
            result.add(HttpHeader.CONNECTION, "close");
            return;
        }
        HttpField connection = jettys.getHttpFields().getField(HttpHeader.CONNECTION);
        if (connection != null) {
            result.add(connection);
        }
    }

    private HttpFields trailerFields() {
        return trailers == null || trailers.isEmpty() ? null : fields(trailers);
    }

    /** An interim response as it is on the wire. */
    static ByteBuffer interim(int status, String reason, Fields fields) {
        StringBuilder head = new StringBuilder(64).append("HTTP/1.1 ").append(status).append(' ').append(reason).append("\r\n");
        fields.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    static HttpFields fields(Fields from) {
        HttpFields.Mutable result = HttpFields.build(from.size());
        from.forEach((name, value) -> result.add(new HttpField(null, name, value)));
        return result.asImmutable();
    }
}
