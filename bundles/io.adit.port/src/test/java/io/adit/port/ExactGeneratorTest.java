package io.adit.port;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.util.BufferUtil;
import org.junit.Test;

/** Where the fields that frame a response stand, and that there is one of them and the right one, whatever a head says. */
public class ExactGeneratorTest {

    private final HttpFields.Mutable fields = HttpFields.build();
    private int status = 200;
    private String reason = "OK";
    private HttpVersion version = HttpVersion.HTTP_1_1;
    private boolean head;

    private ExactGeneratorTest with(String name, String value) {
        fields.add(new HttpField(null, name, value));
        return this;
    }

    private ExactGeneratorTest known(HttpHeader header, String value) {
        fields.add(new HttpField(header, value));
        return this;
    }

    /** What is on the wire with the first write. */
    private String written(long length, String content, boolean last) throws IOException {
        return written(length, content, last, true);
    }

    private String written(long length, String content, boolean last, boolean direct) throws IOException {
        HttpGenerator generator = new ExactGenerator();
        generator.setPersistent(true);
        Supplier<HttpFields> trailers = length < 0 && !head && version == HttpVersion.HTTP_1_1 && status != 204 && status != 304 ? () -> null : null;
        MetaData.Response info = new MetaData.Response(status, reason, version, fields, length, trailers);
        ByteBuffer header = direct ? BufferUtil.allocateDirect(70_000) : BufferUtil.allocate(70_000);
        ByteBuffer body = BufferUtil.toBuffer(content);
        assertEquals(HttpGenerator.Result.FLUSH, generator.generateResponse(info, head, header, null, body, last));
        return StandardCharsets.ISO_8859_1.decode(header).toString();
    }

    @Test
    public void aLengthStandsWhereAndAsTheHeadSays() throws Exception {
        assertEquals("HTTP/1.1 200 OK\r\nA: 1\r\ncontent-LENGTH: 02\r\nB: 2\r\n\r\n", with("A", "1").with("content-LENGTH", "02").with("B", "2").written(2, "ok", true));
    }

    @Test
    public void allBuffersAreArrangedAlike() throws Exception {
        assertEquals("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nB: 2\r\n\r\n", with("content-length", "2").with("B", "2").written(2, "ok", true, false));
    }

    @Test
    public void withoutOneTheLengthIsJettys() throws Exception {
        assertEquals("HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 2\r\n\r\n", with("A", "1").written(2, "ok", true));
    }

    @Test
    public void aLengthThatIsNotTheMessagesIsNoLength() throws Exception {
        assertEquals("HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 2\r\n\r\n", with("Content-Length", "3").with("A", "1").written(2, "ok", true));
    }

    @Test
    public void lengthsThatAreNoneAreNone() throws Exception {
        for (String value : new String[] {"", "-2", "+2", "2,2", "0x2", "2 ", "9999999999999999999"}) {
            fields.clear();
            assertEquals(value, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", with("Content-Length", value).written(2, "ok", true));
        }
    }

    @Test
    public void thereAreNeverTwoLengths() throws Exception {
        assertEquals("HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 2\r\n\r\n",
                with("Content-Length", "2").with("A", "1").with("content-length", "2").written(2, "ok", true));
    }

    @Test
    public void aChunkedMessageHasNoLength() throws Exception {
        assertEquals("HTTP/1.1 200 OK\r\nA: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n",
                with("Content-Length", "2").with("A", "1").known(HttpHeader.TRANSFER_ENCODING, "chunked").written(-1, "ok", false));
    }

    @Test
    public void aMessageWithALengthIsNotChunked() throws Exception {
        assertEquals("HTTP/1.1 200 OK\r\nA: 1\r\ncontent-length: 2\r\n\r\n",
                with("Transfer-Encoding", "chunked").with("A", "1").with("content-length", "2").written(2, "ok", true));
    }

    @Test
    public void chunkedStandsWhereTheHeadSays() throws Exception {
        assertEquals("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\nA: 1\r\n\r\n2\r\n",
                with("transfer-encoding", "Chunked").with("A", "1").known(HttpHeader.TRANSFER_ENCODING, "chunked").written(-1, "ok", false));
    }

    @Test
    public void otherCodingsAreNotChunked() throws Exception {
        for (String value : new String[] {"gzip, chunked", "", "identity"}) {
            fields.clear();
            assertEquals(value, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n",
                    with("transfer-encoding", value).known(HttpHeader.TRANSFER_ENCODING, "chunked").written(-1, "ok", false));
        }
    }

    @Test
    public void aResponseToHeadHasWhatTheHeadSays() throws Exception {
        head = true;
        assertEquals("HTTP/1.1 200 OK\r\ncontent-length: 7\r\nA: 1\r\n\r\n", with("content-length", "7").with("A", "1").written(7, "", false));
        fields.clear();
        assertEquals("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nA: 1\r\n\r\n", with("transfer-encoding", "chunked").with("A", "1").written(-1, "", false));
        fields.clear();
        assertEquals("HTTP/1.1 200 OK\r\nA: 1\r\n\r\n", with("A", "1").with("transfer-encoding", "").written(-1, "", false));
    }

    @Test
    public void statusesWithoutABody() throws Exception {
        status = 304;
        assertEquals("HTTP/1.1 304 OK\r\ncontent-length: 7\r\nA: 1\r\n\r\n", with("content-length", "7").with("A", "1").written(7, "", false));
        status = 204;
        assertEquals("HTTP/1.1 204 OK\r\nA: 1\r\n\r\n", written(-1, "", false));
    }

    @Test
    public void aConnectionThatChangesItsProtocolDoesNotClose() throws Exception {
        HttpGenerator generator = new ExactGenerator();
        generator.setPersistent(false);
        fields.add(new HttpField(null, "Connection", "Upgrade"));
        ByteBuffer header = BufferUtil.allocate(1000);
        generator.generateResponse(new MetaData.Response(101, "Sw", version, fields, -1), false, header, null, null, false);
        assertEquals("HTTP/1.1 101 Sw\r\nConnection: Upgrade\r\n\r\n", StandardCharsets.ISO_8859_1.decode(header).toString());
    }

    @Test
    public void oldBrowsersGetTheSame() throws Exception {
        version = HttpVersion.HTTP_1_0;
        assertEquals("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nA: 1\r\nConnection: keep-alive\r\n\r\n",
                with("content-length", "2").with("A", "1").known(HttpHeader.CONNECTION, "keep-alive").written(2, "ok", true));
        fields.clear();
        assertEquals("HTTP/1.1 200 OK\r\nA: 1\r\n\r\n", with("transfer-encoding", "chunked").with("A", "1").written(-1, "ok", false));
    }

    @Test
    public void aLongReasonIsWhole() throws Exception {
        reason = "r".repeat(1024);
        assertEquals("HTTP/1.1 200 " + reason + "rest: of it\r\ncontent-length: 2\r\nA: 1\r\n\r\n",
                with("", "rest: of it").with("content-length", "2").with("A", "1").written(2, "ok", true));
        status = 299;
        assertEquals("HTTP/1.1 299 " + reason + "rest: of it\r\ncontent-length: 2\r\nA: 1\r\n\r\n", written(2, "ok", true));
    }

    @Test
    public void trailersThatAreLongerThanTheirBufferAreWrittenInSeveral() throws Exception {
        for (int field : new int[] {1, 4000, 8170, 8180, 8181, 8182, 8183, 8184, 8185, 8190, 9000, 20_000}) {
            for (boolean body : new boolean[] {true, false}) {
                HttpFields trailers = HttpFields.build().add(new HttpField(null, "X", "x".repeat(field))).add(new HttpField(null, "y", "2"));
                String expected = (body ? "2\r\nok\r\n" : "") + "0\r\nX: " + "x".repeat(field) + "\r\ny: 2\r\n\r\n";
                assertEquals(field + " " + body, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + expected, all(trailers, body ? "ok" : ""));
            }
        }
        assertEquals("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", all(null, "ok"));
        assertEquals("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", all(HttpFields.EMPTY, "ok"));
    }

    /** A whole response, in the buffers that Jetty's connection would use for it; twice with the same generator. */
    private String all(HttpFields trailers, String content) throws IOException {
        HttpGenerator generator = new ExactGenerator();
        String first = all(generator, trailers, content);
        generator.reset();
        assertEquals(first, all(generator, trailers, content));
        return first;
    }

    private static String all(HttpGenerator generator, HttpFields trailers, String content) throws IOException {
        generator.setPersistent(true);
        MetaData.Response info = new MetaData.Response(200, "OK", HttpVersion.HTTP_1_1, HttpFields.EMPTY, -1, () -> trailers);
        StringBuilder written = new StringBuilder();
        ByteBuffer header = null;
        ByteBuffer chunk = null;
        ByteBuffer body = BufferUtil.toBuffer(content);
        while (true) {
            switch (generator.generateResponse(info, false, header, chunk, body, true)) {
                case NEED_HEADER -> header = BufferUtil.allocate(8192);
                case NEED_CHUNK -> chunk = BufferUtil.allocate(HttpGenerator.CHUNK_SIZE);
                case NEED_CHUNK_TRAILER -> chunk = BufferUtil.allocate(8192);
                case FLUSH -> {
                    for (ByteBuffer each : new ByteBuffer[] {header, chunk, body}) {
                        written.append(each == null ? "" : StandardCharsets.ISO_8859_1.decode(each).toString());
                        BufferUtil.clear(each);
                    }
                    info = null; // as it is once a response has begun
                }
                case DONE -> {
                    return written.toString();
                }
                case CONTINUE -> { }
                default -> throw new AssertionError(generator);
            }
        }
    }
}
