package io.adit.dns;

import static io.adit.dns.RateLimit.Verdict.ANSWER;
import static io.adit.dns.RateLimit.Verdict.DROP;
import static io.adit.dns.RateLimit.Verdict.TRUNCATE;
import static org.junit.Assert.assertEquals;

import java.net.InetAddress;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.Test;

public class RateLimitTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    @Test
    public void aNetworkGetsItsAnswersASecond() {
        RateLimit limit = limit(10, 2, 100);
        for (int i = 0; i < 10; i++) {
            assertEquals(ANSWER, judge(limit, "192.0.2." + i));
        }
        assertEquals(DROP, judge(limit, "192.0.2.200"));
        assertEquals(TRUNCATE, judge(limit, "192.0.2.200"));
        assertEquals(DROP, judge(limit, "192.0.2.1"));
        assertEquals(TRUNCATE, judge(limit, "192.0.2.1"));
        assertEquals("another network", ANSWER, judge(limit, "192.0.3.1"));
        nanos.addAndGet(200_000_000);
        assertEquals(ANSWER, judge(limit, "192.0.2.1"));
        assertEquals(ANSWER, judge(limit, "192.0.2.1"));
        assertEquals(DROP, judge(limit, "192.0.2.1"));
        nanos.addAndGet(3_600_000_000_000L);
        for (int i = 0; i < 10; i++) {
            assertEquals(ANSWER, judge(limit, "192.0.2.1"));
        }
        assertEquals("no more than a second's", DROP, judge(limit, "192.0.2.1"));
    }

    @Test
    public void networksOfIpv6AreSlash56() {
        RateLimit limit = limit(1, 0, 100);
        assertEquals(ANSWER, judge(limit, "2001:db8:0:1200::1"));
        assertEquals(DROP, judge(limit, "2001:db8:0:12ff::2"));
        assertEquals(ANSWER, judge(limit, "2001:db8:0:1300::1"));
    }

    @Test
    public void withoutSlipNothingIsTruncatedAndWithoutLimitNothingDropped() {
        RateLimit none = limit(1, 0, 100);
        RateLimit unlimited = limit(0, 2, 100);
        judge(none, "192.0.2.1");
        for (int i = 0; i < 100; i++) {
            assertEquals(DROP, judge(none, "192.0.2.1"));
            assertEquals(ANSWER, judge(unlimited, "192.0.2.1"));
        }
    }

    @Test
    public void theTableIsBounded() throws Exception {
        RateLimit limit = limit(1, 2, 100);
        Random random = new Random(1);
        byte[] address = new byte[4];
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(address);
            limit.judge(InetAddress.getByAddress(address));
        }
        assertEquals(100, limit.networks());
    }

    private RateLimit limit(int perSecond, int slip, int networks) {
        return new RateLimit(new RateLimit.Limits(perSecond, slip, networks), nanos::get);
    }

    private static RateLimit.Verdict judge(RateLimit limit, String client) {
        return limit.judge(Fixtures.addresses(client).get(0));
    }
}
