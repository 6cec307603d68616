package io.adit.share;

import static org.junit.Assert.assertEquals;

import java.util.OptionalLong;

import org.junit.Test;

public class HttpDatesTest {

    private static final long SECONDS = 784_111_777L;

    @Test
    public void writesTheFixedForm() {
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", HttpDates.format(SECONDS));
        assertEquals("Thu, 01 Jan 1970 00:00:00 GMT", HttpDates.format(0));
    }

    @Test
    public void readsAllThreeForms() {
        for (String text : new String[] {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994"}) {
            assertEquals(text, OptionalLong.of(SECONDS), HttpDates.parse(text));
        }
        assertEquals(OptionalLong.of(SECONDS + 10 * 86_400), HttpDates.parse("Wed Nov 16 08:49:37 1994"));
    }

    @Test
    public void whatIsNoDateIsEmpty() {
        for (String text : new String[] {null, "", "0", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT; length=5"}) {
            assertEquals(text, OptionalLong.empty(), HttpDates.parse(text));
        }
    }
}
