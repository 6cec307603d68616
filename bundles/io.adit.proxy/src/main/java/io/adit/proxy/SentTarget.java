package io.adit.proxy;

/**
 * A request target that Jetty was not shown, taken apart (RFC 9112 section 3.2).
 *
 * @param authority of an absolute target, else null
 * @param target what is asked for there, in origin or asterisk form; null when it is none of the forms that a gateway takes
 */
record SentTarget(String authority, String target) {

    static SentTarget of(String method, String sent) {
        if (sent.startsWith("/") || sent.equals("*")) {
            return new SentTarget(null, sent);
        }
        int scheme = sent.indexOf("://");
        String name = scheme < 0 ? "" : sent.substring(0, scheme);
        if (!name.equalsIgnoreCase("http") && !name.equalsIgnoreCase("https")) {
            return new SentTarget(null, null);
        }
        int begin = scheme + 3;
        int end = begin;
        while (end < sent.length() && sent.charAt(end) != '/' && sent.charAt(end) != '?') {
            end++;
        }
        String authority = sent.substring(begin, end);
        String rest = sent.substring(end);
        if (authority.isEmpty() || authority.indexOf('@') >= 0) {
            return new SentTarget(authority.isEmpty() ? null : authority, null); // user information never belongs there (RFC 9110 sections 4.2.1, 4.2.4)
        }
        // RFC 9112 section 3.2.4: an OPTIONS without a path is about the whole server
        return new SentTarget(authority, rest.isEmpty() ? method.equals("OPTIONS") ? "*" : "/" : rest.startsWith("?") ? "/" + rest : rest);
    }
}
