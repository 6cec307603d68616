package io.adit.runtime;

import java.nio.file.Path;

import io.adit.api.SecretFile;

/**
 * The invitation of a home: in a file that its owner only may read, and that the connector's configuration names. In the configuration itself, as older
 * homes have it, whoever may look at components would see it. Not thread-safe.
 */
final class KeptInvitation {

    private static final String PID = "io.adit.connector";
    private static final String INLINE = "invitation";
    private static final String FILE = "invitation.file";

    private final EtcFolder etc;
    private final ConfigFile connector;
    private final Path file;

    /** @param file of the home, for an invitation that is set here */
    KeptInvitation(EtcFolder etc, ConfigFile connector, String file) {
        this.etc = etc;
        this.connector = connector;
        this.file = Path.of(file);
    }

    /** As the connector finds it; empty where its configuration names none. */
    String text() throws CommandFailure {
        if (connector.text(INLINE).isBlank() && connector.text(FILE).isBlank()) {
            return "";
        }
        try {
            return SecretFile.either(PID, INLINE, connector.text(INLINE), connector.text(FILE), etc.home());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.runTime(e.getMessage());
        }
    }

    /** For a line that says what is wrong with it. */
    String where() {
        String named = connector.text(FILE).strip();
        return PID + ": " + (named.isEmpty() ? INLINE : FILE + ": " + etc.home().resolve(named));
    }

    void set(String invitation) {
        etc.setSecret(file, invitation);
        connector.setInstead(INLINE, FILE, file.toString());
    }

    /** Of an older home, where nothing is in the way: what is no invitation, or comes from elsewhere, is not ours to move. */
    void moveToFile() {
        String inline = connector.text(INLINE).strip();
        if (connector.text(FILE).isBlank() && Invitation.isWhole(inline) && etc.isWritable(file)) {
            set(inline);
        }
    }
}
