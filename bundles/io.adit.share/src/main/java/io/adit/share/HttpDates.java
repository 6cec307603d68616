package io.adit.share;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** HTTP dates (RFC 9110 section 5.6.7), in seconds since 1970: that is their resolution. */
final class HttpDates {

    private static final DateTimeFormatter FIXDATE = gmt("EEE, dd MMM yyyy HH:mm:ss 'GMT'");

    private static final DateTimeFormatter ASCTIME = gmt("EEE MMM ppd HH:mm:ss yyyy");

    private HttpDates() { }

    static String format(long seconds) {
        return FIXDATE.format(Instant.ofEpochSecond(seconds));
    }

    /** Reads any of the three forms; empty for null and for what is no date, since such a field is to be ignored. */
    static OptionalLong parse(String text) {
        if (text != null) {
            for (DateTimeFormatter form : List.of(FIXDATE, rfc850(), ASCTIME)) {
                try {
                    return OptionalLong.of(Instant.from(form.parse(text)).getEpochSecond());
                } catch (DateTimeException e) {
                    continue; // not this form
                }
            }
        }
        return OptionalLong.empty();
    }

    private static DateTimeFormatter gmt(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    }

    /** Two-digit years are at most 50 years in the future, so this form depends on today. */
    private static DateTimeFormatter rfc850() {
        return new DateTimeFormatterBuilder().appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, LocalDate.now(ZoneOffset.UTC).minusYears(49))
            .appendPattern(" HH:mm:ss 'GMT'").toFormatter(Locale.US).withZone(ZoneOffset.UTC);
    }
}
