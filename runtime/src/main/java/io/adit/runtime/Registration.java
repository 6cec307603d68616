package io.adit.runtime;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

import io.adit.way.check.TunnelCheck;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * How a peer comes by a name without an invitation, where a proxy gives names away: {@code --register HOST:PORT --name NAME [--cert FINGERPRINT]}. It
 * makes the invitation itself, with a secret of its own, and keeps it in its home as any other, so a later start needs none of this. The certificate
 * is that of {@code --cert}, or the one that is shown at the first start, as with ssh. Not thread-safe.
 */
final class Registration {

    private static final String REGISTER = "register";
    private static final int SECRET_BYTES = 32;
    private static final int TIMEOUT_MILLIS = 20_000;

    @Option(names = "--register", required = true, paramLabel = "HOST:PORT", converter = Converters.OfHostAndPort.class,
        description = "Instead of an invitation: asks the proxy there for NAME, first come, first served, where it gives names away.")
    private String where;

    @Option(names = "--name", required = true, paramLabel = "NAME", converter = OfName.class, description = "The name to ask for.")
    private String name;

    @Option(names = "--cert", paramLabel = "FINGERPRINT", converter = OfFingerprint.class,
        description = "SHA-256 of the certificate of that proxy, in hex. Default: the one that it shows at the first start, which is printed.")
    private String certificate;

    /** A DNS label; the proxy may allow less. */
    static final class OfName implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            String lower = text.toLowerCase(Locale.ROOT);
            if (!lower.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
                throw new TypeConversionException("'" + text.replaceAll("\\p{Cntrl}", "?")
                    + "' is not a name: letters, digits and inner hyphens, 1 to 63 of them");
            }
            return lower;
        }
    }

    /** 64 hex digits; colons and a prefix are what other programs print. */
    static final class OfFingerprint implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            String hex = text.replaceFirst("^(?i:sha-?256:)", "").replace(":", "").toLowerCase(Locale.ROOT);
            if (!hex.matches("[0-9a-f]{64}")) {
                throw new TypeConversionException("'" + text.replaceAll("\\p{Cntrl}", "?") + "' is not the SHA-256 of a certificate: 64 hex digits");
            }
            return hex;
        }
    }

    /** Nothing changes where the home has that name at that proxy already, but for a certificate that is given anew. */
    void configure(ConfigFile connector, KeptInvitation invitation) throws CommandFailure {
        String kept = invitation.text();
        String at = "@" + where + "?cert=";
        if (!kept.isEmpty() && !(kept.startsWith("adit://" + name + ":") && kept.contains(at))) {
            throw CommandFailure.usage("--register: this home has an invitation already, "
                + kept.replaceFirst("//([^:]*):[^@]*@", "//$1@").replaceFirst("\\?.*", "") + "; another name needs another --home");
        }
        if (kept.isEmpty() || certificate != null) {
            String pinned = certificate != null ? certificate : shown();
            String secret = kept.isEmpty() ? secret() : kept.substring(("adit://" + name + ":").length(), kept.indexOf(at));
            invitation.set("adit://" + name + ":" + secret + at + pinned);
            connector.set(REGISTER, Boolean.TRUE);
        }
    }

    private static String secret() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /** Of the certificate that the proxy shows now. Nothing is sent but TLS. */
    private String shown() throws CommandFailure {
        int colon = where.lastIndexOf(':');
        String host = where.substring(0, colon).replaceAll("[\\[\\]]", "");
        int port = Integer.parseInt(where.substring(colon + 1));
        try {
            String fingerprint = HexFormat.of().formatHex(TunnelCheck.shown(host, port, TIMEOUT_MILLIS));
            Terminal.println("the certificate of " + where + ", which is trusted from now on: " + fingerprint);
            return fingerprint;
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot see the certificate of " + where + " (" + Failures.oneLine(e)
                + "): where it cannot be dialled directly, give --cert FINGERPRINT", e);
        }
    }
}
