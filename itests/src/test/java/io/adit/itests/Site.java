package io.adit.itests;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A proxy and a peer named {@code demo} in processes of their own, or hosted, with an origin in this one; or those that other classes use before and after.
 * Not thread-safe.
 */
final class Site implements AutoCloseable {

    static final String NAME = "demo";

    private final Path folder;
    private final String proxyOptions;
    private final String peerOptions;
    private final Origin origin;
    /** Of other classes too, and what of them is changed for this one; null where they are this one's own. */
    private final Site shared;
    private LiveSettings settings;
    private Adit proxy;
    private Adit peer;
    private Map<String, String> proxyReady;
    private Map<String, String> peerReady;

    private Site(Path folder, String proxyOptions, String peerOptions, Origin origin, Site shared) {
        this.folder = folder;
        this.proxyOptions = proxyOptions;
        this.peerOptions = peerOptions;
        this.origin = origin;
        this.shared = shared;
    }

    static Site start(Class<?> test) throws Exception {
        return start(test.getSimpleName(), Adit.SMALL, List.of());
    }

    /** The {@link SharedSite}. @param settings of the proxy and of the peer, as {@code --set} has them */
    static Site shared(Class<?> test, String... settings) throws Exception {
        return sharedBefore(null, test, settings);
    }

    /** In front of another web server than {@link #origin()}. */
    static Site sharedBefore(String origin, Class<?> test, String... settings) throws Exception {
        Path folder = Adit.folder(test.getSimpleName());
        Site pair = SharedSite.borrow(test.getSimpleName() + "-shared");
        Site site = new Site(folder, Adit.HOSTED, Adit.HOSTED, Origin.start(), pair);
        site.proxy = pair.proxy;
        site.peer = pair.peer;
        site.proxyReady = pair.proxyReady;
        site.peerReady = pair.peerReady;
        try {
            List<String> all = new ArrayList<>(List.of(settings));
            all.add("io.adit.origin:url=" + (origin == null ? site.origin.url() : origin));
            site.settings = site.change(all.toArray(String[]::new));
            return site;
        } catch (Throwable e) {
            try (site) {
                throw e;
            }
        }
    }

    /** Until that is closed. @param more settings of the proxy and of the peer, as {@code --set} has them */
    LiveSettings change(String... more) throws Exception {
        return LiveSettings.change(this, List.of(more));
    }

    static Site start(String folder, String javaOptions, List<String> peerArguments) throws Exception {
        return start(folder, javaOptions, List.of(), null, peerArguments);
    }

    /**
     * @param javaOptions of both, or {@link Adit#HOSTED}
     * @param origin the URL of another origin than {@link Origin}, or null
     */
    static Site start(String folder, String javaOptions, List<String> proxyArguments, String origin, List<String> peerArguments) throws Exception {
        return start(folder, javaOptions, proxyArguments, origin, javaOptions, peerArguments);
    }

    static Site start(String folder, String proxyOptions, List<String> proxyArguments, String origin, String peerOptions, List<String> peerArguments)
            throws Exception {
        Site site = new Site(Adit.folder(folder), proxyOptions, peerOptions, Origin.start(), null);
        try {
            List<String> proxy = new ArrayList<>(List.of("--http-port", "0", "--tunnel-port", "0", "--admin-port", "0"));
            proxy.addAll(proxyArguments);
            site.startProxy(proxy.toArray(String[]::new));
            List<String> arguments = new ArrayList<>(List.of("--invite", site.invite(NAME), "--origin", origin == null ? site.origin.url() : origin));
            arguments.addAll(peerArguments);
            site.startPeer(arguments.toArray(String[]::new));
            return site;
        } catch (Throwable e) {
            try (site) {
                throw e;
            }
        }
    }

    void startProxy(String... more) throws Exception {
        startProxyWith(proxyOptions, more);
    }

    /** @param javaOptions for this start only */
    void startProxyWith(String javaOptions, String... more) throws Exception {
        proxy = Adit.start(javaOptions, arguments("proxy", proxyHome(), more));
        proxyReady = proxy.awaitReady();
    }

    void startPeer(String... more) throws Exception {
        peerReady = beginPeer(more).awaitReady();
    }

    /** Starts the peer without waiting for READY. */
    Adit beginPeer(String... more) throws Exception {
        return beginPeerWith(peerOptions, more);
    }

    /** @param javaOptions for this start only */
    void startPeerWith(String javaOptions, String... more) throws Exception {
        peerReady = beginPeerWith(javaOptions, more).awaitReady();
    }

    /** @param javaOptions for this start only */
    Adit beginPeerWith(String javaOptions, String... more) throws Exception {
        peer = Adit.start(javaOptions, arguments("peer", peerHome(), more));
        return peer;
    }

    private static List<String> arguments(String role, Path home, String... more) {
        List<String> arguments = new ArrayList<>(List.of(role, "--home", home.toString()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    Path folder() {
        return folder;
    }

    Path proxyHome() {
        return shared == null ? folder.resolve("proxy") : shared.proxyHome();
    }

    Path peerHome() {
        return shared == null ? folder.resolve("peer") : shared.peerHome();
    }

    /** To be asked without the processes of the commands. */
    Control control() {
        return new Control(proxyHome());
    }

    String invite(String name) throws Exception {
        return control().invite(name);
    }

    List<String> names() throws Exception {
        return control().names();
    }

    Adit proxy() {
        return proxy;
    }

    Adit peer() {
        return peer;
    }

    Origin origin() {
        return origin;
    }

    /** What the READY lines said. */
    String proxyAddress(String key) {
        return proxyReady.get(key);
    }

    String peerAddress(String key) {
        return peerReady.get(key);
    }

    Web web() {
        return web(NAME);
    }

    Web web(String name) {
        return new Web(proxyReady.get("http"), name);
    }

    /** What a visitor types: {@code http://demo.localhost:PORT}. */
    String url() {
        return "http://" + web().host();
    }

    /** Ends both with SIGTERM, as a user does, and all is closed; or gives them back in order. */
    void stop() throws Exception {
        try (Site closed = this) {
            if (shared == null) {
                closed.peer.stop();
                closed.proxy.stop();
            }
        }
    }

    /** Waits until a page of the origin comes through the tunnel. */
    void awaitServing() throws Exception {
        Web web = web();
        Await.until("a page through the tunnel", () -> {
            try {
                var response = web.get("/hello");
                return response.statusCode() == 200 && new String(response.body(), StandardCharsets.UTF_8).equals(Origin.HELLO);
            } catch (java.io.IOException e) {
                // The public port itself may be away for a moment; the deadline judges.
                return false;
            }
        });
    }

    @Override
    public void close() {
        try {
            if (shared != null) {
                shared.proxy = proxy;
                shared.peer = peer;
                shared.proxyReady = proxyReady;
                shared.peerReady = peerReady;
                SharedSite.giveBack(settings);
            } else {
                for (Adit each : new Adit[] {peer, proxy}) {
                    if (each != null) {
                        each.close();
                    }
                }
            }
        } finally {
            origin.close();
        }
    }
}
