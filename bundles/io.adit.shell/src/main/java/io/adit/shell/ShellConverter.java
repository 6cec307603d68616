package io.adit.shell;

import java.util.Collection;
import java.util.stream.Collectors;

import org.apache.felix.service.command.Converter;
import org.osgi.service.component.annotations.Component;

/** Tells a shell how what our commands return looks: lists as tables, a single one in full, and within something else by its name. Stateless. */
@Component(property = "osgi.converter.classes=io.adit.shell.Row")
public final class ShellConverter implements Converter {

    /** One of ours where a name is wanted. Others' are not touched. */
    @Override
    public Object convert(Class<?> desired, Object in) {
        return in instanceof Row row && desired == String.class ? row.key() : null;
    }

    @Override
    public CharSequence format(Object target, int level, Converter escape) {
        if (target instanceof Row row) {
            return level == INSPECT ? row.whole() : level == LINE ? Table.line(row) : row.key();
        }
        if (target instanceof Listing<?> rows) {
            return level == INSPECT ? rows.toString() : keys(rows);
        }
        // what is left of a list after somebody filtered it is a list of somebody else
        if (target instanceof Collection<?> some && !some.isEmpty() && some.stream().allMatch(each -> each instanceof Row)) {
            Collection<Row> rows = some.stream().map(Row.class::cast).toList();
            boolean same = rows.stream().map(Object::getClass).distinct().count() == 1;
            return level == INSPECT && same ? Table.of(rows.iterator().next().getClass(), rows) : keys(rows);
        }
        return null;
    }

    private static String keys(Collection<? extends Row> rows) {
        return rows.stream().map(Row::key).collect(Collectors.joining(", ", "[", "]"));
    }
}
