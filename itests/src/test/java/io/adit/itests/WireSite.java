package io.adit.itests;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.junit.rules.ExternalResource;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/** The rule of a class: the {@link SharedSite}, a raw browser in front and a recording origin behind. */
final class WireSite extends ExternalResource {

    private final String[] settings;
    private Class<?> test;
    private RecordingOrigin origin;
    private Site site;
    private int fences;

    /** @param settings of the proxy and of the peer, as {@code --set} has them */
    WireSite(String... settings) {
        this.settings = settings;
    }

    @Override
    public Statement apply(Statement base, Description description) {
        test = description.getTestClass();
        return super.apply(base, description);
    }

    @Override
    protected void before() throws Exception {
        origin = new RecordingOrigin();
        site = Site.sharedBefore(origin.url(), test, settings);
    }

    @Override
    protected void after() {
        try (RecordingOrigin behind = origin) {
            site.stop();
        } catch (Exception e) {
            throw new AssertionError("the site does not end as it should", e);
        }
    }

    RecordingOrigin origin() {
        return origin;
    }

    /** demo.localhost and the port. */
    String host() {
        return site.web().host();
    }

    int port() {
        return site.web().port();
    }

    Wire open() throws Exception {
        return new Wire(port());
    }

    /** The fields that are the proxy's, at the end of each head. */
    String ours() {
        return ours("1.1", host());
    }

    String ours(String version, String authority) {
        int colon = authority.lastIndexOf(':');
        return "Via: " + version + " adit\r\nForwarded: for=127.0.0.1;host=\"" + authority + "\";proto=http\r\nX-Forwarded-For: 127.0.0.1\r\n"
            + "X-Forwarded-Proto: http\r\nX-Forwarded-Host: " + authority + "\r\nX-Forwarded-Port: " + (colon < 0 ? "80" : authority.substring(colon + 1))
            + "\r\n";
    }

    /** Sends a request on a connection of its own; it must be answered by the origin. @return what the origin got */
    RecordingOrigin.Seen pass(String request) throws Exception {
        origin.forget();
        try (Wire wire = open()) {
            wire.send(request);
            Wire.Reply reply = wire.read();
            assertEquals(reply.line() + " " + reply.body(), 200, reply.status());
            assertEquals("ok", reply.body());
            return origin.next();
        }
    }

    /** The status and how the connection goes on. Nothing may have reached the origin. */
    String refusal(String request) throws Exception {
        return kept(wire -> {
            wire.sendAsFarAsItIsTaken(request);
            Wire.Reply reply = wire.read();
            return reply.status() + (wire.ends() ? " closed" : " open");
        });
    }

    /** The status of a refusal after which the connection may go on or not. Nothing may have reached the origin. */
    String refusedStatus(String request) throws Exception {
        return kept(wire -> Integer.toString(wire.sendAsFarAsItIsTaken(request).read().status()));
    }

    private interface Talk {
        String with(Wire wire) throws IOException;
    }

    private String kept(Talk talk) throws Exception {
        int before = origin.targets().size();
        String result;
        try (Wire wire = open()) {
            result = talk.with(wire);
        }
        // what was let through would come before this, or beside it
        String fence = "/fence-" + ++fences;
        RecordingOrigin.Seen next = pass("GET " + fence + " HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
        List<String> more = origin.targets().subList(before, origin.targets().size());
        return next.target().equals(fence) && more.equals(List.of(fence)) ? result : result + " BUT THE ORIGIN GOT " + more;
    }

    /** Collects what is wrong, row by row, so that one bad row does not hide the others. */
    static final class Table {

        private final List<String> wrong = new ArrayList<>();

        void row(String name, Object expected, Callable<?> actual) {
            String got;
            try {
                got = String.valueOf(actual.call());
            } catch (Exception | AssertionError e) {
                got = e.toString();
            }
            if (!got.equals(String.valueOf(expected))) {
                wrong.add(show(name) + "\n  expected " + show(String.valueOf(expected)) + "\n  but was  " + show(got));
            }
        }

        void check() {
            if (!wrong.isEmpty()) {
                throw new AssertionError(wrong.size() + " wrong\n" + String.join("\n", wrong));
            }
        }

        private static String show(String text) {
            StringBuilder shown = new StringBuilder();
            for (char c : (text.length() > 1500 ? text.substring(0, 1500) + "..." : text).toCharArray()) {
                shown.append(c == '\r' ? "\\r" : c == '\n' ? "\\n" : c < ' ' || c > '~' ? String.format("\\x%02x", (int) c) : "" + c);
            }
            return shown.toString();
        }
    }
}
