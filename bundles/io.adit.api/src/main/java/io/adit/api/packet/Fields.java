package io.adit.api.packet;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * The fields (headers or trailers) of a message, as they came: order, repeats, case and empty values are kept.
 * Names and values are Latin-1 strings: one char is one byte of the message, so obs-text passes unchanged (RFC 9110 section 5.5).
 *
 * <p>Thread-safety: immutable.
 */
public final class Fields implements Iterable<Fields.Field> {

    /** One field line. */
    public record Field(String name, String value) {
        public Field {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    public static final Fields EMPTY = new Fields(new String[0]);

    /** name, value, name, value, ... */
    private final String[] lines;

    private Fields(String[] lines) {
        this.lines = lines;
    }

    public static Builder builder() {
        return new Builder(16);
    }

    /** A builder for about that many fields: with exactly as many, {@link Builder#build()} copies nothing. */
    public static Builder builder(int fields) {
        return new Builder(fields);
    }

    /** Fields from name, value, name, value, ...; for tests and constants. */
    public static Fields of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a field has a name and a value");
        }
        return new Fields(namesAndValues.clone());
    }

    /**
     * Reads a Content-Length (RFC 9110 section 8.6) as both sides of the tunnel do: one to 18 digits, which is a byte short of an exabyte, and nothing else.
     *
     * @param value of a field, without blanks around it
     * @return bytes; -1 where it is no such number
     */
    public static long contentLength(String value) {
        if (value.isEmpty() || value.length() > 18) {
            return -1;
        }
        long length = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            length = 10 * length + c - '0';
        }
        return length;
    }

    public int size() {
        return lines.length / 2;
    }

    public boolean isEmpty() {
        return lines.length == 0;
    }

    public String name(int index) {
        return lines[2 * index];
    }

    public String value(int index) {
        return lines[2 * index + 1];
    }

    /** The value of the first field of that name (any case), or null. */
    public String first(String name) {
        for (int i = 0; i < lines.length; i += 2) {
            if (lines[i].equalsIgnoreCase(name)) {
                return lines[i + 1];
            }
        }
        return null;
    }

    /** The values of all fields of that name (any case), in order. */
    public List<String> all(String name) {
        List<String> values = new java.util.ArrayList<>(2);
        for (int i = 0; i < lines.length; i += 2) {
            if (lines[i].equalsIgnoreCase(name)) {
                values.add(lines[i + 1]);
            }
        }
        return values;
    }

    public boolean contains(String name) {
        return first(name) != null;
    }

    public void forEach(BiConsumer<String, String> consumer) {
        for (int i = 0; i < lines.length; i += 2) {
            consumer.accept(lines[i], lines[i + 1]);
        }
    }

    /** These, with those in place of all that have their names (any case): where the first of a name stood, or behind the rest where none did. */
    public Fields with(Fields those) {
        if (those.isEmpty()) {
            return this;
        } else if (isEmpty()) {
            return those;
        }
        Builder result = builder(size() + those.size());
        for (int i = 0; i < size(); i++) {
            String name = name(i);
            if (!those.contains(name)) {
                result.add(name, value(i));
            } else if (indexOf(name) == i) {
                those.forEach((other, value) -> {
                    if (other.equalsIgnoreCase(name)) {
                        result.add(other, value);
                    }
                });
            }
        }
        those.forEach((name, value) -> {
            if (!contains(name)) {
                result.add(name, value);
            }
        });
        return result.build();
    }

    private int indexOf(String name) {
        int index = 0;
        while (!name(index).equalsIgnoreCase(name)) {
            index++;
        }
        return index;
    }

    /** The bytes of all names and values together, without separators: what limits count. */
    public int bytes() {
        int bytes = 0;
        for (String line : lines) {
            bytes += line.length();
        }
        return bytes;
    }

    @Override
    public Iterator<Field> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < lines.length;
            }

            @Override
            public Field next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Field field = new Field(lines[next], lines[next + 1]);
                next += 2;
                return field;
            }
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fields fields && Arrays.equals(lines, fields.lines);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(lines);
    }

    /** Names only: values may hold secrets, and this text reaches logs. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < lines.length; i += 2) {
            text.append(i == 0 ? "" : ", ").append(lines[i]);
        }
        return text.append(']').toString();
    }

    /** Collects fields in order. Not thread-safe. */
    public static final class Builder {
        private String[] lines;
        private int length;

        private Builder(int fields) {
            lines = new String[2 * fields];
        }

        public Builder add(String name, String value) {
            if (length == lines.length) {
                lines = Arrays.copyOf(lines, Math.max(16, 2 * length));
            }
            lines[length++] = Objects.requireNonNull(name, "name");
            lines[length++] = Objects.requireNonNull(value, "value");
            return this;
        }

        public Builder addAll(Fields fields) {
            fields.forEach(this::add);
            return this;
        }

        public Fields build() {
            if (length == 0) {
                return EMPTY;
            }
            // a full array is handed over: whoever adds to it makes a larger one first
            return new Fields(length == lines.length ? lines : Arrays.copyOf(lines, length));
        }
    }
}
