package io.adit.codec.v2;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The rows of the dictionary as an encoder and a decoder look at them. Row r has two entries: 2r with the name as it is written in the
 * row, 2r + 1 with the name in lower case. Thread-safety: immutable.
 */
final class Dictionary {

    /** Entry numbers are below it; a number from here on is a literal name of that many bytes more (PROTOCOL C2-5). */
    static final int LITERAL = 512;

    /** What an entry number says: a name, and either a value, or where the value comes from, or neither (it follows). */
    record Entry(String name, String value, Source source) {
    }

    /** All that a name can be written with. The arrays belong together; one of value and source is null in each place. */
    static final class Name {
        final String text;
        final int alone;
        private final String[] values;
        private final Source[] sources;
        private final int[] numbers;

        private Name(String text, List<Integer> entries) {
            this.text = text;
            alone = entries.stream().filter(number -> ENTRIES[number].value == null && ENTRIES[number].source == null).findFirst().orElseThrow();
            int[] whole = entries.stream().mapToInt(Integer::intValue).filter(number -> number != alone).toArray();
            numbers = whole;
            values = new String[whole.length];
            sources = new Source[whole.length];
            for (int i = 0; i < whole.length; i++) {
                values[i] = ENTRIES[whole[i]].value;
                sources[i] = ENTRIES[whole[i]].source;
            }
        }

        /** The number of the entry that has this value too, or -1. */
        int with(String value, Source.Values head) {
            for (int i = 0; i < numbers.length; i++) {
                String known = values[i] != null ? values[i] : head.get(sources[i]);
                if (value.equals(known)) {
                    return numbers[i];
                }
            }
            return -1;
        }
    }

    private static final Entry[] ENTRIES = entries();
    /** Open addressing, a power of two in size, with less than a quarter of the places taken. */
    private static final Name[] NAMES = names();

    private Dictionary() {
    }

    /** Null for a number that has no entry. */
    static Entry entry(int number) {
        return number < ENTRIES.length ? ENTRIES[number] : null;
    }

    /** Null for a name that is not in the dictionary in exactly that case. */
    static Name name(String name) {
        if (name.isEmpty()) {
            return null;
        }
        for (int place = hash(name); ; place = place + 1 & NAMES.length - 1) {
            Name there = NAMES[place];
            if (there == null || there.text.equals(name)) {
                return there;
            }
        }
    }

    /** Of the length and three characters: as good for a fixed set of names as a hash of all of them, and a tenth of the work. */
    private static int hash(String name) {
        int length = name.length();
        int hash = length + 37 * name.charAt(0) + 1021 * name.charAt(length >> 1) + 29 * name.charAt(length - 1);
        return (hash ^ hash >> 9) & 1023;
    }

    private static Entry[] entries() {
        List<Entry> entries = new ArrayList<>();
        for (String row : (Iterable<String>) Rows.TEXT.lines()::iterator) {
            int colon = row.indexOf(": ");
            int equals = colon < 0 ? row.indexOf(" = ") : -1;
            String name = row.substring(0, colon >= 0 ? colon : equals >= 0 ? equals : row.length());
            String value = colon < 0 ? null : row.substring(colon + 2);
            Source source = equals < 0 ? null : Source.valueOf(row.substring(equals + 3).toUpperCase(Locale.ROOT));
            entries.add(new Entry(name, value, source));
            entries.add(new Entry(name.toLowerCase(Locale.ROOT), value, source));
        }
        return entries.toArray(Entry[]::new);
    }

    private static Name[] names() {
        Map<String, List<Integer>> numbers = new LinkedHashMap<>();
        for (int number = 0; number < ENTRIES.length; number++) {
            // a name that is in lower case as it is has the same entry twice; the even one is written
            if (number % 2 == 0 || !ENTRIES[number].equals(ENTRIES[number - 1])) {
                numbers.computeIfAbsent(ENTRIES[number].name, name -> new ArrayList<>()).add(number);
            }
        }
        Name[] table = new Name[1024];
        numbers.forEach((name, entries) -> {
            int place = hash(name);
            while (table[place] != null) {
                place = place + 1 & table.length - 1;
            }
            table[place] = new Name(name, entries);
        });
        return table;
    }
}
