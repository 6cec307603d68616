package io.adit.itests;

import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A visitor over HTTP/2 who sees each frame. Every wait has a deadline. Not thread-safe. */
final class Http2Visitor implements AutoCloseable {

    private final HTTP2Client client = new HTTP2Client();
    private final CompletableFuture<Map<Integer, Integer>> settings = new CompletableFuture<>();
    private final URI to;
    private Session session;

    /** @param to scheme, host and port; the certificate is not checked */
    Http2Visitor(URI to) throws Exception {
        this.to = to;
        client.start();
        SslContextFactory.Client tls = new SslContextFactory.Client(true);
        client.addBean(tls);
        tls.start();
        session = get(client.connect(tls, new InetSocketAddress(to.getHost(), to.getPort()), new Session.Listener() {
            @Override
            public void onSettings(Session from, SettingsFrame frame) {
                settings.complete(frame.getSettings());
            }
        }));
    }

    Map<Integer, Integer> settings() throws Exception {
        return get(settings);
    }

    /** @param protocol null for a CONNECT without one (RFC 9113 section 8.5) */
    Exchange connect(String protocol, String host, String path, HttpFields fields) throws Exception {
        return open(new MetaData.ConnectRequest(protocol == null ? null : to.getScheme(), new HostPortHttpField(host), protocol == null ? null : path, fields, protocol), false);
    }

    Exchange get(String host, String path) throws Exception {
        return open(new MetaData.Request("GET", HttpURI.build(to.getScheme() + "://" + host + path), HttpVersion.HTTP_2, HttpFields.EMPTY, -1), true);
    }

    private Exchange open(MetaData.Request request, boolean last) throws Exception {
        Exchange exchange = new Exchange();
        exchange.stream = get(session.newStream(new HeadersFrame(request, null, last), exchange));
        return exchange;
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A stream. What comes is taken from the connection when the test reads it, and only then. */
    static final class Exchange implements Stream.Listener {

        private final CompletableFuture<MetaData.Response> head = new CompletableFuture<>();
        private final CompletableFuture<Integer> reset = new CompletableFuture<>();
        private final BlockingQueue<Boolean> available = new LinkedBlockingQueue<>();
        private final ByteArrayOutputStream eagerBytes = new ByteArrayOutputStream();
        private volatile CompletableFuture<byte[]> eager;
        private volatile Stream stream;
        private volatile boolean ended;

        @Override
        public void onHeaders(Stream from, HeadersFrame frame) {
            ended = frame.isEndStream();
            head.complete((MetaData.Response) frame.getMetaData());
        }

        @Override
        public void onDataAvailable(Stream from) {
            if (eager == null) {
                available.add(true);
                return;
            }
            for (Stream.Data data = from.readData(); data != null; data = from.readData()) {
                byte[] part = new byte[data.frame().remaining()];
                data.frame().getByteBuffer().get(part);
                eagerBytes.writeBytes(part);
                data.release();
                if (data.frame().isEndStream()) {
                    eager.complete(eagerBytes.toByteArray());
                    return;
                }
            }
            from.demand();
        }

        /** From now on all is read as it comes; the future has it at the end of the stream. */
        CompletableFuture<byte[]> all() {
            eager = new CompletableFuture<>();
            stream.demand();
            return eager;
        }

        @Override
        public void onReset(Stream from, ResetFrame frame, Callback callback) {
            reset.complete(frame.getError());
            head.completeExceptionally(new IOException("reset: " + ErrorCode.from(frame.getError())));
            available.add(false);
            callback.succeeded();
        }

        MetaData.Response head() throws Exception {
            return Http2Visitor.get(head);
        }

        int status() throws Exception {
            return head().getStatus();
        }

        /** The value of a field, or null. */
        String field(String name) throws Exception {
            HttpField field = head().getHttpFields().getField(name);
            return field == null ? null : field.getValue();
        }

        /** @return when it was written, which flow control may put off */
        CompletableFuture<Void> send(byte[] bytes, boolean last) {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            stream.data(new DataFrame(stream.getId(), ByteBuffer.wrap(bytes), last), Callback.from(() -> sent.complete(null), sent::completeExceptionally));
            return sent;
        }

        void reset(ErrorCode code) {
            stream.reset(new ResetFrame(stream.getId(), code.code), Callback.NOOP);
        }

        /** As many bytes, or those up to the end of the stream. */
        byte[] read(int count) throws Exception {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            while (bytes.size() < count && !ended) {
                Stream.Data data = stream.readData();
                if (data == null) {
                    stream.demand();
                    Boolean more = available.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                    assertTrue("reset, or nothing more after " + bytes.size() + " bytes", Boolean.TRUE.equals(more));
                    continue;
                }
                byte[] part = new byte[data.frame().remaining()];
                data.frame().getByteBuffer().get(part);
                bytes.write(part);
                ended = data.frame().isEndStream();
                data.release();
            }
            assertTrue("more than was asked for: " + bytes.size(), bytes.size() <= count || count == 0);
            return bytes.toByteArray();
        }

        boolean isAtEnd() throws Exception {
            return read(1).length == 0 && ended;
        }

        /** The code with which the other side resets the stream. */
        int awaitReset() throws Exception {
            return Http2Visitor.get(reset);
        }
    }
}
