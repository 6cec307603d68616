package io.adit.itests;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The web server of {@code browser.html}: the page itself, server-sent events, a WebSocket, and a place to upload to and to download from. A
 * thread and a request a connection.
 */
final class PageOrigin implements AutoCloseable {

    static final int DOWNLOAD_BYTES = 8 << 20;
    static final int EVENTS = 6;

    private static final int EVENTS_A_CONNECTION = 3;

    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<String> socketVias = new CopyOnWriteArrayList<>();
    /** A permit for each event that the page said it has seen. */
    private final Semaphore seen = new Semaphore(0);

    private PageOrigin(ServerSocket server) {
        this.server = server;
    }

    static PageOrigin start() throws IOException {
        PageOrigin origin = new PageOrigin(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        thread(origin::accept, "page-origin-accept");
        return origin;
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** What went wrong here, for a test that failed. */
    List<String> failures() {
        return failures;
    }

    /** What the requests for a WebSocket said in Via, which tells the version of HTTP that the browser used. */
    List<String> socketVias() {
        return socketVias;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                thread(() -> serve(socket), "page-origin");
            } catch (IOException e) {
                if (!server.isClosed()) {
                    failures.add("accept: " + e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        String request = "";
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            HttpHead head = HttpHead.read(in);
            if (head != null) {
                request = head.first();
                answer(head, in, socket.getOutputStream());
            }
        } catch (IOException e) {
            // Browsers open connections in advance, and drop them.
            if (!server.isClosed() && !request.isEmpty()) {
                failures.add(request + ": " + e);
            }
        } finally {
            sockets.remove(socket);
        }
    }

    private void answer(HttpHead head, DataInputStream in, OutputStream out) throws IOException {
        Map<String, String> fields = head.fields();
        switch (head.first().split(" ")[1]) {
            case "/" -> {
                try (InputStream page = PageOrigin.class.getResourceAsStream("browser.html")) {
                    body(out, "text/html; charset=utf-8", page.readAllBytes());
                }
            }
            case "/events" -> events(fields.getOrDefault("last-event-id", "0"), out);
            case "/seen" -> {
                seen.release();
                body(out, "text/plain", new byte[0]);
            }
            case "/socket" -> {
                socketVias.add(fields.getOrDefault("via", ""));
                out.write(ascii(WebSocketEcho.accept(fields.get("sec-websocket-key"), fields.get("sec-websocket-protocol"))));
                WebSocketEcho.serve(in, out);
            }
            case "/upload" -> body(out, "text/plain", ascii(Pattern.sha256(head.body(in))));
            case "/download" -> {
                out.write(ascii("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: " + DOWNLOAD_BYTES
                    + "\r\nConnection: close\r\n\r\n"));
                new Pattern(DOWNLOAD_BYTES).transferTo(out);
            }
            default -> out.write(ascii("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        }
    }

    /** Each event only after the page has seen the one before; the stream ends in between, and the browser comes back for the rest. */
    private void events(String lastId, OutputStream out) throws IOException {
        out.write(ascii("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\nretry: 10\n\n"));
        int first = Integer.parseInt(lastId) + 1;
        for (int id = first; id < first + EVENTS_A_CONNECTION; id++) {
            out.write(ascii("id: " + id + "\ndata: number " + id + "\n\n"));
            out.flush();
            try {
                if (!seen.tryAcquire(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IOException("the page did not see event " + id);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }

    private static void body(OutputStream out, String type, byte[] body) throws IOException {
        out.write(ascii("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length + "\r\nConnection: close\r\n\r\n"));
        out.write(body);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
