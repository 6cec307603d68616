import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Opens a page in a Chromium that listens for DevTools, and prints the milliseconds from the beginning of the navigation to its first rows, as the page
 * itself counts them ({@code data-ready}); so often, each time in a new tab, which is
 * closed then unless there is a fourth argument. Arguments: the port of DevTools, the page, how often.
 */
public final class FirstRows {

    private static final Pattern SOCKET = Pattern.compile("\"webSocketDebuggerUrl\": \"([^\"]+)\"");
    private static final Pattern VALUE = Pattern.compile("\"value\":\"(\\d+)\"");
    private static final long PATIENCE_SECONDS = 60;
    private static final String ASK = "{\"id\":1,\"method\":\"Runtime.evaluate\",\"params\":{\"expression\":"
            + "\"String(document.querySelector('[data-ready]')?.dataset.ready)\",\"returnByValue\":true}}";

    private FirstRows() {
    }

    public static void main(String[] arguments) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            HttpRequest tab = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + arguments[0] + "/json/new?" + URLEncoder.encode(arguments[1], StandardCharsets.UTF_8)))
                    .PUT(BodyPublishers.noBody()).build();
            Matcher socket = SOCKET.matcher(client.send(tab, BodyHandlers.ofString()).body());
            if (!socket.find()) {
                throw new IOException("no tab");
            }
            System.out.println("rows " + ready(client, URI.create(socket.group(1)), arguments.length > 3));
        }
        System.out.println("done");
    }

    private static long ready(HttpClient client, URI tab, boolean stays) throws Exception {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        WebSocket socket = client.newWebSocketBuilder().buildAsync(tab, new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                answers.add(text.toString());
                return WebSocket.Listener.super.onText(from, text, last);
            }
        }).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end) {
            socket.sendText(ASK, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            Matcher value = VALUE.matcher(String.valueOf(answer));
            if (value.find()) {
                if (!stays) {
                    socket.sendText("{\"id\":2,\"method\":\"Page.close\"}", true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                }
                return Long.parseLong(value.group(1));
            }
            TimeUnit.MILLISECONDS.sleep(100); // the page counts, not this
        }
        throw new IOException("no rows in time");
    }
}
