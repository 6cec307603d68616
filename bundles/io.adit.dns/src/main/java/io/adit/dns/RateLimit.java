package io.adit.dns;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How many answers over UDP the network of a client gets: a server whose answers go to forged addresses is a weapon. Each network (/24 of IPv4,
 * /56 of IPv6) has a bucket of a second's answers; with an empty one, most questions get no answer and some a short one that sends an honest client
 * to TCP, where no address is forged.
 *
 * <p>Thread-safe. The table is bounded: the network that was silent the longest is forgotten first.
 */
final class RateLimit {

    /** What to do with a question. */
    enum Verdict {
        ANSWER, TRUNCATE, DROP
    }

    /**
     * @param perSecond answers a second and network; 0: no limit
     * @param slip every how many of those beyond are answered with "truncated"; 0: none
     * @param networks how many are remembered
     */
    record Limits(int perSecond, int slip, int networks) {
    }

    private static final long SECOND = 1_000_000_000L;

    private static final class Bucket {
        private double tokens;
        private long nanos;
        private int beyond;
    }

    private final Limits limits;
    private final LongSupplier nanoClock;
    private final Map<Long, Bucket> buckets;

    RateLimit(Limits limits, LongSupplier nanoClock) {
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.buckets = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Bucket> eldest) {
                return size() > limits.networks();
            }
        };
    }

    Verdict judge(InetAddress client) {
        if (limits.perSecond() == 0) {
            return Verdict.ANSWER;
        }
        long now = nanoClock.getAsLong();
        synchronized (buckets) {
            Bucket bucket = buckets.get(network(client));
            if (bucket == null) {
                bucket = new Bucket();
                bucket.tokens = limits.perSecond();
                bucket.nanos = now;
                buckets.put(network(client), bucket);
            }
            bucket.tokens = Math.min(limits.perSecond(), bucket.tokens + (double) (now - bucket.nanos) / SECOND * limits.perSecond());
            bucket.nanos = now;
            if (bucket.tokens >= 1) {
                bucket.tokens--;
                bucket.beyond = 0;
                return Verdict.ANSWER;
            }
            bucket.beyond = bucket.beyond == Integer.MAX_VALUE ? 1 : bucket.beyond + 1;
            return limits.slip() > 0 && bucket.beyond % limits.slip() == 0 ? Verdict.TRUNCATE : Verdict.DROP;
        }
    }

    int networks() {
        synchronized (buckets) {
            return buckets.size();
        }
    }

    /** The first three bytes of an IPv4 address, the first seven of an IPv6 one. */
    private static Long network(InetAddress client) {
        byte[] address = client.getAddress();
        int bytes = address.length == 4 ? 3 : 7;
        long network = address.length;
        for (int i = 0; i < bytes; i++) {
            network = network << 8 | address[i] & 0xFF;
        }
        return network;
    }
}
