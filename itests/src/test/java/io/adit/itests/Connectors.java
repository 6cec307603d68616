package io.adit.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Further tunnels of a peer that runs, each by a file in its {@code etc/}, as an operator makes them. */
final class Connectors {

    private Connectors() {
    }

    /** @param properties lines of the file */
    static void add(Path peerHome, String name, String invitation, String... properties) throws IOException {
        write(peerHome, name, "invitation=\"" + invitation.replace("=", "\\=") + "\"\n" + String.join("\n", properties) + "\n");
    }

    /** Ends its tunnel and begins it anew with that line more, and without an earlier one of the same key. */
    static void change(Path peerHome, String name, String property) throws IOException {
        String key = property.substring(0, property.indexOf('=') + 1);
        List<String> others = Files.readAllLines(file(peerHome, name)).stream().filter(each -> !each.replace(" ", "").startsWith(key)).toList();
        write(peerHome, name, String.join("\n", others) + "\n" + property + "\n");
    }

    /** One of several ends for good, which is said, and the others go on. */
    static void awaitRevoked(Path peerHome, String name) throws Exception {
        Await.until("the peer says that it was revoked: " + name, () -> Files.readString(peerHome.resolve("log/adit.log"))
            .contains("stopped name=" + name + " reason=the invitation for '" + name + "' was revoked"));
    }

    /** They are gone when this is there: who revokes their names then leaves no tunnel that says so. */
    static void remove(Site site, List<String> names) throws Exception {
        for (String each : names) {
            Files.delete(file(site.peerHome(), each));
        }
        Await.until("nobody serves " + names,
            () -> site.names().stream().noneMatch(line -> names.contains(line.split("\t")[0]) && !line.contains("\toffline\t")));
    }

    private static void write(Path peerHome, String name, String text) throws IOException {
        WholeFile.write(file(peerHome, name), text);
    }

    private static Path file(Path peerHome, String name) {
        return peerHome.resolve("etc").resolve("io.adit.connector-" + name + ".config");
    }
}
