package io.adit.origin;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;

import io.adit.api.MessageStream;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import org.junit.Rule;
import org.junit.Test;

/** An origin that dies (RST) is another thing than one that has said all (FIN). */
public class ResetTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Rule
    public final OriginRule rule = new OriginRule();

    @Test
    public void aResponseThatOnlyTheEndDelimitsIsCutByAReset() throws Exception {
        FakeStream stream = rule.stream();
        rule.handler().handle(OriginRule.get("/"), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write("HTTP/1.1 200 OK\r\n\r\nhalf");
            FakeStream.Op op = stream.next();
            assertEquals("half", op.text());
            assertFalse(op.last());
            peer.socket.setSoLinger(true, 0);
        }
        assertEquals("CUT", stream.resetCode());
    }

    @Test
    public void aResetBeforeTheHeadIsABrokenOrigin() throws Exception {
        FakeStream stream = rule.stream();
        rule.handler().handle(OriginRule.get("/"), true, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.socket.setSoLinger(true, 0);
        }
        assertEquals("ORIGIN_BROKEN", stream.resetCode());
    }

    @Test
    public void aKeptConnectionThatIsResetIsUsedNoMore() throws Exception {
        OriginComponent handler = rule.handler();
        FakeStream first = rule.stream();
        handler.handle(OriginRule.get("/1"), true, first);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write(OK);
            assertEquals("ok", first.all());
            peer.socket.setSoLinger(true, 0);
        }
        FakeStream second = rule.stream();
        handler.handle(OriginRule.get("/2"), true, second);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            assertTrue(peer.head().startsWith("GET /2 "));
            peer.write(OK);
            assertEquals("ok", second.all());
        }
    }

    @Test
    public void anUpgradedConnectionThatIsResetIsReset() throws Exception {
        FakeStream stream = rule.stream();
        rule.handler().handle(new RequestHead("GET", "http", "demo.localhost", "/", "HTTP/1.1", Fields.of("Host", "h"), "192.0.2.1:1", "x", -1), false, stream);
        try (RawOrigin.Peer peer = rule.origin.accept()) {
            peer.head();
            peer.write("HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
            assertEquals(101, stream.next().head().status());
            peer.socket.setSoLinger(true, 0);
        }
        assertEquals("CUT", stream.resetCode());
    }

    @Test
    public void aRequestThatCannotBeBegunIsResetAndForgotten() throws Exception {
        FakeStream stream = rule.stream();
        OriginComponent handler = rule.handler();
        handler.handle(OriginRule.get("/"), true, (MessageStream) Proxy.newProxyInstance(ResetTest.class.getClassLoader(),
            new Class<?>[] {MessageStream.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("onReset")) {
                    throw new IllegalStateException("a fault");
                }
                return method.invoke(stream, arguments);
            }));
        assertEquals("INTERNAL", stream.resetCode());
        assertEquals(0, handler.running());
    }
}
