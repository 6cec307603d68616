package io.adit.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What the user sees: standard output and error as they were when the process began. {@link #redirectTo} sends everything that
 * anybody else prints (bundles, the framework, the JDK, stack traces) to a file, so that only lines meant for the user appear.
 */
final class Terminal {

    /** Size in bytes from which the redirect file is set aside at the next start. */
    private static final long REDIRECT_FILE_LIMIT = 1 << 20;

    private static final PrintStream OUT = System.out;
    private static final PrintStream ERR = System.err;

    private Terminal() {
    }

    static void println(String line) {
        OUT.println(line);
        OUT.flush();
    }

    /** One line on standard error, with the name of the program in front. */
    static void complain(String message) {
        ERR.println("adit: " + message);
        ERR.flush();
    }

    static PrintStream standardError() {
        return ERR;
    }

    static void redirectTo(Path file) throws IOException {
        if (Files.exists(file) && Files.size(file) > REDIRECT_FILE_LIMIT) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        // Lives as long as the process.
        @SuppressWarnings("resource")
        OutputStream log = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        PrintStream stream = new PrintStream(log, true, Charset.defaultCharset());
        System.setOut(stream);
        System.setErr(stream);
    }
}
