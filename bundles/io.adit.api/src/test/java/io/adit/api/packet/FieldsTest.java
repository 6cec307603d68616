package io.adit.api.packet;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;

import org.junit.Test;

public class FieldsTest {

    @Test
    public void aBuilderOfTheRightSizeOrAnyOtherGivesTheSame() {
        for (int size : new int[] {0, 1, 2, 3, 100}) {
            Fields.Builder builder = Fields.builder(size);
            builder.add("a", "1").add("B", "");
            assertEquals("size " + size, Fields.of("a", "1", "B", ""), builder.build());
        }
        assertSame(Fields.EMPTY, Fields.builder(0).build());
        assertSame(Fields.EMPTY, Fields.builder(7).build());
    }

    @Test
    public void aContentLengthIsOneToEighteenDigits() {
        assertEquals(0, Fields.contentLength("0"));
        assertEquals(7, Fields.contentLength("000000000000000007"));
        assertEquals(999_999_999_999_999_999L, Fields.contentLength("9".repeat(18)));
        for (String bad : new String[] {"", "0".repeat(19), "-1", "+1", " 1", "1 ", "1,1", "0x1", "1.0", "1e3", "\u0661", "/", ":"}) {
            assertEquals(bad, -1, Fields.contentLength(bad));
        }
    }

    @Test
    public void whatIsBuiltDoesNotChangeWhenMoreIsAdded() {
        Fields.Builder builder = Fields.builder(1).add("a", "1");
        Fields one = builder.build();
        assertEquals(one, builder.build());
        Fields two = builder.add("b", "2").build();
        Fields three = builder.add("c", "3").build();
        assertEquals(Fields.of("a", "1"), one);
        assertEquals(Fields.of("a", "1", "b", "2"), two);
        assertEquals(Fields.of("a", "1", "b", "2", "c", "3"), three);
    }

    @Test
    public void someTakeThePlaceOfAllWithTheirNames() {
        Fields fields = Fields.of("a", "1", "B", "2", "b", "3", "c", "4");
        assertSame(fields, fields.with(Fields.EMPTY));
        assertEquals(Fields.of("a", "1"), Fields.EMPTY.with(Fields.of("a", "1")));
        assertEquals(Fields.of("a", "1", "b", "x", "c", "4", "d", "y"), fields.with(Fields.of("d", "y", "b", "x")));
        assertEquals(Fields.of("a", "1", "b", "x", "B", "z", "c", "4"), fields.with(Fields.of("b", "x", "B", "z")));
    }
}
