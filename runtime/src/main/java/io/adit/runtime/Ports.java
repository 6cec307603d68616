package io.adit.runtime;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Looks whether the ports of a container are free, before the seconds that it takes to start one. */
final class Ports {

    /** A configuration that opens a port, the keys of its address and port, and the option by which the user chooses another. */
    record Listener(ConfigFile configuration, String hostKey, String portKey, String option) {
    }

    /** What {@link #anyFree} gave in this process, and the sockets that keep it from others. */
    private static final Map<Integer, Socket> KEPT = new ConcurrentHashMap<>();

    private Ports() {
    }

    /** Sets the port that was said, any that is free for 0; null was not said. */
    static void setGiven(ConfigFile file, String hostKey, String portKey, Integer port) throws CommandFailure {
        if (port != null) {
            file.set(portKey, port == 0 ? anyFree(file.text(hostKey)) : port);
        }
    }

    /** Binds and lets go at once. Somebody else may still come first; the container then says so when it fails. */
    static void requireFree(List<Listener> listeners) throws CommandFailure {
        Map<Integer, String> options = new HashMap<>();
        for (Listener listener : listeners) {
            String host = listener.configuration().text(listener.hostKey());
            int port = port(listener);
            String other = port == 0 ? null : options.put(port, listener.option());
            if (other != null) {
                throw CommandFailure.usage(other + " and " + listener.option() + " are both " + port);
            }
            requireFree(host, port, listener.option());
        }
    }

    /** The same for UDP. */
    static void requireFreeForDatagrams(Listener listener) throws CommandFailure {
        String host = listener.configuration().text(listener.hostKey());
        int port = port(listener);
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(host.isEmpty() ? "0.0.0.0" : host, port))) {
            return;
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot listen on " + host + ":" + port + " (UDP): " + e.getMessage() + "; choose another port with "
                + listener.option(), e);
        }
    }

    private static int port(Listener listener) {
        try {
            return Integer.parseInt(listener.configuration().text(listener.portKey()));
        } catch (NumberFormatException e) {
            // A range, or not a number at all: its component finds a port or says what is wrong.
            return 0;
        }
    }

    private static void requireFree(String host, int port, String option) throws CommandFailure {
        try {
            InetAddress address = host.isEmpty() ? new InetSocketAddress(0).getAddress() : InetAddress.getByName(host);
            if (bind(address, port)) {
                return;
            } else if (port != 0 && bind(address, 0)) {
                throw CommandFailure.runTime("port " + port + " is taken (" + host + "): choose another with " + option);
            }
            throw CommandFailure.runTime("cannot listen on " + host + ": it is no address of this machine");
        } catch (UnknownHostException e) {
            throw CommandFailure.runTime("cannot listen on " + host + ": the name is unknown", e);
        }
    }

    /**
     * A port that nobody else gets, for a user who asked for port 0: it is chosen here and written down, since invitations and URLs
     * name it and must stay true after a restart. The container listens there seconds later; until {@link #letGo} the system gives
     * the port neither to another who asks for any, nor to a connection.
     */
    static int anyFree(String host) throws CommandFailure {
        try {
            InetAddress address = InetAddress.getByName(host);
            Socket keeper = new Socket();
            keeper.setReuseAddress(true);
            keeper.bind(new InetSocketAddress(address, 0));
            int port = keeper.getLocalPort();
            if (!bind(address, port)) {
                // Not every system lets one listen beside a socket that is bound and does not listen; there it is free for now.
                keeper.close();
            }
            // Let go, it may be given again: not twice in one container.
            return KEPT.putIfAbsent(port, keeper) == null ? port : anyFree(host);
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot listen on " + host + ": it is no address of this machine", e);
        }
    }

    /** The container listens at its ports itself. */
    static void letGo() throws IOException {
        for (Socket keeper : KEPT.values()) {
            keeper.close();
        }
    }

    /** The preferred port of the loopback address if nobody has it, else 0 (any). */
    static int preferred(int port) {
        return bind(InetAddress.getLoopbackAddress(), port) ? port : 0;
    }

    private static boolean bind(InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return true;
        } catch (IOException e) {
            // Taken, privileged, or not our address: for a check of the kind "can it be had" they are one.
            return false;
        }
    }
}
