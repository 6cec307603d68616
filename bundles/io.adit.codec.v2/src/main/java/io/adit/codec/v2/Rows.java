package io.adit.codec.v2;

/**
 * The dictionary of version 2, row by row (PROTOCOL section 13). <b>Frozen</b>: a row that is changed, moved or added makes another
 * codec version, as both sides must have the same rows.
 *
 * <p>{@code Name} alone: the value follows. {@code Name: value}: both. {@code Name = source}: the value is made from the head itself
 * ({@link Source}). The first 120 rows take one byte on the wire, the others two, so the common ones come first.
 */
final class Rows {

    private Rows() {
    }

    static final String TEXT = """
            Host = authority
            Via: 1.1 adit
            Via: 2.0 adit
            Forwarded = forwarded
            X-Forwarded-For = client
            X-Forwarded-Proto: https
            X-Forwarded-Proto: http
            X-Forwarded-Host = authority
            X-Forwarded-Port: 443
            X-Forwarded-Port: 80
            X-Forwarded-Port
            User-Agent
            Accept
            Accept: */*
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7
            Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8
            Accept: text/css,*/*;q=0.1
            Accept: application/json
            Accept: application/json, text/plain, */*
            Accept-Encoding
            Accept-Encoding: gzip, deflate, br, zstd
            Accept-Encoding: gzip, deflate, br
            Accept-Encoding: gzip, deflate
            Accept-Encoding: gzip
            Accept-Language
            Accept-Language: en-US,en;q=0.9
            Accept-Language: en-US,en;q=0.5
            Cookie
            Referer
            Origin
            Authorization
            Upgrade-Insecure-Requests: 1
            Sec-Fetch-Site: same-origin
            Sec-Fetch-Site: none
            Sec-Fetch-Site: same-site
            Sec-Fetch-Site: cross-site
            Sec-Fetch-Mode: navigate
            Sec-Fetch-Mode: no-cors
            Sec-Fetch-Mode: cors
            Sec-Fetch-Dest: document
            Sec-Fetch-Dest: empty
            Sec-Fetch-Dest: image
            Sec-Fetch-Dest: script
            Sec-Fetch-Dest: style
            Sec-Fetch-Dest: font
            Sec-Fetch-User: ?1
            sec-ch-ua
            sec-ch-ua-mobile: ?0
            sec-ch-ua-mobile: ?1
            sec-ch-ua-platform: "Windows"
            sec-ch-ua-platform: "macOS"
            sec-ch-ua-platform: "Linux"
            sec-ch-ua-platform: "Android"
            Priority
            Priority: u=0, i
            Priority: u=1, i
            If-None-Match
            If-Modified-Since
            Range
            Content-Length = length
            Content-Type
            Content-Type: application/json
            Content-Type: application/json; charset=utf-8
            Content-Type: text/html; charset=utf-8
            Content-Type: text/html; charset=UTF-8
            Content-Type: text/html
            Content-Type: text/css
            Content-Type: text/javascript
            Content-Type: application/javascript
            Content-Type: image/png
            Content-Type: image/jpeg
            Content-Type: image/webp
            Content-Type: image/svg+xml
            Content-Type: font/woff2
            Content-Type: text/plain
            Content-Type: text/plain; charset=utf-8
            Content-Type: application/octet-stream
            Content-Type: application/x-www-form-urlencoded
            Date
            Server
            Server: nginx
            Server: Apache
            Last-Modified
            ETag
            Expires
            Cache-Control
            Cache-Control: no-cache
            Cache-Control: no-store
            Cache-Control: max-age=0
            Cache-Control: private
            Cache-Control: public, max-age=31536000, immutable
            Cache-Control: max-age=31536000
            Vary
            Vary: Accept-Encoding
            Vary: Origin
            Accept-Ranges: bytes
            Content-Encoding: gzip
            Content-Encoding: br
            Content-Encoding: zstd
            Set-Cookie
            Location
            Age
            Content-Range
            X-Content-Type-Options: nosniff
            X-Frame-Options: SAMEORIGIN
            X-Frame-Options: DENY
            Referrer-Policy: strict-origin-when-cross-origin
            Referrer-Policy: no-referrer
            Strict-Transport-Security
            Strict-Transport-Security: max-age=31536000; includeSubDomains
            Content-Security-Policy
            Access-Control-Allow-Origin
            Access-Control-Allow-Origin: *
            Access-Control-Allow-Credentials: true
            Link
            X-Request-Id
            X-Requested-With: XMLHttpRequest
            Pragma: no-cache
            Host
            Via
            Via: 3.0 adit
            Via: 1.0 adit
            Forwarded
            X-Forwarded-For
            X-Forwarded-Proto
            X-Forwarded-Host
            Upgrade-Insecure-Requests
            Sec-Fetch-Site
            Sec-Fetch-Mode
            Sec-Fetch-Mode: same-origin
            Sec-Fetch-Mode: websocket
            Sec-Fetch-Dest
            Sec-Fetch-Dest: iframe
            Sec-Fetch-Dest: video
            Sec-Fetch-Dest: audio
            Sec-Fetch-Dest: manifest
            Sec-Fetch-Dest: worker
            Sec-Fetch-User
            sec-ch-ua-mobile
            sec-ch-ua-platform
            sec-ch-ua-platform: "iOS"
            Priority: u=0
            Priority: u=1
            Priority: u=2
            Priority: u=2, i
            Priority: u=3, i
            Priority: u=4, i
            Priority: u=5, i
            Priority: i
            Content-Length
            Accept: text/event-stream
            Accept: image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5
            Accept-Encoding: identity
            Accept-Encoding: identity;q=1, *;q=0
            Accept-Language: *
            Accept-Charset
            DNT
            DNT: 1
            Sec-GPC
            Sec-GPC: 1
            Sec-Purpose
            Sec-Purpose: prefetch
            Save-Data
            Save-Data: on
            X-Requested-With
            X-CSRF-Token
            X-Api-Key
            X-Real-IP
            X-Correlation-Id
            Idempotency-Key
            traceparent
            tracestate
            If-Match
            If-Range
            If-Unmodified-Since
            Max-Forwards
            Expect
            Expect: 100-continue
            TE
            TE: trailers
            Trailer
            Pragma
            Last-Event-ID
            Access-Control-Request-Method
            Access-Control-Request-Headers
            Sec-WebSocket-Key
            Sec-WebSocket-Version
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Extensions
            Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits
            Sec-WebSocket-Protocol
            Sec-WebSocket-Accept
            Depth
            Depth: 0
            Depth: 1
            Destination
            Overwrite
            If
            Lock-Token
            Timeout
            DAV
            Git-Protocol
            Content-Type: application/xml
            Content-Type: text/xml; charset=utf-8
            Content-Type: text/plain;charset=UTF-8
            Content-Type: text/event-stream
            Content-Type: application/pdf
            Content-Type: application/wasm
            Content-Type: application/grpc
            Content-Type: text/css; charset=utf-8
            Content-Type: text/javascript; charset=utf-8
            Content-Type: application/javascript; charset=utf-8
            Content-Type: image/gif
            Content-Type: image/avif
            Content-Type: image/x-icon
            Content-Type: video/mp4
            Content-Type: audio/mpeg
            Content-Encoding
            Content-Language
            Content-Disposition
            Content-Location
            Expires: 0
            Expires: -1
            Cache-Control: no-cache, no-store, must-revalidate
            Cache-Control: max-age=0, must-revalidate
            Cache-Control: public, max-age=0
            Cache-Control: public, max-age=31536000
            Cache-Control: max-age=3600
            Cache-Control: max-age=86400
            Vary: Accept-Encoding, Origin
            Vary: Accept
            Accept-Ranges
            X-Content-Type-Options
            X-Frame-Options
            X-XSS-Protection
            X-XSS-Protection: 0
            X-XSS-Protection: 1; mode=block
            X-Powered-By
            X-Cache
            Referrer-Policy
            Permissions-Policy
            Strict-Transport-Security: max-age=31536000
            Cross-Origin-Opener-Policy
            Cross-Origin-Resource-Policy
            Access-Control-Allow-Credentials
            Access-Control-Allow-Methods
            Access-Control-Allow-Headers
            Access-Control-Expose-Headers
            Access-Control-Max-Age
            Allow
            Retry-After
            WWW-Authenticate
            Alt-Svc
            Server-Timing
            """;
}
