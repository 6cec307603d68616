package io.adit.itests;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.felix.utils.json.JSONParser;

/** Chromium without a window, with one tab, told what to do over its DevTools protocol. Not thread-safe. */
final class DevTools implements AutoCloseable {

    /** The program's name, for {@link Program#assumeInstalled}. */
    static final String PROGRAM = "chromium";

    /** The same engine with no browser around it, which starts in a fifth of the processor's time. It has no settings, so no name server of its own. */
    private static final String SHELL = "chromium-headless-shell";

    private static final Pattern ADDRESS = Pattern.compile("DevTools listening on ws://([0-9.:]+)/");
    private static final Pattern TAB = Pattern.compile("\"webSocketDebuggerUrl\": \"(ws://[^\"]*/page/[^\"]*)\"");
    private static final Pattern ID = Pattern.compile("^\\{\"id\":(\\d+),");
    /** What a page should not give rise to: exceptions, and what the browser or a script calls an error or a warning. */
    private static final Pattern PROBLEM = Pattern.compile("^\\{\"method\":\"(?:Runtime\\.exceptionThrown\"|Runtime\\.consoleAPICalled\",\"params\":\\{\"type\":\"(?:error|"
        + "warning|assert)\"|Log\\.entryAdded\",\"params\":\\{\"entry\":\\{\"source\":\"[a-z]+\",\"level\":\"(?:error|warning)\")");
    private static final Pattern STRING = Pattern.compile("\"(?:value|data)\":\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"");

    private final Program browser;
    private final Map<Integer, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private WebSocket socket;

    private DevTools(Program browser) {
        this.browser = browser;
    }

    /** @param folder where the browser keeps its profile */
    static DevTools start(Path folder) throws Exception {
        return start(Program.find(SHELL).isPresent() ? SHELL : PROGRAM, folder, "");
    }

    /**
     * One that asks nobody else for addresses than a name server behind HTTPS (RFC 8484).
     *
     * @param nameServer its URI template
     */
    static DevTools asking(String nameServer, Path folder) throws Exception {
        return start(PROGRAM, folder, "{\"dns_over_https\":{\"mode\":\"secure\",\"templates\":\"" + nameServer + "\"}}");
    }

    /** @param state what the browser finds as its settings; empty: none */
    private static DevTools start(String program, Path folder, String state) throws Exception {
        Path profile = Files.createDirectories(folder.resolve("profile"));
        if (!state.isEmpty()) {
            Files.writeString(profile.resolve("Local State"), state);
        }
        DevTools tools = new DevTools(Program.start(folder, Map.of(), List.of(program, "--headless", "--no-sandbox", "--disable-gpu",
            "--disable-dev-shm-usage", "--ignore-certificate-errors", "--disable-background-networking", "--no-first-run", "--no-proxy-server",
            "--user-data-dir=" + profile, "--remote-debugging-port=0", "--window-size=800,600", "about:blank")));
        try {
            tools.connect();
            return tools;
        } catch (Throwable e) {
            try (tools) {
                throw e;
            }
        }
    }

    private void connect() throws Exception {
        String address = Await.value("the address of DevTools", () -> {
            if (!browser.isAlive()) {
                throw new AssertionError("ended: " + browser);
            }
            return found(ADDRESS, browser.err());
        });
        HttpClient client = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
        HttpRequest list = HttpRequest.newBuilder(URI.create("http://" + address + "/json/list")).timeout(Await.DEADLINE).build();
        String tab = Await.value("a tab", () -> found(TAB, client.send(list, HttpResponse.BodyHandlers.ofString()).body()));
        socket = client.newWebSocketBuilder().connectTimeout(Await.DEADLINE).buildAsync(URI.create(tab), new Answers())
            .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    /** @return the answer, which says at once when there is no such host */
    String open(String url) throws Exception {
        return call("Page.navigate", "{\"url\":\"" + url + "\"}");
    }

    /** The title of the page that is open. */
    String title() throws Exception {
        return text("document.title");
    }

    /**
     * @param expression in JavaScript, without double quotes and backslashes
     * @return its value as the page's program has it, or empty where that is no string
     */
    String text(String expression) throws Exception {
        return found(STRING, call("Runtime.evaluate", "{\"expression\":\"" + expression + "\"}")).orElse("");
    }

    /** The window of a desktop, or with {@code mobile} the screen of a phone, in CSS pixels. */
    void size(int width, int height, boolean mobile) throws Exception {
        call("Emulation.setDeviceMetricsOverride", "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":" + (mobile ? 2 : 1)
            + ",\"mobile\":" + mobile + "}");
    }

    /** Writes what a user would see to a PNG file. */
    void screenshot(Path file) throws Exception {
        String picture = found(STRING, call("Page.captureScreenshot", "{\"format\":\"png\"}")).orElseThrow();
        Files.write(file, Base64.getDecoder().decode(picture));
    }

    /** Logs in with each request to come, and from now on collects what goes wrong in pages. */
    void login(String user, String password) throws Exception {
        String login = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        for (String domain : List.of("Network", "Page", "Runtime", "Log")) {
            call(domain + ".enable", "{}");
        }
        call("Network.setExtraHTTPHeaders", "{\"headers\":{\"Authorization\":\"Basic " + login + "\"}}");
    }

    /** What went wrong in pages since the last time; empty when all is well. */
    List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        problems.removeAll(all);
        return all;
    }

    /** How wide the screen is, and whether the user likes it dark. */
    void look(int width, int height, boolean dark) throws Exception {
        call("Emulation.setEmulatedMedia", "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + (dark ? "dark" : "light") + "\"},"
            + "{\"name\":\"prefers-reduced-motion\",\"value\":\"reduce\"}]}");
        call("Emulation.setDeviceMetricsOverride", "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":" + (width < 600) + "}");
    }

    /** What the user speaks, for pages that are opened from now on. Felix's console remembers the first language in a cookie. */
    void language(String tag) throws Exception {
        call("Network.clearBrowserCookies", "{}");
        call("Emulation.setUserAgentOverride", "{\"userAgent\":\"" + evaluate("navigator.userAgent") + "\",\"acceptLanguage\":\"" + tag + "\"}");
    }

    /** As a user who lets the pages of that address copy. */
    void allowCopying(String origin) throws Exception {
        call("Emulation.setFocusEmulationEnabled", "{\"enabled\":true}"); // a page that nobody looks at may not
        String answer = call("Browser.grantPermissions", "{\"origin\":\"" + origin + "\",\"permissions\":[\"clipboardReadWrite\",\"clipboardSanitizedWrite\"]}");
        if (answer.contains("\"error\"")) {
            throw new AssertionError(answer);
        }
    }

    /** What an expression gives, as text; a promise is waited for. */
    String evaluate(String expression) throws Exception {
        String answer = call("Runtime.evaluate", "{\"awaitPromise\":true,\"returnByValue\":true,\"expression\":\""
            + ("(async () => String(" + expression + "))()").replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"}");
        Map<?, ?> result = (Map<?, ?>) new JSONParser(answer).getParsed().get("result");
        if (result == null) {
            return ""; // between two pages
        }
        if (result.containsKey("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer);
        }
        return (String) ((Map<?, ?>) result.get("result")).get("value");
    }

    /** Presses a key that has a name, as a user does. */
    void press(String key) throws Exception {
        int code = switch (key) {
            case "Enter" -> 13;
            case "Escape" -> 27;
            case "Tab" -> 9;
            case "ArrowDown" -> 40;
            default -> throw new IllegalArgumentException(key);
        };
        for (String type : List.of("rawKeyDown", "char", "keyUp")) {
            if (!type.equals("char") || key.equals("Enter")) {
                call("Input.dispatchKeyEvent", "{\"type\":\"" + type + "\",\"key\":\"" + key + "\",\"code\":\"" + key + "\",\"windowsVirtualKeyCode\":" + code
                    + (key.equals("Enter") ? ",\"text\":\"\\r\"" : "") + "}");
            }
        }
    }

    private String call(String method, String parameters) throws Exception {
        int id = lastId.incrementAndGet();
        CompletableFuture<String> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}", true)
            .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        return (String) CompletableFuture.anyOf(answer, closed).get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private static Optional<String> found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.abort();
        }
        browser.close();
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                String message = text.toString();
                text.setLength(0);
                if (PROBLEM.matcher(message).find()) {
                    problems.add(message);
                }
                // Without an id it is an event, of which none is waited for.
                found(ID, message).map(Integer::valueOf).map(answers::remove).ifPresent(answer -> answer.complete(message));
            }
            from.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.completeExceptionally(new IllegalStateException("the browser closed its DevTools: " + code + " " + reason));
            return null;
        }
    }
}
