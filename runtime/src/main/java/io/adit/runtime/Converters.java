package io.adit.runtime;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the texts of the command line to values; what cannot be right is refused here, with exit code 2. */
final class Converters {

    private static final int HIGHEST_PORT = 65535;
    private static final int HIGHEST_COUNT = 1_000_000;
    private static final long LONGEST_SECONDS = 24 * 60 * 60;

    private Converters() {
    }

    private static long number(String text, long from, long to, String what) {
        if (text.matches("[0-9]{1,9}") && Long.parseLong(text) >= from && Long.parseLong(text) <= to) {
            return Long.parseLong(text);
        }
        throw new TypeConversionException("'" + text + "' is not " + what + " (" + from + ".." + to + ")");
    }

    /** A port; 0 takes any that is free. */
    static final class OfPort implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) number(text, 0, HIGHEST_PORT, "a port");
        }
    }

    /** How many times; 0 is for ever. */
    static final class OfCount implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) number(text, 0, HIGHEST_COUNT, "a number of times");
        }
    }

    /** Whole seconds. */
    static final class OfSeconds implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Duration.ofSeconds(number(text, 0, LONGEST_SECONDS, "a number of seconds"));
        }
    }

    /** Not Boolean: picocli has its own ideas of the texts that make one. */
    enum Switch { ON, OFF }

    static final class OfSwitch implements ITypeConverter<Switch> {
        @Override
        public Switch convert(String text) {
            return switch (text) {
                case "on" -> Switch.ON;
                case "off" -> Switch.OFF;
                default -> throw new TypeConversionException("'" + text + "' is neither on nor off");
            };
        }
    }

    static final class OfSetting implements ITypeConverter<Setting> {
        @Override
        public Setting convert(String text) {
            try {
                return Setting.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** The URL of a web server: http or https, a host, no user, query or fragment. */
    static final class OfOrigin implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            try {
                URI uri = new URI(text);
                boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
                if (http && uri.getHost() != null && uri.getPort() <= HIGHEST_PORT && uri.getUserInfo() == null
                    && uri.getQuery() == null && uri.getFragment() == null) {
                    return text;
                }
            } catch (URISyntaxException e) {
                throw new TypeConversionException("'" + text + "' is not a URL: " + e.getReason());
            }
            throw new TypeConversionException("'" + text + "' is not the URL of a web server, such as http://localhost:3000");
        }
    }

    /** A moment, or how long from now on; the proxy reads it. */
    static final class OfExpiry implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (text.matches("never|[0-9]{1,9}[smhdw]|P[0-9TDHMS.]+|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9:]+))?")) {
                return text;
            }
            throw new TypeConversionException("'" + text.replaceAll("\\p{Cntrl}", "?") + "' is no time: 30d (s, m, h, d, w), 2026-12-31T23:59:59Z, 2026-12-31 or never");
        }
    }

    /** streams=N,rate=N,bandwidth=N; the proxy reads it. */
    static final class OfQuota implements ITypeConverter<String> {

        private static final String LIMIT = "((streams|rate)=([0-9]{1,9}|none|default)|bandwidth=([0-9]{1,15}[KMGTkmgt]?|none|default))";

        @Override
        public String convert(String text) {
            if (text.matches(LIMIT + "(," + LIMIT + "){0,2}")) {
                return text;
            }
            throw new TypeConversionException("'" + text.replaceAll("\\p{Cntrl}", "?") + "' is no quota, such as streams=20,rate=50,bandwidth=10M");
        }
    }

    static final class OfPeers implements ITypeConverter<Integer> {

        private static final int MOST = 64;

        @Override
        public Integer convert(String text) {
            return (int) number(text, 1, MOST, "a number of peers");
        }
    }

    /** An address, or none. */
    static final class OfNotified implements ITypeConverter<String> {

        static final String NOBODY = "none";

        @Override
        public String convert(String text) {
            return text.equals(NOBODY) ? text : new OfMailAddress().convert(text);
        }
    }

    /** HOST:PORT; an IPv6 address stands in brackets. */
    static final class OfHostAndPort implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            int colon = text.lastIndexOf(':');
            if (colon < 1 || !text.substring(0, colon).matches("\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+")) {
                throw new TypeConversionException("'" + text + "' is not HOST:PORT");
            }
            number(text.substring(colon + 1), 1, HIGHEST_PORT, "a port");
            return text;
        }
    }

    /** NAME@DOMAIN, the plain form; the container checks it once more. */
    static final class OfMailAddress implements ITypeConverter<String> {

        private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
        private static final String ADDRESS = ATOM + "(\\." + ATOM + ")*@[\\p{L}0-9]([\\p{L}\\p{M}0-9.-]{0,250}[\\p{L}\\p{M}0-9])?";

        @Override
        public String convert(String text) {
            if (text.indexOf('@') > 64 || !text.matches(ADDRESS) || text.contains("..")) {
                throw new TypeConversionException("'" + text.replaceAll("\\p{Cntrl}", "?") + "' is not an e-mail address such as name@example.org");
            }
            return text;
        }
    }
}
