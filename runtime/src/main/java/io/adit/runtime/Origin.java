package io.adit.runtime;

import java.nio.file.Files;
import java.nio.file.Path;

import picocli.CommandLine.Option;

/** What a peer makes visible: a web server that is there already, or a folder. At most one of the two. */
final class Origin {

    @Option(names = "--origin", required = true, paramLabel = "URL", converter = Converters.OfOrigin.class,
        description = "The local web server, such as http://localhost:3000.")
    private String url;

    @Option(names = "--share", required = true, paramLabel = "FOLDER",
        description = "A folder that the peer serves itself.")
    private Path folder;

    static Origin ofFolder(Path folder) {
        Origin origin = new Origin();
        origin.folder = folder;
        return origin;
    }

    void check() throws CommandFailure {
        if (folder != null && !Files.isDirectory(folder)) {
            throw CommandFailure.usage("--share: " + folder + " is not a folder");
        }
    }

    /** Null for a folder. */
    String url() {
        return url;
    }

    /** Absolute; null for a URL. */
    Path folder() {
        return folder == null ? null : folder.toAbsolutePath().normalize();
    }
}
