package io.adit.shell;

/**
 * What a command returns: a record, whose components are the columns of a table, and are asked for in the shell by their names. The first is what
 * another command takes in its place.
 */
interface Row {

    /** What it is called. */
    default String key() {
        return Table.cells(this).get(0);
    }

    /** As a shell prints it where it stands alone. */
    default String whole() {
        return Table.details(this);
    }
}
