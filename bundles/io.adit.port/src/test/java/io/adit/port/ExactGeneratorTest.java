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
}
