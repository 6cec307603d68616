package io.adit.connector;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.adit.api.Invitation;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class InvitationFileTest {

    private static final String PID = "io.adit.connector~demo";
    private static final String INVITATION = new Invitation("127.0.0.1", 7443, "demo", new byte[32], new byte[0]).text();

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path home() {
        return temporary.getRoot().toPath();
    }

    private String refused(Map<String, Object> given) {
        return assertThrows(IllegalArgumentException.class, () -> Settings.invitation(PID, Config.of(given), home())).getMessage();
    }

    @Test
    public void itIsInTheConfigurationOrInAFile() throws Exception {
        Files.writeString(home().resolve("invitation"), INVITATION + "\n");
        assertEquals("demo", Settings.invitation(PID, Config.of(Map.of("invitation.file", "invitation")), home()).name());
        assertEquals("demo", Settings.invitation(PID, Config.of(Map.of("invitation.file", home().resolve("invitation").toString())), Path.of("")).name());
        assertEquals("demo", Settings.invitation(PID, Config.of(Map.of("invitation", INVITATION, "invitation.file", "")), home()).name());
        assertEquals("io.adit.connector~demo: invitation and invitation.file are both set", refused(Map.of("invitation", INVITATION, "invitation.file", "invitation")));
        assertEquals("io.adit.connector~demo: invitation or invitation.file must be set", refused(Map.of()));
    }

    @Test
    public void whatIsNoneIsNamedWithItsFileAndNotShown() throws Exception {
        Path file = home().resolve("invitation");
        assertEquals("io.adit.connector~demo: invitation.file: " + file + ": there is no such file", refused(Map.of("invitation.file", "invitation")));
        for (String damaged : new String[] {INVITATION.replace("?tls=off", ""), INVITATION.replace("adit:", "http:"), INVITATION.replace("tls=off", "cert=0")}) {
            Files.writeString(file, damaged);
            String message = refused(Map.of("invitation.file", "invitation"));
            assertEquals("io.adit.connector~demo: invitation.file: " + file, message.substring(0, message.indexOf(file.toString()) + file.toString().length()));
            assertFalse(message, message.contains("AAAA"));
        }
        assertEquals("io.adit.connector~demo: invitation: an invitation starts with adit://", refused(Map.of("invitation", "AAAA")));
    }
}
