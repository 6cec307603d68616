package io.adit.mail;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import io.adit.store.EmbeddedDatabase;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The schema of the store: where it comes from and how it is made. */
public class MailStoreTest {

    private static final Instant THEN = Instant.parse("2026-03-04T05:06:07Z");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private EmbeddedDatabase database(String name) {
        return new EmbeddedDatabase(folder.getRoot().toPath().resolve(name), 1 << 20);
    }

    /** It was made when the versions of the schema were kept in a table of our own. */
    @Test
    public void anEarlierStoreIsCarriedOver() throws Exception {
        EmbeddedDatabase database = database("mail");
        Path file = database.file();
        try (var packed = new GZIPInputStream(MailStoreTest.class.getResourceAsStream("earlier-mail.mv.db.gz"))) {
            Files.copy(packed, file);
        }
        Recipient bob = Recipient.of("bob@example.net");
        for (int opened = 0; opened < 2; opened++) {
            try (MailStore store = new MailStore(database)) {
                assertEquals(Optional.of(new Tables.Peer("alice", "http://alice.example/", "de", "owner@example.net", true, THEN)),
                        store.run(tables -> tables.peer("alice")));
                assertEquals(Optional.of(THEN), store.run(tables -> tables.told("alice", bob, "a title")));
                List<Event> events = store.run(tables -> tables.events("alice", bob));
                assertEquals(List.of("a title"), events.stream().map(Event::title).toList());
                Letter letter = store.run(tables -> tables.dueLetter(THEN)).orElseThrow();
                assertEquals("one@example.org", letter.id());
                assertArrayEquals(new byte[] {1, 2, 3}, letter.content());
                assertTrue(store.run(tables -> tables.isUnsubscribed("alice", Recipient.of("carol@example.net").key())));
            }
        }
    }

    /** H2 commits after each statement that defines something, so a crash can come after each. */
    @Test
    public void aCrashBetweenAnyTwoStatementsOfTheSchemaDoesNoHarm() throws SQLException {
        List<String> statements = MailStore.MIGRATIONS.stream().flatMap(each -> Stream.of(each.script().split("(?<=;)\n"))).toList();
        for (int crash = 0; crash <= statements.size(); crash++) {
            EmbeddedDatabase database = database("crash-" + crash);
            try (Connection connection = database.open(); Statement statement = connection.createStatement()) {
                for (String done : statements.subList(0, crash)) {
                    statement.execute(done);
                }
            }
            try (MailStore store = new MailStore(database)) {
                store.run(tables -> {
                    tables.unsubscribe("", "everybody", THEN);
                    return null;
                });
                assertTrue(store.run(tables -> tables.isUnsubscribed("alice", "everybody")));
            }
        }
    }
}
