package io.adit.share;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The preconditions of a GET or HEAD request. A field is null when the request does not have it, and several lines of a list
 * field are joined with commas.
 */
record Conditions(String ifMatch, String ifUnmodifiedSince, String ifNoneMatch, String ifModifiedSince, String ifRange) {

    /** What the preconditions make of a request that would be answered 200. */
    enum Verdict { PROCEED, NOT_MODIFIED, FAILED }

    private static final Pattern TAG = Pattern.compile("(W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*\")");

    /** Evaluates in the order of RFC 9110 section 13.2.2, steps 1 to 4. */
    Verdict evaluate(Validators current) {
        if (ifMatch != null) {
            if (!matches(ifMatch, current.etag(), false)) {
                return Verdict.FAILED;
            }
        } else if (modifiedSince(ifUnmodifiedSince, current, false)) {
            return Verdict.FAILED;
        }
        if (ifNoneMatch != null) {
            return matches(ifNoneMatch, current.etag(), true) ? Verdict.NOT_MODIFIED : Verdict.PROCEED;
        }
        return modifiedSince(ifModifiedSince, current, true) ? Verdict.PROCEED : Verdict.NOT_MODIFIED;
    }

    /**
     * Step 5: whether a Range field may be obeyed. A weak tag, another tag, another date: the client's part is of another state.
     */
    boolean rangeAllowed(Validators current) {
        if (ifRange == null) {
            return true;
        }
        if (TAG.matcher(ifRange).matches()) {
            return matches(ifRange, current.etag(), false);
        }
        OptionalLong date = HttpDates.parse(ifRange);
        return date.isPresent() && date.equals(current.lastModified());
    }

    /** Without a date to compare, on either side, the field is ignored: the answer is then {@code otherwise}. */
    private static boolean modifiedSince(String field, Validators current, boolean otherwise) {
        OptionalLong date = HttpDates.parse(field);
        return date.isPresent() && current.lastModified().isPresent()
            ? current.lastModified().getAsLong() > date.getAsLong() : otherwise;
    }

    private static boolean matches(String field, String etag, boolean weak) {
        if (field.strip().equals("*")) {
            return true;
        }
        // A tag may contain a comma, so the list is scanned for tags instead of being split.
        Matcher tags = TAG.matcher(field);
        while (tags.find()) {
            if (tags.group(2).equals(etag) && (weak || tags.group(1) == null)) {
                return true;
            }
        }
        return false;
    }

    static String join(List<String> lines) {
        return lines.isEmpty() ? null : String.join(",", lines);
    }
}
