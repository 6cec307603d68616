package io.adit.acme;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** When certificates are got, by a clock that the test turns. */
public class KeeperTest {

    private static final String DOMAIN = "example.org";
    private static final String OTHER = "other.example";

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final Turned clock = new Turned();
    private final List<String> asked = new ArrayList<>();
    private final Map<String, Exception> refused = new HashMap<>();
    private Duration life = Duration.ofDays(90);
    private Optional<Set<String>> owned = Optional.empty();
    private Path folder;
    private Keeper keeper;

    @Before
    public void start() {
        keeper = keeper(Map.of());
    }

    @Test
    public void domainsThatLeadToNamesGetOneTooWhileTheyDo() throws Exception {
        keeper = keeper(Map.of("own.domains", true));
        Instant begin = clock.instant();
        assertEquals("it looks for more soon", begin.plus(Duration.ofMinutes(1)), look());
        assertEquals(List.of(DOMAIN), asked);
        owned = Optional.of(Set.of(OTHER));
        look();
        assertEquals(List.of(DOMAIN, OTHER), asked);
        owned = Optional.empty();
        clock.now = begin.plus(Duration.ofDays(61));
        look();
        assertEquals("while nobody knows they are those of before", List.of(DOMAIN, OTHER, DOMAIN, OTHER), asked);
        owned = Optional.of(Set.of());
        clock.now = begin.plus(Duration.ofDays(122));
        look();
        assertEquals("the configured one stays", List.of(DOMAIN, OTHER, DOMAIN, OTHER, DOMAIN), asked);
    }

    @Test
    public void aCertificateIsGotOnceAndRenewedBeforeItsEnd() throws Exception {
        Instant begin = clock.instant();
        assertEquals(begin.plus(Duration.ofHours(12)), look());
        assertEquals(List.of(DOMAIN), asked);
        clock.now = begin.plus(Duration.ofHours(12));
        assertEquals(begin.plus(Duration.ofHours(24)), look());
        clock.now = begin.plus(Duration.ofDays(59)).plus(Duration.ofHours(18));
        assertEquals("not later than it is due", begin.plus(Duration.ofDays(60)), look());
        assertEquals(List.of(DOMAIN), asked);
        clock.now = begin.plus(Duration.ofDays(60));
        look();
        assertEquals(List.of(DOMAIN, DOMAIN), asked);
        look();
        assertEquals(List.of(DOMAIN, DOMAIN), asked);
    }

    @Test
    public void aNewKeeperFindsWhatIsThere() throws Exception {
        look();
        keeper = keeper(Map.of());
        look();
        assertEquals(List.of(DOMAIN), asked);
    }

    @Test
    public void aShortLifeDoesNotMakeABusyLoop() throws Exception {
        life = Duration.ofSeconds(9);
        Instant begin = clock.instant();
        assertEquals(begin.plus(Duration.ofMinutes(15)), look());
        clock.now = begin.plus(Duration.ofMinutes(15));
        look();
        assertEquals(List.of(DOMAIN, DOMAIN), asked);
    }

    @Test
    public void failuresDoubleThePauseUpToTheLongest() throws Exception {
        refused.put(DOMAIN, new IOException("no"));
        for (int minutes : new int[] {15, 30, 60, 120, 240, 480, 720, 720}) {
            Instant begin = clock.instant();
            Duration pause = Duration.ofMinutes(minutes);
            assertEquals("with the test's share of the extra quarter", begin.plus(pause).plus(pause.dividedBy(8)), look());
            clock.now = begin.plus(pause);
            int before = asked.size();
            look();
            assertEquals("too early", before, asked.size());
            clock.now = begin.plus(pause).plus(pause.dividedBy(8));
        }
        assertTrue(keeper.conditions().toString(), keeper.conditions().get(0).toString().startsWith("WARN acme: no certificate for " + DOMAIN + ": no (attempt 8, the next at "));
        refused.clear();
        look();
        assertEquals("OK acme: no certificate is overdue", keeper.conditions().get(0).toString());
        refused.put(DOMAIN, new IOException("no"));
        clock.now = clock.now.plus(Duration.ofDays(60));
        assertEquals("begins anew", clock.now.plus(Duration.ofMinutes(15)).plusMillis(112_500), look());
    }

    @Test
    public void theAuthoritysWordOnWhenToComeBackCounts() throws Exception {
        Instant late = clock.instant().plus(Duration.ofDays(7));
        refused.put(DOMAIN, new Issuer.TooEarlyException("too many certificates", late, null));
        assertEquals(late, look());
    }

    @Test
    public void aFailureLeavesAValidCertificateAndOtherDomainsAlone() throws Exception {
        keeper = keeper(Map.of("domains", new String[] {DOMAIN, OTHER}));
        look();
        byte[] before = Files.readAllBytes(folder.resolve(DOMAIN + ".crt"));
        byte[] other = Files.readAllBytes(folder.resolve(OTHER + ".crt"));
        byte[] key = Files.readAllBytes(folder.resolve(DOMAIN + ".key"));
        clock.now = clock.now.plus(Duration.ofDays(61));
        refused.put(DOMAIN, new IOException("no"));
        look();
        assertEquals(List.of(DOMAIN, OTHER, DOMAIN, OTHER), asked);
        assertArrayEquals(before, Files.readAllBytes(folder.resolve(DOMAIN + ".crt")));
        assertArrayEquals(key, Files.readAllBytes(folder.resolve(DOMAIN + ".key")));
        assertFalse(Arrays.equals(other, Files.readAllBytes(folder.resolve(OTHER + ".crt"))));
    }

    @Test
    public void aFailureWhileStoppingIsNone() throws Exception {
        refused.put(DOMAIN, new IOException("interrupted"));
        boolean[] first = {true};
        keeper.look(() -> {
            boolean was = first[0];
            first[0] = false;
            return was;
        });
        look();
        assertEquals("asked again at once", List.of(DOMAIN, DOMAIN), asked);
    }

    @Test
    public void anInterruptEndsIt() {
        refused.put(DOMAIN, new InterruptedException());
        assertThrows(InterruptedException.class, this::look);
    }

    private Instant look() throws InterruptedException {
        return keeper.look(() -> true);
    }

    private Keeper keeper(Map<String, Object> given) {
        Options options = Config.options(temporary.getRoot().toPath(), given);
        folder = options.certificates();
        return new Keeper(options, new CertificateFolder(folder, options.renewBefore(), clock), this::issue, clock, () -> 0.5, () -> owned);
    }

    private Issuer.Issued issue(String domain) throws Exception {
        asked.add(domain);
        if (refused.containsKey(domain)) {
            throw refused.get(domain);
        }
        KeyPair pair = Certificates.pair("EC", 256);
        return new Issuer.Issued(pair, List.of(Certificates.of(pair, domain, clock.instant(), clock.instant().plus(life))));
    }

    private static final class Turned extends Clock {
        private Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
