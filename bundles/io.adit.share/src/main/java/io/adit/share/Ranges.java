package io.adit.share;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Range field (RFC 9110 section 14). */
final class Ranges {

    /** A gap smaller than what a part's own header costs is cheaper sent than left out. */
    private static final long CHEAP_GAP = 80;

    private static final Pattern SPEC = Pattern.compile("(\\d+)-(\\d*)|-(\\d+)");

    private Ranges() { }

    /**
     * Bytes of a file.
     *
     * @param first position of the first byte
     * @param end position after the last byte
     */
    record Range(long first, long end) {
        long length() {
            return end - first;
        }

        /** The value of Content-Range. */
        String of(long total) {
            return "bytes " + first + '-' + (end - 1) + '/' + total;
        }
    }

    /**
     * What a Range field asks for.
     *
     * @param field the field's value; null when there is none
     * @param length the file's length in bytes
     * @param max ranges that may be asked for
     * @return empty: send the whole (no field, another unit, not well-formed, too many); an empty list: 416; else the ranges to
     *     send, in the order asked for, or ascending and merged when some overlap or nearly touch
     */
    static Optional<List<Range>> parse(String field, long length, int max) {
        if (field == null || !field.regionMatches(true, 0, "bytes=", 0, 6)) {
            return Optional.empty();
        }
        List<Range> ranges = new ArrayList<>();
        int asked = 0;
        for (String part : field.substring(6).split(",", -1)) {
            String spec = part.strip();
            if (spec.isEmpty()) {
                continue; // RFC 9110 section 5.6.1.2: empty list elements are ignored
            }
            Matcher matcher = SPEC.matcher(spec);
            if (++asked > max || !matcher.matches()) {
                return Optional.empty();
            }
            boolean suffix = matcher.group(3) != null;
            long first = suffix ? Math.max(0, length - number(matcher.group(3))) : number(matcher.group(1));
            long last = suffix || matcher.group(2).isEmpty() ? Long.MAX_VALUE - 1 : number(matcher.group(2));
            if (last < first || suffix && length == 0) {
                return Optional.empty(); // the suffix of nothing is satisfiable, but Content-Range cannot say so
            }
            if (first < length) {
                ranges.add(new Range(first, Math.min(last + 1, length)));
            }
        }
        return asked == 0 ? Optional.empty() : Optional.of(merge(ranges));
    }

    private static List<Range> merge(List<Range> ranges) {
        List<Range> merged = new ArrayList<>();
        for (Range range : ranges.stream().sorted(Comparator.comparingLong(Range::first)).toList()) {
            Range before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (before != null && range.first() - before.end() < CHEAP_GAP) {
                merged.set(merged.size() - 1, new Range(before.first(), Math.max(before.end(), range.end())));
            } else {
                merged.add(range);
            }
        }
        return merged.size() == ranges.size() ? List.copyOf(ranges) : merged;
    }

    /** Saturates: a number that long is larger than any file. */
    private static long number(String digits) {
        try {
            return Math.min(Long.parseLong(digits), Long.MAX_VALUE - 1);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE - 1;
        }
    }
}
