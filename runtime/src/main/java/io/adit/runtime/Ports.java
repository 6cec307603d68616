package io.adit.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Looks whether the ports of a container are free, before the seconds that it takes to start one. */
final class Ports {

    /** A configuration that opens a port, the keys of its address and port, and the option by which the user chooses another. */
    record Listener(ConfigFile configuration, String hostKey, String portKey, String option) {
    }

    /** What {@link #anyFree} gave in this process. */
    private static final Set<Integer> CHOSEN = ConcurrentHashMap.newKeySet();

    private Ports() {
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
     * A port that is free now, for a user who asked for port 0: it is chosen here and written down, since invitations and URLs
     * name it and must stay true after a restart.
     */
    static int anyFree(String host) throws CommandFailure {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
            // The system may give the same port again as soon as it is let go: not twice in one container.
            return CHOSEN.add(socket.getLocalPort()) ? socket.getLocalPort() : anyFree(host);
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot listen on " + host + ": it is no address of this machine", e);
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
