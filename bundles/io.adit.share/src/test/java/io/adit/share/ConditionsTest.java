package io.adit.share;

import static io.adit.share.Conditions.Verdict.FAILED;
import static io.adit.share.Conditions.Verdict.NOT_MODIFIED;
import static io.adit.share.Conditions.Verdict.PROCEED;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import io.adit.share.Conditions.Verdict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.OptionalLong;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** RFC 9110 section 13.2.2, row by row. */
public class ConditionsTest {

    private static final Validators NOW = new Validators("\"a,b\"", HttpDates.parse("Sun, 06 Nov 1994 08:49:37 GMT"));
    private static final String SAME = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String OLDER = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String NEWER = "Sun, 06 Nov 1994 08:49:38 GMT";

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private static void row(Verdict verdict, String ifMatch, String ifUnmodifiedSince, String ifNoneMatch,
        String ifModifiedSince) {
        Conditions conditions = new Conditions(ifMatch, ifUnmodifiedSince, ifNoneMatch, ifModifiedSince, null);
        assertEquals(conditions.toString(), verdict, conditions.evaluate(NOW));
    }

    @Test
    public void preconditionsInTheirOrder() {
        row(PROCEED, null, null, null, null);
        // If-Match: strong comparison
        row(PROCEED, "\"a,b\"", null, null, null);
        row(PROCEED, "\"x\", \"a,b\"", null, null, null);
        row(PROCEED, "*", null, null, null);
        row(FAILED, "\"x\"", null, null, null);
        row(FAILED, "W/\"a,b\"", null, null, null);
        row(FAILED, "\"a\"", null, null, null);
        row(FAILED, "a,b", null, null, null);
        row(FAILED, "", null, null, null);
        // If-Unmodified-Since counts only without If-Match, and only as a date
        row(PROCEED, null, SAME, null, null);
        row(PROCEED, null, NEWER, null, null);
        row(FAILED, null, OLDER, null, null);
        row(PROCEED, "\"a,b\"", OLDER, null, null);
        row(PROCEED, null, "yesterday", null, null);
        // If-None-Match: weak comparison
        row(NOT_MODIFIED, null, null, "\"a,b\"", null);
        row(NOT_MODIFIED, null, null, "W/\"a,b\"", null);
        row(NOT_MODIFIED, null, null, "\"x\",W/\"y\",\"a,b\"", null);
        row(NOT_MODIFIED, null, null, "*", null);
        row(PROCEED, null, null, "\"x\"", null);
        // If-Modified-Since counts only without If-None-Match
        row(NOT_MODIFIED, null, null, null, SAME);
        row(NOT_MODIFIED, null, null, null, NEWER);
        row(PROCEED, null, null, null, OLDER);
        row(PROCEED, null, null, null, "1994-11-06");
        row(PROCEED, null, null, "\"x\"", SAME);
        row(NOT_MODIFIED, null, null, "\"a,b\"", OLDER);
        // the first pair comes before the second
        row(FAILED, "\"x\"", null, "\"a,b\"", null);
        row(FAILED, null, OLDER, "\"a,b\"", null);
        row(NOT_MODIFIED, "\"a,b\"", null, "\"a,b\"", null);
        row(NOT_MODIFIED, null, SAME, null, SAME);
    }

    @Test
    public void withoutADateOfItsOwnAPageIgnoresDates() {
        Validators page = new Validators("\"p\"", OptionalLong.empty());
        assertEquals(PROCEED, new Conditions(null, OLDER, null, NEWER, null).evaluate(page));
        assertFalse(new Conditions(null, null, null, null, SAME).rangeAllowed(page));
    }

    @Test
    public void ifRangeNeedsAStrongMatch() {
        Object[][] table = {{null, true}, {"\"a,b\"", true}, {SAME, true}, {"Sunday, 06-Nov-94 08:49:37 GMT", true},
            {"W/\"a,b\"", false}, {"\"x\"", false},
            {OLDER, false}, {NEWER, false}, {"*", false}, {"", false}, {"\"x\", \"a,b\"", false}};
        for (Object[] row : table) {
            assertEquals((String) row[0], row[1], new Conditions(null, null, null, null, (String) row[0]).rangeAllowed(NOW));
        }
    }

    @Test
    public void theTagChangesWithEachChange() throws IOException {
        Path file = temporary.newFile().toPath();
        Files.writeString(file, "one");
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(file, time);
        String tag = validators(file).etag();
        assertTrue(tag, tag.matches("\"[0-9a-f-]+\""));
        assertEquals(tag, validators(file).etag());

        Files.writeString(file, "three");
        Files.setLastModifiedTime(file, time);
        assertNotEquals("size", tag, validators(file).etag());

        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, FileTime.from(time.toInstant().plusNanos(1000)));
        assertNotEquals("a microsecond later", tag, validators(file).etag());

        Path other = temporary.newFile().toPath();
        Files.writeString(other, "two");
        Files.setLastModifiedTime(other, time);
        assertNotEquals("another file of the same size and date", tag, validators(other).etag());
    }

    @Test
    public void aDateInTheFutureIsNotSent() throws IOException {
        Path file = temporary.newFile().toPath();
        Files.setLastModifiedTime(file, FileTime.fromMillis(5_000_000));
        assertEquals(OptionalLong.of(4_000), Validators.of(attributes(file), 4_000_000).lastModified());
        assertEquals(OptionalLong.of(5_000), Validators.of(attributes(file), 6_000_000).lastModified());
    }

    private static Validators validators(Path file) throws IOException {
        return Validators.of(attributes(file), Long.MAX_VALUE);
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class);
    }
}
