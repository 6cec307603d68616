package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.adit.api.DomainManager.Domain;
import io.adit.api.RegistrationException;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class DomainsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Map<String, Set<String>> records = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private NameStore store;
    private Domains domains;

    @Before
    public void open() throws SQLException {
        store = new NameStore(Fixtures.embedded(folder.getRoot().toPath().resolve("registry")));
        DomainStore table = new DomainStore(store);
        domains = new Domains(table, table.load(), Set.of("a", "b")::contains, "tunnel.example",
                new Domains.Limits(2, 3, Duration.ofHours(6), Duration.ofDays(3)), this::lookUp, () -> now, (domain, name) -> told.add(domain + "=" + name));
    }

    private Set<String> lookUp(String name) throws TxtRecords.NotFoundException {
        if (!records.containsKey(name)) {
            throw new TxtRecords.NotFoundException("there is no " + name);
        }
        return records.get(name);
    }

    @After
    public void close() throws SQLException {
        store.close();
    }

    private static String state(Domain domain) {
        return domain.name() + " " + domain.state() + (domain.problem().isEmpty() ? "" : " (" + domain.problem() + ")");
    }

    private String check(String domain) throws RegistrationException {
        return String.join(", ", domains.check(domain).stream().map(DomainsTest::state).toList());
    }

    private void refused(String why, String name, String domain) {
        assertEquals(why, assertThrows(RegistrationException.class, () -> domains.add(name, domain)).getMessage());
    }

    @Test
    public void aDomainLeadsToTheNameWhenItsRecordIsThere() throws Exception {
        Domain wanted = domains.add("a", "WWW.Example.ORG.");
        assertEquals("www.example.org", wanted.domain());
        assertEquals("_adit.www.example.org", wanted.record());
        assertTrue(wanted.value(), wanted.value().matches("adit-domain=[0-9a-f]{40}"));
        assertEquals("a waiting", state(wanted));
        assertEquals("asked for again, it is the same", wanted, domains.add("a", "www.example.org"));
        assertEquals("a waiting (there is no _adit.www.example.org)", check("www.example.org"));
        assertEquals(Optional.empty(), domains.nameOf("www.example.org"));
        records.put("_adit.www.example.org", Set.of("adit-domain=" + "0".repeat(40), "v=spf1 -all"));
        assertEquals("a waiting (the TXT record at _adit.www.example.org says something else)", check("www.example.org"));
        records.put("_adit.www.example.org", Set.of("v=spf1 -all", wanted.value()));
        assertEquals("a active", check("www.example.org"));
        assertEquals(Optional.of("a"), domains.nameOf("www.example.org"));
        assertEquals("not below it", Optional.empty(), domains.nameOf("x.www.example.org"));
        assertEquals(List.of("www.example.org=a"), told);

        close();
        open();
        assertEquals("it is in the store", Optional.of("a"), domains.nameOf("www.example.org"));
        assertEquals(Map.of("www.example.org", "a"), domains.active());
    }

    @Test
    public void whatNobodyGets() {
        String not = "' is not a domain such as www.example.org; one with other letters is written with xn--";
        for (String bad : new String[] {"", "localhost", "192.0.2.1", "a..b.example", "-a.example", "a_b.example", "b\u00fccher.example", "a.example:80", "*.example.org",
                "a.".repeat(124) + "example"}) {
            refused("'" + Names.printable(bad) + not, "a", bad);
        }
        refused("'x.tunnel.example' is in the domain of the names", "a", "x.tunnel.example");
        refused("'tunnel.example' is in the domain of the names", "a", "tunnel.example.");
        refused("there is no name 'c'", "c", "www.example.org");
    }

    @Test
    public void limits() throws Exception {
        domains.add("a", "one.example");
        domains.add("a", "two.example");
        refused("'a' has 2 domains already", "a", "three.example");
        domains.add("b", "one.example");
        refused("there are 3 domains already", "b", "three.example");
        assertTrue(domains.remove("a", "two.example"));
        assertFalse(domains.remove("a", "two.example"));
        domains.add("b", "three.example");
    }

    @Test
    public void aDomainBelongsToOneNameAndAProofMovesIt() throws Exception {
        Domain mine = domains.add("a", "www.example.org");
        Domain others = domains.add("b", "www.example.org");
        assertNotEquals("what proves it for one proves nothing for another", mine.value(), others.value());
        records.put("_adit.www.example.org", Set.of(mine.value()));
        assertEquals("a active, b waiting", check("www.example.org"));
        records.put("_adit.www.example.org", Set.of(others.value()));
        assertEquals("a waiting, b active", check("www.example.org"));
        assertEquals(Optional.of("b"), domains.nameOf("www.example.org"));
        domains.remove("b", "www.example.org");
        assertEquals(Optional.empty(), domains.nameOf("www.example.org"));
        assertEquals(List.of("www.example.org=a", "www.example.org=b", "www.example.org=null"), told);
        assertNotEquals("asked for anew, the old record proves nothing", others.value(), domains.add("b", "www.example.org").value());
    }

    @Test
    public void itIsLookedForNowAndThenAndServedForAWhileWithoutItsRecord() throws Exception {
        Domain wanted = domains.add("a", "www.example.org");
        records.put("_adit.www.example.org", Set.of(wanted.value()));
        domains.tick();
        assertEquals(Optional.of("a"), domains.nameOf("www.example.org"));
        records.clear();
        now = now.plus(Duration.ofHours(5));
        domains.tick();
        assertEquals("not yet looked for again", "a active", state(domains.domains().get(0)));
        now = now.plus(Duration.ofHours(2));
        domains.tick();
        assertEquals("a failing (there is no _adit.www.example.org)", state(domains.domains().get(0)));
        assertEquals(Optional.of("a"), domains.nameOf("www.example.org"));
        now = now.plus(Duration.ofHours(60));
        domains.tick();
        assertEquals(Optional.of("a"), domains.nameOf("www.example.org"));
        now = now.plus(Duration.ofHours(12));
        domains.tick();
        assertEquals(Optional.empty(), domains.nameOf("www.example.org"));
        assertEquals(List.of(), domains.domains());
    }

    @Test
    public void itGoesWithItsName() throws Exception {
        Domain wanted = domains.add("a", "www.example.org");
        records.put("_adit.www.example.org", Set.of(wanted.value()));
        check("www.example.org");
        domains.renamed("a", "b");
        assertEquals(Optional.of("b"), domains.nameOf("www.example.org"));
        assertEquals("b active", check("www.example.org"));
        domains.ended("b");
        assertEquals(Optional.empty(), domains.nameOf("www.example.org"));
        close();
        open();
        assertEquals(List.of(), domains.domains());
    }
}
