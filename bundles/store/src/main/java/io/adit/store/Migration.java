package io.adit.store;

/**
 * One change of a {@link Schema}, which is never changed once it was released. Immutable.
 *
 * @param description what it adds, in a few words, up to 255 characters; it is kept in the database
 * @param script SQL that H2 and PostgreSQL both understand; each statement ends with a semicolon at the end of a line and can be repeated (IF NOT EXISTS), since a
 *        crash can come between it and the next one (H2 commits after each that defines something); comments are lines that begin with --
 */
public record Migration(String description, String script) {
}
