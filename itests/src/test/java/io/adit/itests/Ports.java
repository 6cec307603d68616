package io.adit.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ports for servers that must know theirs before they start. Thread-safe. */
final class Ports {

    /** Bound until this process ends. */
    private static final Set<Socket> KEPT = ConcurrentHashMap.newKeySet();

    private Ports() {
    }

    /**
     * One that nobody listens at. A socket that is bound and does not listen keeps it: the system gives it neither to another who asks
     * for any port nor to a connection, but one who names it may listen there (with SO_REUSEADDR, as all servers do on Linux).
     */
    static int free() throws IOException {
        Socket keeper = new Socket();
        keeper.setReuseAddress(true);
        keeper.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        KEPT.add(keeper);
        return keeper.getLocalPort();
    }
}
