package io.adit.format;

/**
 * Patterns that several properties need, and what they are made of. Where {@code WORDS} has the same name it says the pattern for people.
 *
 * <p>Stateless.
 */
public final class Formats {

    /** Where a component strips a value: what String.strip() takes away. */
    public static final String BLANKS = "\\p{javaWhitespace}*+";

    /** 1..65535. */
    public static final String PORT = "0*+(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})(?![0-9])";

    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    public static final String IPV4 = OCTET + "(?:\\." + OCTET + "){3}(?![0-9.])";

    private static final String H = "[0-9A-Fa-f]{1,4}";
    /** RFC 4291 section 2.2, without brackets and zone. */
    public static final String IPV6 = "(?:(?:" + H + ":){7}(?:" + H + "|:)|(?:" + H + ":){6}(?:" + IPV4 + "|:" + H + "|:)|(?:" + H + ":){5}(?::" + IPV4 + "|(?::" + H
            + "){1,2}|:)|(?:" + H + ":){4}(?:(?::" + H + ")?:" + IPV4 + "|(?::" + H + "){1,3}|:)|(?:" + H + ":){3}(?:(?::" + H + "){0,2}:" + IPV4 + "|(?::" + H
            + "){1,4}|:)|(?:" + H + ":){2}(?:(?::" + H + "){0,3}:" + IPV4 + "|(?::" + H + "){1,5}|:)|" + H + ":(?:(?::" + H + "){0,4}:" + IPV4 + "|(?::" + H
            + "){1,6}|:)|:(?:(?::" + H + "){0,5}:" + IPV4 + "|(?::" + H + "){1,7}|:))(?![0-9A-Fa-f:.])";
    public static final String ADDRESS = "(?:" + IPV4 + "|" + IPV6 + ")";

    /** Of a host name; at most 63 characters. */
    public static final String LABEL = "(?![A-Za-z0-9-]{64})[A-Za-z0-9]++(?:-++[A-Za-z0-9]++)*+";
    /** A host name (RFC 1123 section 2.1) whose last label begins with a letter, so that it is no address; at most 253 characters. */
    public static final String HOST = "(?![A-Za-z0-9.-]{254})(?:" + LABEL + "\\.(?=[A-Za-z0-9]))*+(?=[A-Za-z])" + LABEL;
    private static final String UNDERSCORED_LABEL = "(?![A-Za-z0-9_-]{64})[A-Za-z0-9_]++(?:-++[A-Za-z0-9_]++)*+";
    /** The same with underscores, which names within a machine may have, as those of containers. */
    public static final String UNDERSCORED_HOST = "(?![A-Za-z0-9._-]{254})(?:" + UNDERSCORED_LABEL + "\\.(?=[A-Za-z0-9_]))*+(?=[A-Za-z_])" + UNDERSCORED_LABEL;
    /** Any host name, as DNS takes it. */
    public static final String DNS_NAME = "(?![A-Za-z0-9.-]{254})" + LABEL + "(?:\\.(?=[A-Za-z0-9])" + LABEL + ")*+";
    public static final String HOST_OR_ADDRESS = "(?:" + HOST + "|" + ADDRESS + ")";
    public static final String HOST_IN_URL = "(?:" + HOST + "|" + IPV4 + "|\\[" + IPV6 + "\\])";

    /** Characters of a path in a URL (RFC 3986 section 3.3), and what else may follow it. */
    public static final String URL_PATH = "(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*+";
    private static final String URL_QUERY = "(?:\\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*+)?+";
    /** After the scheme: host, port, path and query, no user. */
    public static final String URL_REST = "://" + HOST_IN_URL + "(?::" + PORT + ")?+(?:/" + URL_PATH + ")?+" + URL_QUERY;

    private static final String WORD = "(?:[A-Za-z0-9]|\\{(?:name|domain)\\})";
    private static final String WORDS = WORD + "++(?:-++" + WORD + "++)*+";
    /** The public URL of a name, with {name} and, if need be, {domain}. */
    public static final String URL_TEMPLATE = BLANKS + "(?=.*\\{name\\})(?i:https?)://(?:(?:" + WORDS + "\\.(?=[A-Za-z0-9{]))*+(?=[A-Za-z{])" + WORDS + "|" + IPV4 + "|\\[" + IPV6
            + "\\])(?::" + PORT + ")?+(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2}|\\{(?:name|domain)\\})*+)?+"
            + "(?:\\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2}|\\{(?:name|domain)\\})*+)?+" + BLANKS;

    /** As MailAddress takes it. */
    public static final String EMAIL = "(?![^@]{65})(?![^,\\s]{255})[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++)*+@" + HOST;

    /** In front of what may be there several times, with commas between, and {@link #LIST_END} behind it. */
    public static final String LIST = "(?:\\s*+(?:";
    public static final String LIST_END = "\\s*+)?+(?:,|\\z))*+";

    /** Names of this server, as AdminAccess takes them. */
    public static final String HOSTS = LIST + "[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?" + LIST_END;
    public static final String HOSTS_WORDS = "host names without a port, separated by commas";

    /** One line of any text. */
    public static final String LINE = "[^\\p{Cc}\\u2028\\u2029]*+";
    /** Not only blanks. */
    public static final String SOMETHING = "(?=\\p{javaWhitespace}*+\\P{javaWhitespace})";

    public static final String PATH = SOMETHING + LINE;
    public static final String PATH_WORDS = "a path";
    /** A path that does not end like that of a folder. */
    public static final String FILE = SOMETHING + "(?!(?:.*/)?\\.{0,2}" + BLANKS + "\\z)" + LINE;
    public static final String FILE_WORDS = "the path of a file";
    public static final String FILE_OR_NOTHING = BLANKS + "|" + FILE;
    public static final String FILE_OR_NOTHING_WORDS = "the path of a file, or empty";

    public static final String FILTER = BLANKS + "\\(.++";
    public static final String FILTER_WORDS = "an OSGi filter";

    private Formats() {
    }
}
