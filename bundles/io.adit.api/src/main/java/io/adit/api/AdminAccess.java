package io.adit.api;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Who may ask the server of operators: callers on this machine or, where that is configured, from elsewhere; and who knows the token (RFC 6750). A page in a
 * browser does not get in where its name leads to this machine by a trick of DNS, since the host that was asked must be one of ours. Thread-safety: immutable.
 *
 * @param remote whether callers may be on other machines
 * @param hosts names of this server besides those of the loopback addresses, in lower case
 */
public record AdminAccess(boolean remote, Set<String> hosts) {

    private static final String SCHEME = "Bearer ";
    /** Bytes of a token's file that are read. */
    private static final int LONGEST = 4096;

    public AdminAccess {
        hosts = Set.copyOf(hosts);
    }

    /**
     * As a configuration has it.
     *
     * @param values of the property {@code hosts}: in one there may be several, with commas between; empty ones, which a form sends where there is none, are
     * nothing; may be null
     * @throws IllegalArgumentException for what is no host name, with one line
     */
    public static AdminAccess of(String pid, boolean remote, String[] values) {
        Set<String> hosts = new HashSet<>();
        for (String value : (values == null ? "" : String.join(",", values)).split(",")) {
            String host = value.strip().toLowerCase(Locale.ROOT);
            if (!host.matches("([a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?)?")) {
                throw Checks.bad(pid, "hosts", value, "host names without a port, separated by commas");
            } else if (!host.isEmpty()) {
                hosts.add(host);
            }
        }
        return new AdminAccess(remote, hosts);
    }

    /** @param address of the caller, a literal, which is not looked up; null for none */
    public boolean isFromHere(String address) {
        if (remote) {
            return true;
        }
        try {
            return address != null && !address.isEmpty() && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * An address literal is not looked up, so it leads to nobody by a trick; which one it is is up to the server's binding.
     *
     * @param authority the field Host, or null
     */
    public boolean isForUs(String authority) {
        String host = authority == null ? "" : authority.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        return hosts.contains(host) || host.equals("localhost")
            || host.matches(remote ? "[0-9.]+|\\[[0-9a-f:.]+\\]" : "127(\\.[0-9]{1,3}){3}|\\[::1\\]");
    }

    /**
     * Whether the caller knows the token in the first line of a file, which is read every time, so that an operator can change it at will.
     *
     * @param authorization that field, or null
     * @throws IOException when there is no token to compare with
     */
    public static boolean bears(String authorization, Path tokenFile) throws IOException {
        byte[] expected = token(tokenFile).getBytes(StandardCharsets.UTF_8);
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] given = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        // of equal length by the hash, so that the time tells nothing of the token's
        return MessageDigest.isEqual(Proof.sha256(expected), Proof.sha256(given));
    }

    private static String token(Path file) throws IOException {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8);
        }
        String token = text.lines().findFirst().orElse("").strip();
        if (token.isEmpty()) {
            throw new IOException(file + " holds no token");
        }
        return token;
    }
}
