package io.adit.api;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * E-mail addresses as Adit takes them: the plain form NAME@DOMAIN of RFC 5321 section 4.1.2. The local part is a dot-string in ASCII (no quotes, no
 * comments), the domain a host name, which may be international. So there is nothing in one that could end a header or begin another, and
 * nothing that two programs read in two ways.
 *
 * <p>Stateless.
 */
public final class MailAddress {

    /** RFC 5321 section 4.5.3.1: octets of a path without its brackets, and of a local part. */
    private static final int MOST = 254;
    private static final int MOST_LOCAL = 64;
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final Pattern LOCAL = Pattern.compile(ATOM + "(\\." + ATOM + ")*");
    private static final Pattern DOMAIN = Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    private MailAddress() {
    }

    /**
     * @return the address, its domain in lower case and in ASCII (RFC 5891)
     * @throws IllegalArgumentException with one line that names the address
     */
    public static String parse(String text) {
        int at = text.lastIndexOf('@');
        if (at >= 1 && at <= MOST_LOCAL && LOCAL.matcher(text.substring(0, at)).matches()) {
            String domain = domain(text.substring(at + 1));
            if (at + 1 + domain.length() <= MOST && DOMAIN.matcher(domain).matches()) {
                return text.substring(0, at + 1) + domain;
            }
        }
        String shown = text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", "?");
        throw new IllegalArgumentException("'" + (shown.length() > MOST ? shown.substring(0, MOST) + "..." : shown)
                + "' is not an e-mail address such as name@example.org");
    }

    /** Empty for what is no domain. */
    private static String domain(String text) {
        try {
            return text.length() > MOST ? "" : IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
