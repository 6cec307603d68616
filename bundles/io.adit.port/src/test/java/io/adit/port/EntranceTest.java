package io.adit.port;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.adit.jetty.Entrance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.Callback;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Put into a server that runs, with handlers as those of Felix HTTP. */
public class EntranceTest {

    private static final int TIMEOUT_MILLIS = 60_000;

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final Slow slow = new Slow();
    private final ContextHandler context = new ContextHandler(slow, "/");

    @Before
    public void start() throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new ContextHandlerCollection(context));
        server.start();
    }

    @After
    public void stop() throws Exception {
        slow.go.countDown();
        server.stop();
    }

    private CompletableFuture<HttpResponse<String>> ask(String path) {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).proxy(HttpClient.Builder.NO_PROXY).build();
        return client.sendAsync(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connector.getLocalPort() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    public void whoeverIsOnTheWayIsWaitedForAndWhoeverComesLaterIsNot() throws Exception {
        Entrance entrance = Entrance.of(server).orElseThrow();
        assertTrue("nobody is on the way", entrance.get().toCompletableFuture().isDone());
        CompletableFuture<HttpResponse<String>> first = ask("/slow");
        assertTrue(slow.came.tryAcquire(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
        CompletableFuture<Void> arrived = entrance.get().toCompletableFuture();
        assertFalse(arrived.isDone());
        assertTrue("those that come now are others", entrance.get().toCompletableFuture().isDone());
        assertEquals(200, ask("/").get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).statusCode());
        assertFalse(arrived.isDone());
        slow.go.countDown();
        assertEquals(200, first.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).statusCode());
        arrived.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Test
    public void whatFailsHasArrivedToo() throws Exception {
        Entrance entrance = Entrance.of(server).orElseThrow();
        assertEquals(500, ask("/fails").get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS).statusCode());
        entrance.get().toCompletableFuture().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Test
    public void theContextRunsOnAndStopsWithTheServer() throws Exception {
        Entrance entrance = Entrance.of(server).orElseThrow();
        assertSame("one for a server", entrance, Entrance.of(server).orElseThrow());
        assertEquals("not even for a moment", 0, slow.stops);
        server.stop();
        assertEquals(1, slow.stops);
        assertFalse(context.isRunning());
    }

    @Test
    public void aServerWithOtherHandlersHasNone() throws Exception {
        Server other = new Server();
        other.setHandler(new Slow());
        assertTrue(Entrance.of(other).isEmpty());
    }

    private static final class Slow extends Handler.Abstract {

        private final Semaphore came = new Semaphore(0);
        private final CountDownLatch go = new CountDownLatch(1);
        private int stops;

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            switch (request.getHttpURI().getPath()) {
                case "/slow" -> {
                    came.release();
                    assertTrue(go.await(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
                }
                case "/fails" -> throw new IllegalStateException("as expected");
                default -> { }
            }
            callback.succeeded();
            return true;
        }

        @Override
        protected void doStop() throws Exception {
            stops++;
            super.doStop();
        }
    }
}
