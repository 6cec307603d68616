package io.adit.api;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Terms as operators write them. Stateless; what is wrong is an IllegalArgumentException with one line. */
public final class TermsText {

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9})([smhdw])");
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,15})([KMGT]?)");
    private static final String UNITS = "KMGT";

    private TermsText() {
    }

    /**
     * @param text {@code never}; an amount of time such as 30d (s, m, h, d, w) or P30D (ISO 8601) from now on; or a moment such as
     *        2026-12-31T23:59:59Z or 2026-12-31 (the beginning of that day, UTC)
     */
    public static Optional<Instant> expires(String text, Instant now) {
        if (text.equals("never")) {
            return Optional.empty();
        }
        try {
            Matcher amount = AMOUNT.matcher(text);
            if (amount.matches()) {
                return Optional.of(now.plus(amount(Long.parseLong(amount.group(1)), amount.group(2).charAt(0))));
            } else if (text.startsWith("P")) {
                return Optional.of(now.plus(Duration.parse(text)));
            } else if (text.indexOf('T') < 0) {
                return Optional.of(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("'" + Invitation.printable(text)
                    + "' is no time: 30d (s, m, h, d, w), 2026-12-31T23:59:59Z, 2026-12-31 or never");
        }
    }

    private static Duration amount(long number, char unit) {
        return switch (unit) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            case 'd' -> Duration.ofDays(number);
            default -> Duration.ofDays(Math.multiplyExact(number, 7L));
        };
    }

    /**
     * @param text {@code streams=N,rate=N,bandwidth=N}, any of them: a number, for a bandwidth with K, M, G or T (of 1024) if wanted; {@code none} for no
     *        limit, {@code default} for the configured one
     * @param before what is not mentioned stays so
     */
    public static Quota quota(String text, Quota before) {
        Quota quota = before;
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("'" + Invitation.printable(text) + "' is no quota: streams=N,rate=N,bandwidth=N, any of them");
            }
            quota = with(quota, part.substring(0, equals), limit(part.substring(equals + 1)));
        }
        return quota;
    }

    /** The quota with that one limit. @param limit {@link Quota#NONE} and {@link Quota#DEFAULT} as there */
    public static Quota with(Quota quota, String what, long limit) {
        long least = Quota.NONE;
        return switch (what) {
            case "streams" -> new Quota((int) Math.max(least, Math.min(limit, Integer.MAX_VALUE)), quota.rate(), quota.bandwidth());
            case "rate" -> new Quota(quota.streams(), (int) Math.max(least, Math.min(limit, Integer.MAX_VALUE)), quota.bandwidth());
            case "bandwidth" -> new Quota(quota.streams(), quota.rate(), limit);
            default -> throw new IllegalArgumentException("there is no quota of '" + Invitation.printable(what) + "': streams, rate and bandwidth");
        };
    }

    private static long limit(String text) {
        Matcher number = NUMBER.matcher(text.toUpperCase(Locale.ROOT));
        if (text.equals("none")) {
            return Quota.NONE;
        } else if (text.equals("default")) {
            return Quota.DEFAULT;
        } else if (!number.matches() || Long.parseLong(number.group(1)) == 0) {
            throw new IllegalArgumentException("'" + Invitation.printable(text) + "' is no limit: a number (10, 512K, 10M), none or default");
        }
        long unit = number.group(2).isEmpty() ? 1 : 1L << 10 * (UNITS.indexOf(number.group(2)) + 1);
        return Long.parseLong(number.group(1)) > Long.MAX_VALUE / unit ? Long.MAX_VALUE : Long.parseLong(number.group(1)) * unit;
    }

    /** As {@link #quota} reads it; a hyphen where all is as configured. */
    public static String of(Quota quota) {
        String text = part("streams", quota.streams()) + part("rate", quota.rate()) + part("bandwidth", quota.bandwidth());
        return text.isEmpty() ? "-" : text.substring(1);
    }

    private static String part(String what, long limit) {
        return limit == Quota.DEFAULT ? "" : "," + what + "=" + (limit == Quota.NONE ? "none" : limit);
    }
}
