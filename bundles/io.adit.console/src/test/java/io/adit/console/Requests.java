package io.adit.console;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

import io.adit.api.ErrorCode;
import io.adit.api.RequestListener.Begin;
import io.adit.api.RequestListener.Course;
import io.adit.api.RequestListener.End;
import io.adit.api.RequestListener.How;
import io.adit.api.RequestListener.Side;
import io.adit.api.RequestListener.Timing;
import io.adit.api.packet.Fields;

/** Requests to tell a listener of. */
final class Requests {

    static final Instant AT = Instant.parse("2026-01-02T03:04:05.006Z");

    private Requests() {
    }

    static Begin begin(String peer, String method, String target, String... fields) {
        return new Begin(Side.PROXY, AT, peer, "192.0.2.1:5", "192.0.2.1", "http", "demo.localhost:8080", method, target, "HTTP/1.1", Fields.of(fields));
    }

    static End end(How how, int status, ErrorCode code, String error, long in, long out) {
        return new End(how, status, code, error, "s1", 2, "", in, out, new Timing(1_000_000, 2_000_000, 10_000_000, 12_000_000));
    }

    static End answered(int status) {
        return end(How.ANSWERED, status, ErrorCode.NONE, "", 0, 2);
    }

    static void body(Course course, String text) {
        course.requestBody(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer());
    }
}
