package io.adit.share;

import static org.junit.Assert.assertEquals;

import io.adit.share.Ranges.Range;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.junit.Test;

public class RangesTest {

    private static final String WHOLE = "whole";

    /** The ranges as text, last byte included. */
    private static String parse(String field, long length) {
        Optional<List<Range>> ranges = Ranges.parse(field, length, 5);
        return ranges.map(list -> list.stream().map(range -> range.first() + "-"
            + (range.end() - 1)).collect(Collectors.joining(","))).orElse(WHOLE);
    }

    @Test
    public void oneRange() {
        String[][] table = {
            {"bytes=0-0", "0-0"}, {"bytes=0-499", "0-499"}, {"bytes=500-999", "500-999"}, {"bytes=500-", "500-999"},
                {"bytes=-500", "500-999"},
            {"bytes=-5000", "0-999"}, {"bytes=990-5000", "990-999"}, {"bytes=999-", "999-999"}, {"BYTES=0-1", "0-1"},
            {"bytes= 0-1 ", "0-1"}, {"bytes=,0-1,", "0-1"}, {"bytes=0-99999999999999999999999", "0-999"},
                {"bytes=-99999999999999999999999", "0-999"},
        };
        for (String[] row : table) {
            assertEquals(row[0], row[1], parse(row[0], 1000));
        }
    }

    @Test
    public void nothingToSatisfyIs416() {
        for (String field : List.of("bytes=1000-", "bytes=1000-2000", "bytes=-0", "bytes=99999999999999999999999-",
            "bytes=1000-,2000-")) {
            assertEquals(field, "", parse(field, 1000));
        }
        assertEquals("", parse("bytes=0-", 0));
    }

    @Test
    public void whatIsNoRangeIsIgnored() {
        for (String field : new String[] {null, "", "bytes", "bytes=", "bytes=,", "items=0-1", "bytes=5-4", "bytes=a-b",
            "bytes=1", "bytes=--1", "bytes=1-2-3",
            "bytes=0-1;2-3", "bytes=+1-2", "bytes=0x1-2", "bytes 0-1", "bytes=0 - 1", "bytes=\u0661-\u0662"}) {
            assertEquals(field, WHOLE, parse(field, 1000));
        }
        assertEquals("the suffix of nothing", WHOLE, parse("bytes=-5", 0));
    }

    @Test
    public void severalRangesKeepTheirOrderOrAreMerged() {
        assertEquals("500-599,0-99", parse("bytes=500-599,0-99", 1000));
        assertEquals("unsatisfiable ones are left out", "0-99", parse("bytes=0-99,2000-", 1000));
        assertEquals("overlapping", "0-599", parse("bytes=400-599,0-450", 1000));
        assertEquals("touching", "0-199", parse("bytes=0-99,100-199", 1000));
        assertEquals("a gap that is cheaper sent", "0-199", parse("bytes=0-99,150-199", 1000));
        assertEquals("the gap of a part header", "0-99,180-199", parse("bytes=0-99,180-199", 1000));
        assertEquals("contained", "0-999", parse("bytes=0-,5-6,-3", 1000));
    }

    @Test
    public void tooManyAreIgnored() {
        assertEquals("0-0,100-100,200-200,300-300,400-400", parse("bytes=0-0,100-100,200-200,300-300,400-400", 1000));
        assertEquals(WHOLE, parse("bytes=0-0,100-100,200-200,300-300,400-400,500-500", 1000));
        assertEquals(WHOLE, parse("bytes=" + "0-,".repeat(1000), 1000));
    }

    @Test
    public void contentRange() {
        assertEquals("bytes 5-9/10", new Range(5, 10).of(10));
    }
}
