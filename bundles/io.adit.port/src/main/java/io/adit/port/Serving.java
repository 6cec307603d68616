package io.adit.port;

import java.time.Duration;

import io.adit.jetty.LastingConnector;

/**
 * A connector while this bundle serves it. At the end new connections, and old ones between two requests, are kept for whoever comes next;
 * a request under way ends here first, however long it takes, and what is no HTTP/1 connection does not notice.
 *
 * @param longest how long they are kept
 */
record Serving(LastingConnector connector, StrictConnectionFactory http1, Duration longest) implements AutoCloseable {

    @Override
    public void close() {
        connector.hold(longest);
        http1.close();
    }
}
