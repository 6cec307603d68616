package io.adit.metrics;

import java.time.Instant;

import io.adit.api.ErrorCode;
import io.adit.api.RequestListener.Begin;
import io.adit.api.RequestListener.Course;
import io.adit.api.RequestListener.End;
import io.adit.api.RequestListener.How;
import io.adit.api.RequestListener.Side;
import io.adit.api.RequestListener.Timing;
import io.adit.api.packet.Fields;

/** Requests to be told of. */
final class Told {

    private Told() {
    }

    static Begin begin(Side side, String peer, String method) {
        return new Begin(side, Instant.EPOCH, peer, "192.0.2.1:5", "192.0.2.1", "http", "demo.localhost", method, "/", "HTTP/1.1", Fields.EMPTY);
    }

    /** It took 1 ms until a stream was open, and 3 ms until the head was here. */
    static End end(How how, int status, ErrorCode code, String error, long millis) {
        return new End(how, status, code, error, "s1", 2, "", 10, 100, new Timing(1_000_000, 2_000_000, status == 0 ? -1 : 3_000_000, millis * 1_000_000));
    }

    static void answered(Requests requests, Side side, String peer, String method, int status, long millis) {
        Course course = requests.begin(begin(side, peer, method));
        course.end(end(How.ANSWERED, status, ErrorCode.NONE, "", millis));
    }
}
