package io.adit.itests;

import java.util.List;

import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.rules.ErrorCollector;
import org.junit.rules.ExternalResource;

/** What the tests of exact bytes share: a browser, the two containers as they ship, and an origin that says what the test tells it to. */
public abstract class WireTest {

    static final String DATE = "Date: Mon, 01 Jan 2024 00:00:00 GMT\r\n";
    /** The answer that shows that both connections are still in order. */
    static final String PROBE = "HTTP/1.1 200 Probe\r\n" + DATE + "Content-Length: 5\r\n\r\nprobe";

    static Site site;
    static ScriptedOrigin origin;

    private static Class<?> running;
    private static int users;

    /** Of a suite and of the classes in it: it starts with the first and ends with the last of them. */
    @ClassRule
    public static final ExternalResource CONTAINERS = new ExternalResource() {
        @Override
        public org.junit.runners.model.Statement apply(org.junit.runners.model.Statement base, org.junit.runner.Description description) {
            running = description.getTestClass();
            return super.apply(base, description);
        }

        @Override
        protected void before() throws Throwable {
            if (users == 0) {
                origin = ScriptedOrigin.start();
                site = Site.start(running.getSimpleName(), Adit.QUICK, List.of(), origin.url(), List.of()); // both are killed
            }
            users++;
        }

        @Override
        protected void after() {
            if (--users > 0) {
                return;
            }
            try (ScriptedOrigin silent = origin) {
                site.stop();
            } catch (Exception e) {
                throw new AssertionError("the site does not stop as it should", e);
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
