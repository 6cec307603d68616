package io.adit.proxy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.List;
import java.util.function.Consumer;

import io.adit.api.Completion;
import io.adit.api.MessageStream;
import io.adit.api.packet.Fields;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.Trailers;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * An exchange on Jetty's core objects, underneath the servlet API, which regroups and renames fields, buffers, and ends a cut response
 * as if it were complete. Only the asynchronous context is the servlet's: its completion is what Felix and Jetty wait for.
 */
final class JettyExchange implements Exchange {

    /** Attribute of a connection; the public port says what it is. */
    private static final String SENT_TARGET = "io.adit.target";

    private final ServletContextRequest context;
    private final Request request;
    private final Response response;
    private final AsyncContext async;
    private final ResponseHeadWriter writer;
    private final BrowserWatch watch;
    /** The target that Jetty was not shown, or null. */
    private final SentTarget sent;
    private final String connectProtocol;
    private final WebSocketTunnel webSocket;
    private volatile Consumer<BodyFailure> failureListener = failure -> { };

    /** Starts asynchronous processing of the request. */
    JettyExchange(ServletRequest servletRequest) {
        context = ServletContextRequest.getServletContextRequest(servletRequest);
        request = context;
        // below the servlet layer's response: that one compares what goes through it with a Content-Length of its own
        response = context.getServletContextResponse().getWrapped();
        writer = new ResponseHeadWriter(request);
        watch = new BrowserWatch(request.getConnectionMetaData());
        sent = request.getConnectionMetaData().getAttribute(SENT_TARGET) instanceof String target ? SentTarget.of(request.getMethod(), target) : null;
        connectProtocol = request.getTunnelSupport() == null ? null : request.getTunnelSupport().getProtocol();
        webSocket = WebSocketTunnel.PROTOCOL.equals(connectProtocol) ? new WebSocketTunnel() : null;
        // begun already where the request waited for this bundle
        async = servletRequest.isAsyncStarted() ? servletRequest.getAsyncContext() : servletRequest.startAsync();
        async.setTimeout(0);
        async.addListener(new Failures());
    }

    /** Whose request it is. */
    Server server() {
        return request.getConnectionMetaData().getConnector().getServer();
    }

    @Override
    public String method() {
        return webSocket == null ? request.getMethod() : "GET";
    }

    @Override
    public String connectProtocol() {
        return connectProtocol;
    }

    @Override
    public WebSocketTunnel webSocket() {
        return webSocket;
    }

    @Override
    public String scheme() {
        return request.isSecure() ? "https" : "http";
    }

    @Override
    public String protocol() {
        return request.getConnectionMetaData().getHttpVersion().asString();
    }

    /** The authority of an absolute target counts, whatever Host says (RFC 9112 section 3.2.2). */
    @Override
    public String authority() {
        String host = request.getHeaders().get(HttpHeader.HOST);
        String target = sent == null ? request.getHttpURI().getAuthority() : sent.authority();
        boolean http2 = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
        if (target == null || host == null && !http2 && sent == null) {
            return host == null ? "" : host;
        }
        // Jetty puts Host into a target without an authority, so another one came with an absolute target
        return host == null || !isSame(host, target) && Authority.parse(host) != null ? target : host;
    }

    private boolean isSame(String host, String target) {
        if (host.equals(target)) {
            return true;
        }
        Authority a = Authority.parse(host);
        Authority b = Authority.parse(target);
        return a != null && b != null && a.host().equals(b.host()) && port(a) == port(b);
    }

    private int port(Authority authority) {
        return authority.port() >= 0 ? authority.port() : request.isSecure() ? 443 : 80;
    }

    @Override
    public String target() {
        HttpURI uri = request.getHttpURI();
        String target = sent == null ? uri.getPathQuery() : sent.target();
        boolean form = target != null && (target.startsWith("/") || target.equals("*") && method().equals("OPTIONS"));
        if (!form || uri.getFragment() != null || uri.getUser() != null) {
            return null;
        }
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) <= ' ' || target.charAt(i) >= 0x7f) {
                return null;
            }
        }
        return target;
    }

    @Override
    public InetSocketAddress remote() {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress address ? address : null;
    }

    @Override
    public int localPort() {
        return Request.getLocalPort(request);
    }

    @Override
    public Fields fields() {
        Fields sent = fields(request.getHeaders());
        if (webSocket != null) {
            return webSocket.request(withOneCookie(sent));
        }
        return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2 ? withOneCookie(sent) : sent;
    }

    /** HTTP/2 may send a cookie list in crumbs, which HTTP/1 knows as one field only (RFC 9113 section 8.2.3). */
    static Fields withOneCookie(Fields fields) {
        List<String> crumbs = fields.all("cookie");
        if (crumbs.size() < 2) {
            return fields;
        }
        Fields.Builder result = Fields.builder();
        boolean written = false;
        for (int i = 0; i < fields.size(); i++) {
            boolean crumb = fields.name(i).equalsIgnoreCase("cookie");
            if (!crumb) {
                result.add(fields.name(i), fields.value(i));
            } else if (!written) {
                written = true;
                result.add(fields.name(i), String.join("; ", crumbs));
            }
        }
        return result.build();
    }

    @Override
    public long length() {
        return request.getLength();
    }

    @Override
    public boolean hasBody() {
        if (connectProtocol != null) {
            return false; // what follows are bytes of that protocol
        }
        if (request.getLength() >= 0) {
            return request.getLength() > 0;
        }
        return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }

    @Override
    public boolean expectsContinue() {
        return hasBody() && request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_0
                && request.getHeaders().contains(HttpHeader.EXPECT, "100-continue");
    }

    @Override
    public Part read() {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
            return null;
        }
        if (Content.Chunk.isFailure(chunk)) {
            return new Part(null, true, null, failure(chunk.getFailure()), chunk::release);
        }
        Fields trailers = chunk instanceof Trailers last ? fields(last.getTrailers()) : null;
        return new Part(chunk.getByteBuffer(), chunk.isLast(), trailers, null, chunk::release);
    }

    @Override
    public void demand(Runnable task) {
        request.demand(new Invocable.ReadyTask(Invocable.InvocationType.NON_BLOCKING, task));
    }

    @Override
    public void interim(int status, String reason, Fields fields, Completion completion) {
        HttpVersion version = request.getConnectionMetaData().getHttpVersion();
        if (version == HttpVersion.HTTP_1_0) {
            completion.succeeded();
            return;
        }
        if (version == HttpVersion.HTTP_1_1) {
            // written here: Jetty drops the fields of all but 103, and the reason phrase
            ByteBuffer head = ResponseHeadWriter.interim(status, reason, fields);
            request.getConnectionMetaData().getConnection().getEndPoint().write(new WriteCallback(completion), head);
            return;
        }
        response.writeInterim(status, ResponseHeadWriter.fields(fields)).whenComplete((nothing, failure) -> {
            if (failure == null) {
                completion.succeeded();
            } else {
                completion.failed(failure);
            }
        });
    }

    @Override
    public int reasonMax() {
        return writer.reasonMax();
    }

    @Override
    public void head(int status, String reason, Fields fields, long length, boolean close) {
        response.setStatus(status);
        writer.set(status, reason, fields, length, close);
        request.addHttpStreamWrapper(writer::wrap);
    }

    @Override
    public void trailers(Fields fields) {
        writer.trailers(fields);
    }

    @Override
    public void write(boolean last, ByteBuffer data, Completion completion) {
        response.write(last, data, new WriteCallback(completion));
    }

    @Override
    public void complete() {
        async.complete();
    }

    @Override
    public void abort(String reason) {
        if (writer.endsByClose()) {
            watch.resetOnClose();
        }
        // the marker exception keeps Jetty from answering with an error page of its own
        context.getServletChannel().abort(new Request.Handler.AbortException(reason));
    }

    @Override
    public void refuse(BodyFailure failure) {
        Refusals.told(request);
        // no page of ours: Jetty may be at it already, from the parser's side, and two cannot write
        context.getServletChannel().abort(new BadMessageException(failure.status(), failure.reason()));
    }

    @Override
    public void onFailure(Consumer<BodyFailure> listener) {
        failureListener = listener;
        // an AsyncListener hears nothing of what happens while the servlet's thread is still at the request
        request.addFailureListener(cause -> gone(failure(cause)));
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2 && !hasBody()) {
            // and who listens too late hears nothing at all: only reading tells, and nobody else reads
            Content.Chunk chunk = request.read();
            if (Content.Chunk.isFailure(chunk)) {
                gone(failure(chunk.getFailure()));
            }
        }
    }

    /** All else is told by reading, or to the AsyncListener; this once more does no harm. */
    private void gone(BodyFailure failure) {
        if (failure.kind() == BodyFailure.Kind.GONE) {
            failureListener.accept(failure);
        }
    }

    @Override
    public boolean watch(Runnable event) {
        return watch.start(event);
    }

    @Override
    public boolean probe() {
        return watch.probe();
    }

    @Override
    public void unwatch() {
        watch.stop();
    }

    @Override
    public boolean upgrade(MessageStream stream, Quotas.Lease lease, Runnable end) {
        Connection connection = request.getConnectionMetaData().getConnection();
        EndPoint endPoint = connection.getEndPoint();
        HttpVersion version = request.getConnectionMetaData().getHttpVersion();
        if (webSocket != null) {
            upgradeStream(request.getTunnelSupport().getEndPoint(), stream, lease, end);
            return true;
        }
        if (version != HttpVersion.HTTP_1_1) {
            return false;
        }
        UpgradedConnection upgraded = new UpgradedConnection(endPoint, request.getConnectionMetaData().getConnector(), stream, lease, end);
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, upgraded);
        return true;
    }

    /** The stream may end before it is upgraded, and Jetty tells nobody then. */
    private void upgradeStream(EndPoint endPoint, MessageStream stream, Quotas.Lease lease, Runnable end) {
        UpgradedConnection upgraded = new UpgradedConnection(endPoint, request.getConnectionMetaData().getConnector(), stream, lease, end);
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, upgraded);
        request.addHttpStreamWrapper(below -> new HttpStream.Wrapper(below) {
            @Override
            public void succeeded() {
                super.succeeded();
                upgraded.endUnlessOpen();
            }

            @Override
            public void failed(Throwable cause) {
                super.failed(cause);
                upgraded.endUnlessOpen();
            }
        });
    }

    private BodyFailure failure(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return new BodyFailure(BodyFailure.Kind.LATE, 408, "no more of the body came");
        }
        // a body that is cut short and one that is no valid HTTP look the same here; but in the second case the browser is still there
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        if (failure instanceof HttpException http && endPoint.isOpen() && !endPoint.isInputShutdown()) {
            return new BodyFailure(BodyFailure.Kind.INVALID, http.getCode(), http.getReason());
        }
        return new BodyFailure(BodyFailure.Kind.GONE, 0, "the browser went away");
    }

    private static Fields fields(HttpFields from) {
        Fields.Builder fields = Fields.builder();
        for (HttpField field : from) {
            fields.add(field.getName(), field.getValue() == null ? "" : field.getValue());
        }
        return fields.build();
    }

    private record WriteCallback(Completion completion) implements Callback {
        @Override
        public void succeeded() {
            completion.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            completion.failed(cause);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    private final class Failures implements AsyncListener {
        @Override
        public void onError(AsyncEvent event) {
            failureListener.accept(failure(event.getThrowable()));
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            failureListener.accept(new BodyFailure(BodyFailure.Kind.GONE, 0, "the servlet container's time-out"));
        }

        @Override
        public void onComplete(AsyncEvent event) {
            // nothing is left to do
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // only once
        }
    }
}
