package io.adit.itests;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An origin on bare sockets, which keeps every byte of every request and answers as told. It believes nothing: a head ends at the first
 * empty line, and the body is as long as the head says. Thread-safe.
 */
final class RecordingOrigin implements AutoCloseable {

    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)\r\n");

    /**
     * One request.
     *
     * @param head with its empty line; a char a byte, as all texts here
     * @param body as it came, chunk sizes and trailers and all; as far as it came
     * @param complete whether the body came to its end
     */
    record Seen(String head, String body, boolean complete) {

        String target() {
            return head.split(" ", 3)[1];
        }
    }

    /** What to do with a request whose head was read. */
    interface Handler {
        void handle(Talk talk) throws IOException;
    }

    private final ServerSocket server;
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile Handler handler = Talk::ok;

    RecordingOrigin() throws IOException {
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        thread(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** From now on; null: reads the body and says OK. */
    void answer(Handler next) {
        handler = next == null ? Talk::ok : next;
    }

    /** The next request whose body came to its end, before it was answered, or that ended without. */
    Seen next() throws InterruptedException {
        Seen next = seen.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("the origin was asked nothing");
        }
        return next;
    }

    /** What was recorded until now and nobody asked for. */
    void forget() {
        seen.clear();
    }

    /** The targets of all requests of which at least the head came, from the start. */
    List<String> targets() {
        return List.copyOf(targets);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                thread(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed: that is how this thread ends
            seen.clear();
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String head = readHead(in); head != null; head = readHead(in)) {
                Talk talk = new Talk(socket, in, head, seen);
                targets.add(head.split(" ", 3)[1]);
                try {
                    handler.handle(talk);
                } finally {
                    talk.record();
                }
            }
        } catch (IOException e) {
            // the peer closed its connection; what came of the request was kept
            sockets.remove(socket);
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "recording-origin");
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

    /** A request whose head was read, while it is handled. */
    static final class Talk {

        private final Socket socket;
        private final InputStream in;
        private final String head;
        private final BlockingQueue<Seen> seen;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private boolean complete;
        private boolean recorded;

        private Talk(Socket socket, InputStream in, String head, BlockingQueue<Seen> seen) {
            this.socket = socket;
            this.in = in;
            this.head = head;
            this.seen = seen;
        }

        private void record() {
            if (!recorded) {
                recorded = true;
                seen.add(new Seen(head, body.toString(StandardCharsets.ISO_8859_1), complete));
            }
        }

        String head() {
            return head;
        }

        void write(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void ok() throws IOException {
            readBody();
            write(OK);
        }

        /** Whether a byte of the body is here already. */
        boolean hasBody() throws IOException {
            return in.available() > 0;
        }

        /** To the end that the head tells of. */
        void readBody() throws IOException {
            Matcher length = LENGTH.matcher(head);
            if (head.toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked\r\n")) {
                int size = -1;
                while (size != 0) {
                    size = Integer.parseInt(readLine(), 16);
                    keep(size);
                    if (size > 0) {
                        keep(2);
                    }
                }
                String trailer = readLine();
                while (!trailer.isEmpty()) {
                    trailer = readLine();
                }
            } else if (length.find()) {
                keep(Integer.parseInt(length.group(1)));
            }
            complete = true;
            // before the answer, after which the next request may come on another connection
            record();
        }

        private String readLine() throws IOException {
            StringBuilder line = new StringBuilder();
            while (line.length() < 2 || line.indexOf("\r\n", line.length() - 2) < 0) {
                line.append((char) keep());
            }
            return line.substring(0, line.length() - 2);
        }

        private void keep(int bytes) throws IOException {
            for (int i = 0; i < bytes; i++) {
                keep();
            }
        }

        private int keep() throws IOException {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the body was cut off");
            }
            body.write(next);
            return next;
        }
    }
}
