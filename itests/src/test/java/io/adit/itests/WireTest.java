package io.adit.itests;

import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.rules.ErrorCollector;
import org.junit.rules.TestRule;
import org.junit.runners.model.Statement;

/** What the tests of exact bytes share: a browser, the two containers as they ship, which others use too, and an origin that says what the test tells it to. */
public abstract class WireTest {

    static final String DATE = "Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n";
    /** The answer that shows that both connections are still in order. */
    static final String PROBE = "HTTP/1.1 200 Probe\r\n" + DATE + "Content-Length: 5\r\n\r\nprobe";

    static Site site;
    static ScriptedOrigin origin;

    @ClassRule
    public static final TestRule CONTAINERS = (base, description) -> new Statement() {
        @Override
        public void evaluate() throws Throwable {
            try (ScriptedOrigin scripted = ScriptedOrigin.start(); Site shared = Site.sharedBefore(scripted.url(), description.getTestClass())) {
                origin = scripted;
                site = shared;
                base.evaluate();
            }
        }
    };

    /** All cases of a table run, also after one has failed. */
    @Rule
    public final ErrorCollector failures = new ErrorCollector();

    private WireBrowser wire;

    @Before
    public void open() throws Exception {
        origin.answer("/probe", PROBE);
    }

    @After
    public void shut() throws Exception {
        if (wire != null) {
            wire.close();
        }
    }

    /** A new connection, which ends with the next or with the test. */
    WireBrowser wire() throws Exception {
        shut();
        wire = new WireBrowser(site.web());
        return wire;
    }

    interface Case {
        void run() throws Exception;
    }

    void inCase(String name, Case body) {
        failures.checkSucceeds(() -> {
            try {
                body.run();
            } catch (Exception | AssertionError e) {
                throw new AssertionError(name + ": " + e.getMessage(), e);
            }
            return null;
        });
    }

    /** The connection is in order: neither too little nor too much was sent before. */
    void probe(WireBrowser on) throws Exception {
        on.ask("GET /probe");
        on.expect(PROBE);
    }
}
