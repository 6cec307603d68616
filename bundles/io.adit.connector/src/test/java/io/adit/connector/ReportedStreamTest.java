package io.adit.connector;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.Inbound;
import io.adit.api.MessageStream;
import io.adit.api.RequestListener;
import io.adit.api.RequestListener.End;
import io.adit.api.RequestReports;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import org.junit.Test;

public class ReportedStreamTest {

    private static final RequestHead HEAD = new RequestHead("POST", "http", "demo.localhost", "/x", "HTTP/1.1", Fields.EMPTY, "192.0.2.1:5", "", -1);

    private final List<String> told = new ArrayList<>();
    private final RequestReports reports = new RequestReports((listener, failure) -> told.add("failed"));
    private Inbound next;
    private Completion completion;
    private Consumer<StreamResetException> onReset;

    private final RequestListener listener = request -> {
        told.add(request.peer() + " " + request.method() + " " + request.target() + " " + request.client());
        return new RequestListener.Course() {
            @Override
            public void head(int status, Fields fields) {
                told.add("head " + status);
            }

            @Override
            public void end(End end) {
                told.add(end.how() + " " + end.status() + " " + end.code() + " " + end.requestBytes() + " " + end.responseBytes());
            }
        };
    };

    @SuppressWarnings("unchecked")
    private final MessageStream plain = (MessageStream) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {MessageStream.class},
        (proxy, method, arguments) -> {
            switch (method.getName()) {
                case "read":
                    return next;
                case "onReset":
                    onReset = (Consumer<StreamResetException>) arguments[0];
                    return null;
                case "head", "data", "trailers":
                    completion = (Completion) arguments[arguments.length - 1];
                    return null;
                default:
                    return null;
            }
        });

    private MessageStream reported() {
        reports.add(listener);
        return ReportedStream.of(reports, "demo", HEAD, false, plain);
    }

    @Test
    public void whereNobodyListensTheStreamIsItself() {
        assertSame(plain, ReportedStream.of(reports, "demo", HEAD, false, plain));
    }

    @Test
    public void aTracerReplacesFieldsOfTheRequest() {
        List<String> visitors = new ArrayList<>();
        reports.add(request -> {
            visitors.add(request.side() + " " + request.visitor());
            return new RequestListener.Course() {
                @Override
                public Fields onward() {
                    return Fields.of("traceparent", "mine");
                }

                @Override
                public void end(End end) {
                    told.add(end.trace());
                }
            };
        });
        RequestHead traced = HEAD.with(Fields.of("TraceParent", "came", "a", "b"));
        MessageStream stream = ReportedStream.of(reports, "demo", traced, false, plain);
        assertEquals(Fields.of("traceparent", "mine", "a", "b"), ReportedStream.onward(traced, stream).fields());
        assertSame(HEAD, ReportedStream.onward(HEAD, plain));
        stream.reset(ErrorCode.CANCEL, "");
        assertEquals(List.of("mine"), told);
        for (String client : new String[] {"[2001:db8::1]:80", "unknown"}) {
            ReportedStream.of(reports, "demo", new RequestHead("GET", "http", "", "/", "HTTP/1.1", Fields.EMPTY, client, "", -1), true, plain);
        }
        assertEquals(List.of("PEER 192.0.2.1", "PEER 2001:db8::1", "PEER unknown"), visitors);
    }

    @Test
    public void anExchangeIsOverWhenItsLastByteIsOnItsWay() {
        MessageStream stream = reported();
        next = new Inbound.Trailers(Fields.EMPTY);
        stream.read();
        stream.head(new ResponseHead(103, "", Fields.EMPTY, "", -1), null, false, Completion.NONE);
        stream.head(new ResponseHead(200, "", Fields.EMPTY, "", 5), ByteBuffer.wrap(new byte[2]), false, Completion.NONE);
        stream.data(ByteBuffer.wrap(new byte[3]), true, Completion.NONE);
        assertEquals(List.of("demo POST /x 192.0.2.1:5", "head 200"), told);
        completion.succeeded();
        assertEquals("ANSWERED 200 NONE 0 5", told.get(2));
    }

    @Test
    public void aResetFromEitherSideEndsItOnce() {
        MessageStream stream = reported();
        stream.onReset(cause -> told.add("passed on"));
        onReset.accept(new StreamResetException(ErrorCode.CANCEL, true, false, ""));
        stream.reset(ErrorCode.INTERNAL, "");
        assertEquals(List.of("demo POST /x 192.0.2.1:5", "GONE 0 CANCEL 0 0", "passed on"), told);
    }

    @Test
    public void whoAnswersMayBreakItOff() {
        MessageStream stream = reported();
        stream.reset(ErrorCode.ORIGIN_UNREACHABLE, "");
        assertEquals("BROKEN 0 ORIGIN_UNREACHABLE 0 0", told.get(1));
    }
}
