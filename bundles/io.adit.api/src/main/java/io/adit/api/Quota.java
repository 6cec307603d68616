package io.adit.api;

/**
 * How much of a proxy one name may use at a time. Of each limit, {@link #DEFAULT} leaves it to the configuration, and {@link #NONE} means that there is
 * none, whatever is configured. Thread-safety: immutable.
 *
 * @param streams requests under way at a time, upgraded connections among them
 * @param rate requests per second, averaged; as many may come at once
 * @param bandwidth bytes of bodies and upgraded connections per second, each way
 */
public record Quota(int streams, int rate, long bandwidth) {

    /** As it is configured. */
    public static final int DEFAULT = 0;
    /** No limit. */
    public static final int NONE = -1;

    /** The most that a limit of streams or rate can be, and the range of a bandwidth. */
    public static final int MOST_STREAMS = 1_000_000;
    public static final int MOST_RATE = 1_000_000;
    public static final long LEAST_BANDWIDTH = 16_384;
    public static final long MOST_BANDWIDTH = 1_000_000_000_000L;

    /** As it is configured, in all. */
    public static final Quota DEFAULTS = new Quota(DEFAULT, DEFAULT, DEFAULT);
    /** No limit at all. */
    public static final Quota UNLIMITED = new Quota(NONE, NONE, NONE);

    /** @throws IllegalArgumentException with one line that says what is out of its range */
    public Quota {
        within("streams", streams, 1, MOST_STREAMS);
        within("rate", rate, 1, MOST_RATE);
        within("bandwidth", bandwidth, LEAST_BANDWIDTH, MOST_BANDWIDTH);
    }

    private static void within(String what, long value, long least, long most) {
        if (value != DEFAULT && value != NONE && (value < least || value > most)) {
            throw new IllegalArgumentException(what + " must be in " + least + ".." + most + ", not " + value);
        }
    }

    /** What holds where this is a name's and the other is the configured one: each limit is a number or {@link #NONE}. */
    public Quota over(Quota configured) {
        if (isUnlimited() && configured.isUnlimited()) {
            return UNLIMITED; // as it mostly is, for each request
        }
        return new Quota((int) over(streams, configured.streams), (int) over(rate, configured.rate), over(bandwidth, configured.bandwidth));
    }

    private static long over(long own, long configured) {
        long limit = own == DEFAULT ? configured : own;
        return limit == DEFAULT ? NONE : limit;
    }

    /** Whether it limits nothing, {@link #DEFAULT} taken for {@link #NONE}. */
    public boolean isUnlimited() {
        return streams <= 0 && rate <= 0 && bandwidth <= 0;
    }
}
