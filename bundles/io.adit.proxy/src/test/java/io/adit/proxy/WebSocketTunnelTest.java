package io.adit.proxy;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;
import org.junit.Test;

public class WebSocketTunnelTest {

    private final WebSocketTunnel tunnel = new WebSocketTunnel();
    private final Fields asked = tunnel.request(Fields.of("origin", "https://a", "sec-websocket-key", "theirs", "sec-websocket-version", "13"));

    private static ResponseHead answer(String upgrade, String... fields) {
        return new ResponseHead(101, "", Fields.of(fields), upgrade, -1);
    }

    private String accept() throws Exception {
        String text = asked.first("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    public void eachHasAKeyOfItsOwn() {
        assertEquals("one key, and ours", 1, asked.all("sec-websocket-key").size());
        String key = asked.first("sec-websocket-key");
        assertEquals(16, Base64.getDecoder().decode(key).length);
        assertNotEquals(key, new WebSocketTunnel().request(Fields.EMPTY).first("sec-websocket-key"));
        assertEquals("origin", asked.name(0));
        assertEquals("13", asked.first("sec-websocket-version"));
    }

    @Test
    public void onlyTheAnswerToThatKeyAccepts() throws Exception {
        assertTrue(tunnel.isAcceptedBy(answer("websocket", "sec-websocket-ACCEPT", accept())));
        assertTrue(tunnel.isAcceptedBy(answer("WebSocket", "Sec-WebSocket-Accept", accept())));
        assertFalse(tunnel.isAcceptedBy(answer("websocket")));
        assertFalse(tunnel.isAcceptedBy(answer("websocket", "Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")));
        assertFalse(tunnel.isAcceptedBy(answer("websocket", "Sec-WebSocket-Accept", accept(), "Sec-WebSocket-Accept", accept())));
        assertFalse(tunnel.isAcceptedBy(answer("", "Sec-WebSocket-Accept", accept())));
        assertFalse(tunnel.isAcceptedBy(answer("websocket, other", "Sec-WebSocket-Accept", accept())));
    }

    @Test
    public void theBrowserKnowsOfNoKey() {
        assertEquals(Fields.of("Sec-WebSocket-Protocol", "a"), WebSocketTunnel.response(Fields.of("sec-websocket-accept", "x", "Sec-WebSocket-Protocol", "a")));
    }
}
