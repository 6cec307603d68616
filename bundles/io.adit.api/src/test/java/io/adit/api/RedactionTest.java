package io.adit.api;

import static org.junit.Assert.assertEquals;

import java.util.Map;

import io.adit.api.packet.Fields;
import org.junit.Test;

public class RedactionTest {

    private static final String M = Redaction.MARK;

    @Test
    public void fieldsThatLogSomebodyInLoseTheirValues() {
        for (String secret : new String[] {"Authorization", "PROXY-AUTHORIZATION", "cookie", "Set-Cookie", "X-Api-Key", "X-Auth-Token", "x-csrf-token", "My-Password",
                "X-Session-Id", "Sec-WebSocket-Key", "X-Amz-Signature"}) {
            assertEquals(secret, Fields.of(secret, M), Redaction.fields(Fields.of(secret, "abc")));
        }
        Fields plain = Fields.of("Host", "demo.localhost", "Accept", "text/html", "X-Forwarded-For", "192.0.2.1", "ETag", "\"token\"", "If-None-Match", "x=y");
        assertEquals("others stay as they are", plain, Redaction.fields(plain));
    }

    @Test
    public void addressesLoseSecretParametersAndLogins() {
        Map<String, String> table = Map.ofEntries(
            Map.entry("/a?b=c&d=e", "/a?b=c&d=e"),
            Map.entry("/a?token=s3&x=1", "/a?token=" + M + "&x=1"),
            Map.entry("/a?x=1&access_token=s3", "/a?x=1&access_token=" + M),
            Map.entry("/a?acc%65ss_tok%65n=s3", "/a?acc%65ss_tok%65n=" + M),
            Map.entry("/cb#id_token=s3&state=1", "/cb#id_token=" + M + "&state=1"),
            Map.entry("/cb?code=s3&barcode=7", "/cb?code=" + M + "&barcode=7"),
            Map.entry("/a;jsessionid=s3?x=1", "/a;jsessionid=" + M + "?x=1"),
            Map.entry("http://u:p@host/x", "http://" + M + "@host/x"),
            Map.entry("/mail/a@b.example", "/mail/a@b.example"),
            Map.entry("/a?%=1", "/a?%=1"),
            Map.entry("/", "/"));
        table.forEach((address, shown) -> assertEquals(address, shown, Redaction.address(address)));
    }

    @Test
    public void fieldsWithAddressesToo() {
        assertEquals(Fields.of("Referer", "http://demo/?key=" + M, "location", "/done?password=" + M),
            Redaction.fields(Fields.of("Referer", "http://demo/?key=abc", "location", "/done?password=x")));
    }
}
