package io.adit.way;

/**
 * What a forward proxy asks for. Immutable; no text form tells the password.
 *
 * @param password may be empty
 */
public record Login(String user, String password) {

    @Override
    public String toString() {
        return user + ":***";
    }
}
