package io.adit.codec.v2;

import java.util.LinkedHashMap;
import java.util.Map;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;

/** Heads as browsers, programs and servers send them, with what the proxy adds to a request: what versions are compared by. */
final class TypicalHeads {

    static final Map<String, Packet> ALL = new LinkedHashMap<>();

    private static final String AUTHORITY = "demo.tunnel.example.org";
    private static final String CLIENT = "203.0.113.77";

    static {
        ALL.put("a browser's page request", request("GET", "HTTP/2.0", "/products/list?page=2&sort=price", -1, 
                "sec-ch-ua", "\"Chromium\";v=\"130\", \"Google Chrome\";v=\"130\", \"Not?A_Brand\";v=\"99\"",
                "sec-ch-ua-mobile", "?0",
                "sec-ch-ua-platform", "\"Windows\"",
                "upgrade-insecure-requests", "1",
                "user-agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
                "accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
                        + "application/signed-exchange;v=b3;q=0.7",
                "sec-fetch-site", "same-origin",
                "sec-fetch-mode", "navigate",
                "sec-fetch-user", "?1",
                "sec-fetch-dest", "document",
                "referer", "https://" + AUTHORITY + "/products/",
                "accept-encoding", "gzip, deflate, br, zstd",
                "accept-language", "en-GB,en;q=0.9,de;q=0.8",
                "cookie", "session=9b2f6a0c4f3e4f6fb0a1f4d0c6c7a8d1; theme=dark",
                "priority", "u=0, i"));
        ALL.put("an image request", request("GET", "HTTP/2.0", "/static/img/logo-5f3a9c.png", -1, 
                "sec-ch-ua-platform", "\"Windows\"",
                "user-agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
                "sec-ch-ua", "\"Chromium\";v=\"130\", \"Google Chrome\";v=\"130\", \"Not?A_Brand\";v=\"99\"",
                "sec-ch-ua-mobile", "?0",
                "accept", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
                "sec-fetch-site", "same-origin",
                "sec-fetch-mode", "no-cors",
                "sec-fetch-dest", "image",
                "referer", "https://" + AUTHORITY + "/products/list?page=2&sort=price",
                "accept-encoding", "gzip, deflate, br, zstd",
                "accept-language", "en-GB,en;q=0.9,de;q=0.8",
                "if-none-match", "\"5f3a9c-1b2e\"",
                "priority", "u=2, i"));
        ALL.put("an API call", request("POST", "HTTP/1.1", "/api/v1/orders", 83, 
                "Host", AUTHORITY,
                "User-Agent", "python-requests/2.32.3",
                "Accept-Encoding", "gzip, deflate",
                "Accept", "*/*",
                "Authorization", "Bearer 6f1d0a4be2d94a0fb7e0a3d5c1f29e88",
                "Content-Type", "application/json",
                "Content-Length", "83"));
        ALL.put("an image response", new ResponseHead(200, "OK", Fields.of(
                "Server", "nginx",
                "Date", "Mon, 23 Nov 2026 10:11:12 GMT",
                "Content-Type", "image/png",
                "Content-Length", "48231",
                "Last-Modified", "Tue, 03 Nov 2026 08:00:00 GMT",
                "ETag", "\"6728d2a0-bc67\"",
                "Cache-Control", "public, max-age=31536000, immutable",
                "Accept-Ranges", "bytes"), "", 48231));
        ALL.put("a small JSON response", new ResponseHead(200, "OK", Fields.of(
                "X-Powered-By", "Express",
                "Access-Control-Allow-Origin", "*",
                "Content-Type", "application/json; charset=utf-8",
                "Content-Length", "142",
                "ETag", "W/\"8e-fzX2Nq0Oa9RrCqvGmQyQXJ9n0rI\"",
                "Vary", "Accept-Encoding",
                "Date", "Mon, 23 Nov 2026 10:11:12 GMT"), "", 142));
        ALL.put("\"not modified\"", new ResponseHead(304, "Not Modified", Fields.of(
                "Server", "nginx",
                "Date", "Mon, 23 Nov 2026 10:11:12 GMT",
                "Last-Modified", "Tue, 03 Nov 2026 08:00:00 GMT",
                "ETag", "\"6728d2a0-bc67\""), "", -1));
    }

    private TypicalHeads() {
    }

    private static RequestHead request(String method, String protocol, String target, long length, String... fields) {
        Fields.Builder all = Fields.builder();
        Fields sent = Fields.of(fields);
        if (!sent.contains("host")) {
            all.add("Host", AUTHORITY);
        }
        all.addAll(sent);
        all.add("Via", protocol.substring(5) + " adit");
        all.add("Forwarded", "for=" + CLIENT + ";host=\"" + AUTHORITY + "\";proto=https");
        all.add("X-Forwarded-For", CLIENT);
        all.add("X-Forwarded-Proto", "https");
        all.add("X-Forwarded-Host", AUTHORITY);
        all.add("X-Forwarded-Port", "443");
        return new RequestHead(method, "https", AUTHORITY, target, protocol, all.build(), CLIENT + ":51422", "", length);
    }
}
