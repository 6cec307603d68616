package io.adit.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.adit.api.packet.Fields;

/**
 * Takes secrets out of what is shown or written: values of fields that log somebody in, and of such parameters in addresses. Thread-safe.
 */
public final class Redaction {

    /** What stands for a secret. */
    public static final String MARK = "[redacted]";

    private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "proxy-authenticate", "www-authenticate", "authentication-info",
            "proxy-authentication-info", "cookie", "cookie2", "set-cookie", "set-cookie2", "sec-websocket-key", "sec-websocket-accept");
    private static final Set<String> ADDRESSES = Set.of("referer", "location", "content-location", "origin", "link", "refresh");
    private static final Pattern SECRET_WORD = Pattern.compile("token|secret|passw|passphrase|(api|access|private)key|auth|session|credential|signature|csrf|xsrf|jwt");
    /** A parameter of a path (which a query ends), of a query, or of a fragment in which some put a token. */
    private static final Pattern PARAMETER = Pattern.compile("(;)([^=&;#?/\\s]{1,200})=[^&;#?/\\s\"<>]*|([?&#])([^=&;#?\\s]{1,200})=[^&;#\\s\"<>]*");
    private static final Pattern SECRET_PARAMETER = Pattern.compile(SECRET_WORD.pattern() + "|^(code|key|sig|sas|sid|pwd|pass|pw|pin|otp)$");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[-_.]");
    /** The part of an authority that logs in. */
    private static final Pattern USER = Pattern.compile("(//|^)[^/@\\s?#]*@");

    private enum Kind { PLAIN, SECRET, ADDRESS }

    /** Names come again and again; those of hostile visitors are not kept for ever. */
    private static final int MOST_KNOWN = 1000;
    private static final Map<String, Kind> KNOWN = new ConcurrentHashMap<>();

    private Redaction() {
    }

    private static Kind kind(String field) {
        Kind known = KNOWN.get(field);
        if (known != null) {
            return known;
        }
        String name = field.toLowerCase(Locale.ROOT);
        Kind kind = SECRET.contains(name) || SECRET_WORD.matcher(plain(name)).find() ? Kind.SECRET : ADDRESSES.contains(name) ? Kind.ADDRESS : Kind.PLAIN;
        if (field.length() < 64) {
            if (KNOWN.size() >= MOST_KNOWN) {
                KNOWN.clear();
            }
            KNOWN.put(field, kind);
        }
        return kind;
    }

    public static Fields fields(Fields fields) {
        Fields.Builder result = Fields.builder(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            result.add(fields.name(i), value(fields.name(i), fields.value(i)));
        }
        return result.build();
    }

    private static String value(String name, String value) {
        return switch (kind(name)) {
            case SECRET -> MARK;
            case ADDRESS -> address(value);
            case PLAIN -> value;
        };
    }

    /** A target, or a whole address. */
    public static String address(String text) {
        if (text.indexOf('=') < 0 && text.indexOf('@') < 0) {
            return text;
        }
        String hidden = USER.matcher(text).replaceAll("$1" + Matcher.quoteReplacement(MARK) + "@");
        return PARAMETER.matcher(hidden).replaceAll(found -> {
            String before = found.group(1) == null ? found.group(3) : found.group(1);
            String name = found.group(1) == null ? found.group(4) : found.group(2);
            return Matcher.quoteReplacement(isSecretParameter(name) ? before + name + "=" + MARK : found.group());
        });
    }

    private static boolean isSecretParameter(String name) {
        return SECRET_PARAMETER.matcher(plain(decoded(name).toLowerCase(Locale.ROOT))).find();
    }

    /** Without what people put between two words. */
    private static String plain(String name) {
        return BETWEEN_WORDS.matcher(name).replaceAll("");
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name; // a percent sign that is one
        }
    }
}
