package io.adit.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import java.util.Optional;

import org.junit.Test;

public class TermsTextTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    public void timesAsPeopleWriteThem() {
        String[][] table = {
            {"90s", "2026-01-02T03:05:35Z"}, {"5m", "2026-01-02T03:09:05Z"}, {"12h", "2026-01-02T15:04:05Z"}, {"30d", "2026-02-01T03:04:05Z"},
            {"2w", "2026-01-16T03:04:05Z"}, {"P30D", "2026-02-01T03:04:05Z"}, {"PT1H30M", "2026-01-02T04:34:05Z"},
            {"2026-12-31", "2026-12-31T00:00:00Z"}, {"2026-12-31T23:59:59Z", "2026-12-31T23:59:59Z"}, {"2026-12-31T23:59:59+02:00", "2026-12-31T21:59:59Z"},
        };
        for (String[] row : table) {
            assertEquals(row[0], Optional.of(Instant.parse(row[1])), TermsText.expires(row[0], NOW));
        }
        assertEquals(Optional.empty(), TermsText.expires("never", NOW));
    }

    @Test
    public void whatIsNoTimeIsToldInOneLine() {
        for (String bad : new String[] {"", "30", "30y", "-1d", "30 d", "tomorrow", "2026-13-01", "2026-12-31T23:59:59", "P1Y", "9999999999d", "P9999999999999999D",
                "a\nb"}) {
            IllegalArgumentException e = assertThrows(bad, IllegalArgumentException.class, () -> TermsText.expires(bad, NOW));
            assertTrue(e.getMessage(), e.getMessage().matches("[\\x20-\\x7e]{1,200}"));
        }
    }

    @Test
    public void quotasAsPeopleWriteThem() {
        assertEquals(new Quota(10, 20, 10 << 20), TermsText.quota("streams=10,rate=20,bandwidth=10M", Quota.DEFAULTS));
        assertEquals(new Quota(1, 2, 512 << 10), TermsText.quota("bandwidth=512k", new Quota(1, 2, 99_999)));
        assertEquals(new Quota(Quota.NONE, Quota.DEFAULT, 1L << 30), TermsText.quota("rate=default,streams=none,bandwidth=1G", new Quota(1, 2, 0)));
        assertEquals("-", TermsText.of(Quota.DEFAULTS));
        for (Quota quota : new Quota[] {new Quota(1, 0, 0), new Quota(0, Quota.NONE, 20_000), Quota.UNLIMITED}) {
            assertEquals("it reads what it writes", quota, TermsText.quota(TermsText.of(quota), Quota.DEFAULTS));
        }
    }

    @Test
    public void whatIsNoQuotaIsToldInOneLine() {
        for (String bad : new String[] {"", "10", "streams", "streams=", "streams=0", "streams=-1", "streams=x", "streams=1,", "speed=1", "bandwidth=1", "rate=1.5",
                "streams=2000000", "streams=4294967297", "bandwidth=999999999999999T", "streams=1\n"}) {
            IllegalArgumentException e = assertThrows(bad, IllegalArgumentException.class, () -> TermsText.quota(bad, Quota.DEFAULTS));
            assertTrue(e.getMessage(), e.getMessage().matches("[\\x20-\\x7e]{1,200}"));
        }
    }
}
