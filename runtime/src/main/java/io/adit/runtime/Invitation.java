package io.adit.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where {@code --invite} and {@code --registrar} take their invitation from, and whether that can be one at all. */
final class Invitation {

    private static final int LONGEST = 4096;
    private static final String FORM =
        "adit://[a-z0-9-]{1,63}:[A-Za-z0-9_-]{43}=?@(\\[[0-9A-Fa-f:.%]+\\]|[A-Za-z0-9._-]+):[0-9]{1,5}"
            + "\\?(tls=off|cert=[0-9A-Fa-f]{64})";

    private Invitation() {
    }

    /**
     * @param option whose argument it is
     * @param argument {@code @FILE}, {@code -} for one line of standard input, or the invitation itself
     */
    static String read(String option, String argument) throws CommandFailure {
        String text = source(option, argument).trim();
        if (text.isEmpty()) {
            throw CommandFailure.usage(option + ": the invitation is empty");
        } else if (!isWhole(text)) {
            // Not repeated here: a damaged invitation still holds a secret.
            throw CommandFailure.usage(option + ": this is not a whole invitation, the one line that 'adit invite' prints: "
                + "adit://NAME:SECRET@HOST:PORT?cert=FINGERPRINT");
        }
        return text;
    }

    static boolean isWhole(String text) {
        return text.matches(FORM);
    }

    private static String source(String option, String argument) throws CommandFailure {
        try {
            if (argument.equals("-")) {
                // One line only: standard input may stay open.
                StringBuilder line = new StringBuilder();
                int c = System.in.read();
                while (c >= 0 && c != '\n' && line.length() <= LONGEST) {
                    line.append((char) c);
                    c = System.in.read();
                }
                return line.toString();
            } else if (argument.startsWith("@")) {
                return Files.readString(Path.of(argument.substring(1)), StandardCharsets.ISO_8859_1);
            }
            return argument;
        } catch (IOException e) {
            throw CommandFailure.usage(option + ": cannot read " + argument.substring(1) + ": " + Failures.oneLine(e));
        }
    }
}
