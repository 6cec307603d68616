package io.adit.runtime;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What {@code --via} says: the forward proxy that a peer dials through. Immutable.
 *
 * @param url {@code env}, a URL without user, or empty for none
 * @param user null where none was said
 */
record Via(String url, String user) {

    private static final String KEY = "dial.via";
    private static final String USER = "dial.via.user";
    private static final String PASSWORD = "dial.via.password";
    private static final String PASSWORD_FILE = "dial.via.password.file";
    private static final int HIGHEST_PORT = 65535;
    private static final Pattern URL = Pattern.compile(
        "((?i:http|socks5h?))://(?:(.*)@)?(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):([0-9]{1,5})/?");

    /** From the text of the command line. */
    static final class Converter implements ITypeConverter<Via> {
        @Override
        public Via convert(String text) {
            if (text.equals("none") || text.equals("env")) {
                return new Via(text.equals("none") ? "" : text, null);
            }
            Matcher parts = URL.matcher(text);
            if (!parts.matches() || Integer.parseInt(parts.group(4)) < 1 || Integer.parseInt(parts.group(4)) > HIGHEST_PORT) {
                throw new TypeConversionException("'" + text.replaceFirst("//.*@", "//***@")
                    + "' is none of http://[USER@]HOST:PORT, socks5://[USER@]HOST:PORT, env, none");
            }
            String user = parts.group(2);
            if (user != null && user.contains(":")) {
                throw new TypeConversionException("the password would be in the process list: give it with --via-password-file");
            }
            return new Via(parts.group(1) + "://" + parts.group(3) + ":" + parts.group(4), user == null ? null : decode(user));
        }
    }

    /** A user may be percent-encoded, as in every URL. */
    private static String decode(String user) {
        try {
            // It is made for forms, where a plus is a space.
            return URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("the user has a % that begins no percent-encoding");
        }
    }

    void configure(ConfigFile connector) {
        connector.set(KEY, url);
        if (url.contains("://")) {
            connector.set(USER, user == null ? "" : user);
            if (user == null) {
                forget(connector, PASSWORD);
                forget(connector, PASSWORD_FILE);
            }
        }
    }

    static void configurePasswordFile(ConfigFile connector, Path file) throws CommandFailure {
        if (connector.text(USER).isEmpty()) {
            throw CommandFailure.usage("--via-password-file: a password of whom? --via http://USER@HOST:PORT says it");
        }
        connector.set(PASSWORD_FILE, file.toAbsolutePath().normalize().toString());
        forget(connector, PASSWORD);
    }

    static void checkPasswordFile(Path file) throws CommandFailure {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw CommandFailure.usage("--via-password-file: cannot read " + file);
        }
    }

    private static void forget(ConfigFile connector, String key) {
        if (!connector.text(key).isEmpty()) {
            connector.set(key, "");
        }
    }
}
