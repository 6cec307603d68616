package io.adit.mail;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.mail.internet.MimeMultipart;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Who is told of what, how often, and when; with a clock of our own. */
public class AnnouncerTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final Fixtures.HandClock clock = new Fixtures.HandClock();
    private final Fixtures.FakeSender sender = new Fixtures.FakeSender();
    private Path folder;
    private MailStore database;
    private Announcer announcer;
    private Delivery delivery;
    private Unsubscribe unsubscribe;

    @Before
    public void start() throws Exception {
        folder = temporary.getRoot().toPath();
        open(Map.of());
    }

    private void open(Map<String, Object> settings) throws SQLException {
        Options options = Fixtures.options(settings);
        database = Fixtures.database(folder);
        announcer = new Announcer(database, Fixtures.composer(options), options, clock);
        delivery = new Delivery(database, sender, options, clock, () -> 0);
        unsubscribe = new Unsubscribe(new Tokens(Fixtures.KEY), "", database, Runnable::run, clock);
    }

    private void restart(Map<String, Object> settings) throws SQLException {
        database.close();
        open(settings);
    }

    @After
    public void stop() throws Exception {
        database.close();
    }

    /** What goes out after that time. */
    private List<Letter> after(Duration time) throws Exception {
        clock.pass(time);
        sender.sent.clear();
        announcer.compose();
        delivery.send(() -> true);
        return List.copyOf(sender.sent);
    }

    private static List<String> to(List<Letter> letters) {
        return letters.stream().map(each -> each.recipient().address()).sorted().toList();
    }

    private static String subject(Letter letter) throws Exception {
        return Fixtures.parse(letter).getSubject();
    }

    private static String text(Letter letter) throws Exception {
        return (String) ((MimeMultipart) Fixtures.parse(letter).getContent()).getBodyPart(0).getContent();
    }

    @Test
    public void everyoneIsToldOnceAndNeverAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
            announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "notify", "b@example.org", "title", "Photos"));
        }
        assertEquals("it has to be there for a while first", List.of(), after(SECOND));
        List<Letter> letters = after(Duration.ofSeconds(10));
        assertEquals("one message each", List.of("a@example.org", "b@example.org"), to(letters));
        for (int i = 0; i < 10; i++) {
            announcer.offline("alice");
            announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "notify", "B@Example.org", "title", "Photos"));
            assertEquals(List.of(), after(Duration.ofMinutes(30)));
        }
        restart(Map.of());
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "title", "Photos"));
        assertEquals("nor after a restart", List.of(), after(Duration.ofDays(2)));
    }

    @Test
    public void aNewTitleAndANewReaderAreToldAndAnOldTitleIsNot() throws Exception {
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "title", "Photos"));
        assertEquals(1, after(MINUTE).size());
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "notify", "b@example.org", "title", "Photos"));
        assertEquals(List.of("b@example.org"), to(after(MINUTE)));
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "notify", "b@example.org", "title", "Films"));
        List<Letter> letters = after(Duration.ofHours(1));
        assertEquals(List.of("a@example.org", "b@example.org"), to(letters));
        assertEquals("alice.tunnel.example: Films", subject(letters.get(0)));
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "title", "Photos"));
        assertEquals(List.of(), after(Duration.ofDays(1)));
    }

    @Test
    public void titlesThatFlapAreADigestAtMost() throws Exception {
        List<Letter> all = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "title", "Title " + i));
            all.addAll(after(MINUTE));
        }
        assertEquals("in two hours", 2, all.size());
        assertEquals("alice.tunnel.example: Title 0", subject(all.get(0)));
        assertEquals("News from alice.tunnel.example", subject(all.get(1)));
        assertEquals("the newest of them", 20, text(all.get(1)).split("\u201cTitle", -1).length - 1);
    }

    @Test
    public void whatIsNotThereIsNotAnnounced() throws Exception {
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org"));
        announcer.offline("alice");
        assertEquals(List.of(), after(Duration.ofHours(3)));
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org"));
        assertEquals(List.of("a@example.org"), to(after(MINUTE)));
    }

    @Test
    public void anAnnouncementThatCouldNotBeMadeForDaysIsMadeWhenItsPeerIsBack() throws Exception {
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org"));
        announcer.offline("alice");
        assertEquals(List.of(), after(Duration.ofDays(4)));
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org"));
        assertEquals(List.of("a@example.org"), to(after(MINUTE)));
    }

    @Test
    public void nobodyIsToldOfANameThatHasEndedAndItsNextOwnerBeginsAnew() throws Exception {
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "owner", "me@example.org"));
        announcer.ended("alice");
        assertEquals(List.of(), after(Duration.ofHours(1)));
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org"));
        assertEquals(1, after(MINUTE).size());
        announcer.ended("alice");
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org"));
        assertEquals("another owner's", 1, after(Duration.ofHours(2)).size());
    }

    @Test
    public void anOwnerIsToldOfAnAbsenceAndOfItsEnd() throws Exception {
        announcer.online(Fixtures.presence("alice", "owner", "me@example.org", "language", "de"));
        assertEquals("nothing to tell", List.of(), after(MINUTE));
        announcer.offline("alice");
        announcer.offline("alice");
        assertEquals(List.of(), after(Duration.ofMinutes(4)));
        List<Letter> down = after(MINUTE);
        assertEquals(List.of("me@example.org"), to(down));
        assertEquals("alice.tunnel.example ist nicht erreichbar", subject(down.get(0)));
        clock.pass(Duration.ofHours(2));
        announcer.online(Fixtures.presence("alice", "owner", "me@example.org", "language", "de"));
        List<Letter> back = after(SECOND);
        assertEquals(1, back.size());
        assertEquals("alice.tunnel.example ist wieder da", subject(back.get(0)));
        announcer.online(Fixtures.presence("alice", "owner", "me@example.org"));
        assertEquals(List.of(), after(Duration.ofDays(1)));
    }

    @Test
    public void anOwnerIsToldOfNoShortAbsence() throws Exception {
        for (int i = 0; i < 10; i++) {
            announcer.online(Fixtures.presence("alice", "owner", "me@example.org"));
            assertEquals(List.of(), after(MINUTE));
            announcer.offline("alice");
            assertEquals(List.of(), after(Duration.ofMinutes(4)));
        }
    }

    @Test
    public void anOwnerOfAPeerThatFlapsGetsADigestAnHour() throws Exception {
        List<Letter> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            announcer.online(Fixtures.presence("alice", "owner", "me@example.org"));
            all.addAll(after(Duration.ofMinutes(10)));
            announcer.offline("alice");
            all.addAll(after(Duration.ofMinutes(10)));
        }
        assertEquals("in four hours", 4, all.size());
        assertEquals("alice.tunnel.example is away", subject(all.get(0)));
        assertEquals("News from alice.tunnel.example", subject(all.get(1)));
        String text = text(all.get(1));
        assertTrue(text, text.contains("has been back since") && text.contains("has been away since"));
    }

    @Test
    public void aFormerOwnerIsNotTold() throws Exception {
        announcer.online(Fixtures.presence("alice", "owner", "me@example.org"));
        after(MINUTE);
        announcer.offline("alice");
        clock.pass(Duration.ofMinutes(6));
        announcer.online(Fixtures.presence("alice", "owner", "you@example.org"));
        assertEquals(List.of(), after(Duration.ofHours(2)));
        announcer.offline("alice");
        assertEquals(List.of("you@example.org"), to(after(Duration.ofMinutes(6))));
    }

    @Test
    public void aLongerPauseInTheConfigurationHoldsNothingUpThatIsDue() throws Exception {
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org"));
        clock.pass(Duration.ofSeconds(10));
        restart(Map.of("announce.after.seconds", 3600));
        assertEquals(List.of("a@example.org"), to(after(SECOND)));
        assertEquals("and there is nothing left to do", Optional.empty(), announcer.compose());
    }

    @Test
    public void anAbsenceOverARestartIsOneToo() throws Exception {
        announcer.online(Fixtures.presence("alice", "owner", "me@example.org"));
        after(MINUTE);
        restart(Map.of());
        announcer.offline("alice");
        assertEquals(1, after(Duration.ofMinutes(6)).size());
        restart(Map.of());
        announcer.offline("alice");
        assertEquals("known", List.of(), after(Duration.ofHours(2)));
        announcer.online(Fixtures.presence("alice", "owner", "me@example.org"));
        assertEquals(1, after(MINUTE).size());
    }

    @Test
    public void aNameHasItsShareOfADayAndTheRestWaits() throws Exception {
        restart(Map.of("name.max.per.day", 3));
        for (int i = 0; i < 5; i++) {
            announcer.online(Fixtures.presence("alice", "notify", i + "@example.org"));
        }
        announcer.online(Fixtures.presence("bob", "notify", "0@example.org"));
        assertEquals("three of alice's, and bob's", 4, after(MINUTE).size());
        assertEquals(List.of(), after(Duration.ofHours(20)));
        assertEquals("the next day", 2, after(Duration.ofHours(5)).size());
    }

    @Test
    public void allNamesTogetherHaveAShareOfAnHour() throws Exception {
        restart(Map.of("max.per.hour", 2));
        for (int i = 0; i < 5; i++) {
            announcer.online(Fixtures.presence("peer" + i, "notify", "a@example.org"));
        }
        assertEquals(2, after(MINUTE).size());
        Optional<Instant> next = announcer.compose();
        assertEquals("it is known when to look again", clock.instant().plus(Duration.ofHours(1)).plusMillis(1), next.orElseThrow());
        assertEquals(List.of(), after(Duration.ofMinutes(30)));
        assertEquals(2, after(Duration.ofMinutes(31)).size());
        assertEquals(1, after(Duration.ofMinutes(61)).size());
    }

    @Test
    public void recipientsAndTheQueueAreBoundedAndNoOneIsForgotten() throws Exception {
        restart(Map.of("recipients.max", 2, "queue.max", 3, "queue.max.per.name", 2));
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "notify", "b@example.org", "notify", "c@example.org"));
        announcer.online(Fixtures.presence("bob", "notify", "a@example.org", "notify", "b@example.org"));
        assertEquals("two of alice's, one of bob's", List.of("a@example.org", "a@example.org", "b@example.org"), to(after(MINUTE)));
        announcer.online(Fixtures.presence("bob", "notify", "a@example.org", "notify", "b@example.org"));
        assertEquals("was not told, so is told when it comes again", List.of("b@example.org"), to(after(MINUTE)));
    }

    @Test
    public void whoUnsubscribesIsToldNoMore() throws Exception {
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "notify", "b@example.org", "title", "1"));
        List<Letter> letters = after(MINUTE);
        Letter first = letters.stream().filter(each -> each.recipient().address().equals("a@example.org")).findFirst().orElseThrow();
        String path = path(first);
        assertTrue("a look changes nothing", unsubscribe.page("GET", "tunnel.example", path).isPresent());
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "notify", "b@example.org", "title", "2"));
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org", "title", "3"));
        assertEquals(200, unsubscribe.page("POST", "tunnel.example", path).orElseThrow().toCompletableFuture().join().status());
        assertEquals("not what waits either", List.of("b@example.org"), to(after(Duration.ofHours(2))));
        announcer.online(Fixtures.presence("alice", "notify", "A@example.org", "title", "4"));
        announcer.online(Fixtures.presence("bob", "notify", "a@example.org", "title", "4"));
        letters = after(Duration.ofHours(2));
        assertEquals("another name's are welcome", List.of("bob"), letters.stream().map(Letter::name).toList());
        assertEquals(200, unsubscribe.page("POST", "tunnel.example", path(letters.get(0)) + "/all").orElseThrow().toCompletableFuture().join().status());
        announcer.online(Fixtures.presence("carol", "notify", "a@example.org"));
        announcer.ended("alice");
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org"));
        restart(Map.of());
        assertEquals("until now", List.of(), after(Duration.ofDays(1)));
    }

    @Test
    public void aLetterThatWaitsGoesWithItsName() throws Exception {
        announcer.online(Fixtures.presence("alice", "notify", "a@example.org"));
        sender.next = new Sender.Outcome(Sender.Result.LATER, "expected by the test");
        assertEquals(List.of(), after(MINUTE));
        announcer.ended("alice");
        sender.next = new Sender.Outcome(Sender.Result.SENT, "");
        assertEquals(List.of(), after(Duration.ofHours(1)));
    }

    private static String path(Letter letter) throws Exception {
        String link = Fixtures.parse(letter).getHeader("List-Unsubscribe", null);
        assertFalse(link, link.contains("example.org"));
        return link.substring(link.indexOf("/.well-known/"), link.length() - 1);
    }

    @Test
    public void aClockThatIsSetBackStopsNothing() throws Exception {
        restart(Map.of("max.per.hour", 1, "digest.minutes", 1440, "offline.after.seconds", 0));
        clock.pass(Duration.ofDays(365)); // it is wrong
        announcer.online(Fixtures.presence("alice", "notify", "bob@example.net", "title", "One"));
        assertEquals(List.of("bob@example.net"), to(after(MINUTE)));
        announcer.online(Fixtures.presence("alice", "notify", "bob@example.net", "title", "Two"));
        announcer.online(Fixtures.presence("carol", "notify", "dan@example.net", "title", "Three"));
        assertEquals("one an hour, and one a day of the same", List.of(), to(after(MINUTE)));
        clock.pass(Duration.ofDays(-365));
        assertEquals(1, after(SECOND).size());
        assertEquals(1, after(Duration.ofHours(1).plus(SECOND)).size());
    }

    @Test
    public void aServerThatWasAwayWhenTheClockWasSetBackIsAskedAgain() throws Exception {
        clock.pass(Duration.ofDays(365));
        announcer.online(Fixtures.presence("alice", "notify", "bob@example.net", "title", "One"));
        sender.next = new Sender.Outcome(Sender.Result.NO_SERVER, "away");
        assertEquals(List.of(), to(after(MINUTE)));
        sender.next = new Sender.Outcome(Sender.Result.SENT, "");
        clock.pass(Duration.ofDays(-365));
        after(SECOND);
        assertEquals(List.of("bob@example.net"), to(after(Duration.ofHours(3))));
    }
}
