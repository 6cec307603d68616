package io.adit.itests;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

/**
 * Carries questions of a browser to a name server, and its answers back, byte for byte: DNS over HTTPS (RFC 8484) on one side, UDP on the other. It knows
 * no names, keeps no answers, and asks nobody else. Thread-safe.
 */
final class DnsOverHttps implements AutoCloseable {

    private static final int TYPE_A = 1;
    private static final int LARGEST = 4096;

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "dns-over-https");
        thread.setDaemon(true);
        return thread;
    });
    private final InetSocketAddress nameServer;
    private final Map<String, Integer> addressAnswers = new ConcurrentHashMap<>();

    private DnsOverHttps(HttpsServer server, InetSocketAddress nameServer) {
        this.server = server;
        this.nameServer = nameServer;
    }

    /** @param nameServer HOST:PORT */
    static DnsOverHttps before(String nameServer) throws Exception {
        int colon = nameServer.lastIndexOf(':');
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(TlsFiles.server()));
        DnsOverHttps made = new DnsOverHttps(server,
            new InetSocketAddress(nameServer.substring(0, colon), Integer.parseInt(nameServer.substring(colon + 1))));
        server.setExecutor(made.threads);
        server.createContext("/dns-query", made::carry);
        server.start();
        return made;
    }

    /** For GET: what a browser takes as its name server. */
    String template() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/dns-query{?dns}";
    }

    /** The names that an address was asked for, and the code of the answer (RFC 1035 section 4.1.1: 0 is success, 3 no such name). */
    Map<String, Integer> addressAnswers() {
        return Map.copyOf(addressAnswers);
    }

    private void carry(HttpExchange exchange) throws IOException {
        try (exchange; DatagramSocket socket = new DatagramSocket()) {
            byte[] question = Base64.getUrlDecoder().decode(exchange.getRequestURI().getQuery().substring("dns=".length()));
            socket.setSoTimeout((int) Await.DEADLINE.toMillis());
            socket.connect(nameServer);
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
            socket.receive(packet);
            byte[] answer = Arrays.copyOf(packet.getData(), packet.getLength());
            note(question, answer);
            exchange.getResponseHeaders().set("Content-Type", "application/dns-message");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private void note(byte[] question, byte[] answer) {
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (question[at] != 0) {
            name.append(name.isEmpty() ? "" : ".").append(new String(question, at + 1, question[at], java.nio.charset.StandardCharsets.US_ASCII));
            at += 1 + question[at];
        }
        if (question[at + 2] == TYPE_A) {
            addressAnswers.put(name.toString(), answer[3] & 0x0f);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
