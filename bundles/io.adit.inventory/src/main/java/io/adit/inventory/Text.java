package io.adit.inventory;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Maps and lists as text: a heading for each part, a line for each row. Stateless. */
final class Text {

    private Text() {
    }

    static void print(PrintWriter writer, Map<String, Object> all) {
        all.forEach((name, value) -> {
            if (value instanceof Map<?, ?> map) {
                heading(writer, name);
                map.forEach((key, one) -> writer.println("  " + key + " = " + plain(one)));
            } else if (value instanceof Collection<?> rows) {
                heading(writer, name);
                rows.forEach(row -> writer.println("  " + (row instanceof Map<?, ?> map
                        ? map.entrySet().stream().map(each -> each.getKey() + "=" + plain(each.getValue())).collect(Collectors.joining("  ")) : plain(row))));
            } else {
                writer.println(name + " = " + plain(value));
            }
        });
    }

    private static void heading(PrintWriter writer, String name) {
        writer.println();
        writer.println(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
    }

    /** One line, whoever sent it. */
    private static String plain(Object value) {
        return String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
    }
}
