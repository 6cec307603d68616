package io.adit.shell;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Records as text. Stateless. */
final class Table {

    private static final int WIDEST = 120;

    private Table() {
    }

    /** A head and the rows, with aligned columns, two spaces between. */
    static String of(Class<?> kind, Collection<? extends Row> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(titles(kind));
        rows.forEach(row -> all.add(cells(row)));
        return aligned(all);
    }

    /** A component a line; those that are rows themselves as tables below. */
    static String details(Row row) {
        List<List<String>> plain = new ArrayList<>();
        StringBuilder tables = new StringBuilder();
        for (RecordComponent component : row.getClass().getRecordComponents()) {
            Object value = value(row, component);
            if (value instanceof Listing<?> rows) {
                tables.append(rows.isEmpty() ? "" : "\n\n" + rows);
            } else {
                plain.add(List.of(title(component), cell(value)));
            }
        }
        return aligned(plain) + tables;
    }

    /** One line. */
    static String line(Row row) {
        return String.join("  ", cells(row));
    }

    static List<String> cells(Row row) {
        return columns(row.getClass()).map(component -> cell(value(row, component))).toList();
    }

    private static List<String> titles(Class<?> kind) {
        return columns(kind).map(Table::title).toList();
    }

    private static Stream<RecordComponent> columns(Class<?> kind) {
        return Stream.of(kind.getRecordComponents()).filter(component -> component.getType() != Listing.class);
    }

    private static String title(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toUpperCase(Locale.ROOT);
    }

    private static Object value(Row row, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(row);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component.getName(), e);
        }
    }

    /** What others sent must not do anything to a terminal, and keep to its line. */
    private static String cell(Object value) {
        String text = value instanceof Collection<?> many ? String.join(",", many.stream().map(String::valueOf).toList()) : String.valueOf(value);
        if (value == null || text.isEmpty()) {
            return "-";
        }
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > WIDEST ? clean.substring(0, WIDEST) + "..." : clean;
    }

    private static String aligned(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : rows) {
            text.append(text.isEmpty() ? "" : "\n");
            for (int column = 0; column < columns; column++) {
                String cell = row.get(column);
                text.append(cell).append(column == columns - 1 ? "" : " ".repeat(widths[column] - cell.length() + 2));
            }
        }
        return text.toString();
    }
}
