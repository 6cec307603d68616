package io.adit.acme;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Against a server that says what the test wants, and then nothing. */
public class BoundedClientTest {

    private ServerSocket server;
    private final CountDownLatch over = new CountDownLatch(1);

    @Before
    public void start() throws Exception {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @After
    public void stop() throws Exception {
        over.countDown();
        server.close();
    }

    @Test
    public void aWholeAnswerIsRead() throws Exception {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        assertEquals("hello", new String(get(Duration.ofSeconds(30)).body().readAllBytes(), StandardCharsets.US_ASCII));
    }

    @Test
    public void aBodyThatDoesNotEndIsATimeOut() {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
        assertThrows(HttpTimeoutException.class, () -> get(Duration.ofMillis(300)));
    }

    @Test
    public void silenceIsATimeOut() {
        answer("");
        assertThrows(HttpTimeoutException.class, () -> get(Duration.ofMillis(300)));
    }

    @Test
    public void aHugeBodyIsRefused() {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n" + "x".repeat(1_048_577));
        assertEquals("the answer is larger than 1048576 bytes", root(assertThrows(IOException.class, () -> get(Duration.ofSeconds(30)))).getMessage());
    }

    @Test
    public void aBrokenAnswerIsAFailure() {
        answer("SSH-2.0-what\r\n");
        assertThrows(IOException.class, () -> get(Duration.ofSeconds(30)));
    }

    private static Throwable root(Throwable failure) {
        return failure.getCause() == null ? failure : root(failure.getCause());
    }

    private HttpResponse<InputStream> get(Duration timeout) throws Exception {
        HttpClient client = new BoundedClient(HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build(), timeout);
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/")).build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private void answer(String text) {
        Thread thread = new Thread(() -> {
            try (Socket socket = server.accept(); OutputStream out = socket.getOutputStream()) {
                out.write(text.getBytes(StandardCharsets.US_ASCII));
                out.flush();
                over.await(60, TimeUnit.SECONDS);
            } catch (IOException | InterruptedException e) {
                over.countDown(); // the client went away, as it should
            }
        }, "acme-server");
        thread.setDaemon(true);
        thread.start();
    }
}
