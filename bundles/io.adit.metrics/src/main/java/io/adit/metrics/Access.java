package io.adit.metrics;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;

/**
 * Who may read: callers on this machine, without more, since what there is to read by default names nobody; others, and where an operator wants it all, with
 * a token. A page in a browser may not, also where its name leads to this machine by a trick of DNS; nor may a visitor whom a gateway on this machine sends,
 * a peer for one. Thread-safety: immutable.
 */
final class Access {

    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 4096;

    private final boolean remote;
    private final Set<String> hosts;
    private final Path tokenFile;

    /**
     * @param hosts names of this server besides those of the loopback addresses, in lower case
     * @param tokenFile null where no token is wanted
     */
    Access(boolean remote, Set<String> hosts, Path tokenFile) {
        this.remote = remote;
        this.hosts = Set.copyOf(hosts);
        this.tokenFile = tokenFile;
    }

    /**
     * @param from the caller's address, as text
     * @param host the field Host, or null
     * @param authorization that field, or null
     * @param forwarded whether a gateway says that it comes from somebody else
     * @return the status to refuse it with; 200 where it is let in
     * @throws IOException when the token cannot be read
     */
    int look(String from, String host, String authorization, boolean forwarded) throws IOException {
        if (!remote && (forwarded || !isLoopback(from))) {
            return 403;
        }
        String name = host == null ? "" : host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        if (!hosts.contains(name) && !name.equals("localhost") && !name.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+\\]")) {
            return 421;
        }
        return tokenFile == null || isKnown(authorization) ? 200 : 401;
    }

    private boolean isKnown(String authorization) throws IOException {
        byte[] bytes;
        try (var in = Files.newInputStream(tokenFile)) {
            bytes = in.readNBytes(LONGEST);
        }
        String token = new String(bytes, StandardCharsets.UTF_8).lines().findFirst().orElse("").strip();
        if (token.isEmpty()) {
            throw new IOException(tokenFile + " holds no token");
        }
        return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) && MessageDigest
                .isEqual(token.getBytes(StandardCharsets.UTF_8), authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isLoopback(String address) {
        try {
            // an address literal, as getRemoteAddr gives it, is not looked up
            return address != null && !address.isEmpty() && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
