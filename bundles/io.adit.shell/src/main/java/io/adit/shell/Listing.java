package io.adit.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rows of one kind; prints as a table, where there are none as its head. For one shell's thread, as any list. */
final class Listing<T extends Row> extends ArrayList<T> {

    private static final long serialVersionUID = 1L;

    private final Class<T> kind;

    private Listing(Class<T> kind, List<T> rows) {
        super(rows);
        this.kind = kind;
    }

    static <T extends Row> Listing<T> of(Class<T> kind, Stream<T> rows) {
        return new Listing<>(kind, rows.toList());
    }

    @Override
    public String toString() {
        return Table.of(kind, this);
    }
}
