package io.adit.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A company's forward proxy, as Debian has them, on a loopback port: tinyproxy for CONNECT, microsocks for SOCKS5, each with a user and a password. Not
 * thread-safe.
 */
final class ForwardProxy implements AutoCloseable {

    static final String HTTP = "tinyproxy";
    static final String SOCKS5 = "microsocks";
    static final String USER = "corp-user";
    static final String PASSWORD = "correct-horse-battery";

    private final Path folder;
    private final String program;
    private final int port;
    private final List<String> command;
    private Program running;

    private ForwardProxy(Path folder, String program, int port, List<String> command) {
        this.folder = folder;
        this.program = program;
        this.port = port;
        this.command = command;
    }

    /**
     * @param program {@link #HTTP} or {@link #SOCKS5}
     * @param connectPort the only port that CONNECT may be for
     */
    static ForwardProxy start(Path folder, String program, int connectPort) throws Exception {
        int port = Ports.free();
        Files.createDirectories(folder);
        List<String> command;
        if (program.equals(HTTP)) {
            Path file = Files.writeString(folder.resolve("tinyproxy.conf"), """
                Listen 127.0.0.1
                Port %d
                Allow 127.0.0.1
                Timeout 600
                MaxClients 50
                ConnectPort %d
                BasicAuth %s %s
                """.formatted(port, connectPort, USER, PASSWORD));
            command = List.of(HTTP, "-d", "-c", file.toString());
        } else {
            command = List.of(SOCKS5, "-i", "127.0.0.1", "-p", Integer.toString(port), "-u", USER, "-P", PASSWORD);
        }
        ForwardProxy made = new ForwardProxy(folder, program, port, command);
        made.open();
        return made;
    }

    /** Runs again, at the port that it always had. */
    void open() throws Exception {
        running = Program.start(folder, Map.of(), command);
        Await.until("it listens: " + running, this::listens);
    }

    /** Kills it, and all its connections with it. */
    void kill() {
        running.close();
    }

    /** What {@code --via} takes. */
    String via() {
        return scheme() + "://" + USER + "@127.0.0.1:" + port;
    }

    /** As it is named in logs. */
    String url() {
        return scheme() + "://127.0.0.1:" + port;
    }

    private String scheme() {
        return program.equals(HTTP) ? "http" : "socks5";
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // not yet
        }
    }

    @Override
    public void close() {
        kill();
    }
}
