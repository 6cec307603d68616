package io.adit.runtime;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * DIR: everything of a container that must survive a restart. Immutable; the files are those of the container that holds the
 * lock.
 */
record Home(Path root) {

    private static final List<String> FOLDERS = List.of("conf", "etc", "bundle", "load", "data", "data/tmp", "log");
    private static final int PASSWORD_BYTES = 18;

    static Home of(Path directory) {
        return new Home(directory.toAbsolutePath().normalize());
    }

    /** @return the folders that it made, the outermost first */
    List<Path> create() throws CommandFailure {
        List<Path> made = new ArrayList<>();
        try {
            for (String folder : FOLDERS) {
                make(root.resolve(folder), made);
            }
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot use " + root + " as home: " + Failures.oneLine(e), e);
        }
        if (root.toString().contains(",")) {
            // FileInstall takes a list of folders that commas part.
            throw CommandFailure.usage("a home may not have a comma in its path: " + root);
        }
        return made;
    }

    private static void make(Path folder, List<Path> made) throws IOException {
        if (!Files.isDirectory(folder)) {
            if (folder.getParent() != null) {
                make(folder.getParent(), made);
            }
            Files.createDirectories(folder);
            made.add(folder);
        }
    }

    /** Takes away the folders that {@link #create} made, as far as nothing is in them: for a start that came to nothing. */
    void remove(List<Path> made) throws IOException {
        if (made.contains(data())) {
            Files.deleteIfExists(lockFile());
        }
        for (int i = made.size() - 1; i >= 0; i--) {
            try {
                Files.deleteIfExists(made.get(i));
            } catch (DirectoryNotEmptyException e) {
                return; // it is of use to somebody, and so are those around it
            }
        }
    }

    /** Held by the process that has this home. */
    Path lockFile() {
        return data().resolve("lock");
    }

    Path etc() {
        return root.resolve("etc");
    }

    Path load() {
        return root.resolve("load");
    }

    Path data() {
        return root.resolve("data");
    }

    Path log() {
        return root.resolve("log");
    }

    Path runFile() {
        return data().resolve("run.properties");
    }

    Path passwordFile() {
        return root.resolve("conf").resolve("admin.password");
    }

    /** The bearer token of the admin port; io.adit.command makes it. */
    Path tokenFile() {
        return root.resolve("conf").resolve("admin.token");
    }

    /** Copies a file of the distribution's conf/ unless there is one already. */
    void provideConf(Distribution distribution, String name) throws IOException {
        Path target = root.resolve("conf").resolve(name);
        if (Files.notExists(target)) {
            Files.copy(distribution.conf(name), target);
        }
    }

    /** The password of the user admin: what the operator wrote to conf/admin.password, else a random one, made once. */
    String adminPassword() throws IOException {
        String known = readAdminPassword();
        if (!known.isEmpty()) {
            return known;
        }
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        OwnerFiles.write(passwordFile(), password + "\n");
        return password;
    }

    /** What conf/admin.password holds, or an empty string when there is no such file. */
    String readAdminPassword() throws IOException {
        return Files.exists(passwordFile()) ? Files.readString(passwordFile()).trim() : "";
    }

    /** For a folder that holds secrets of a short life: only its owner may look into it, where the file system can say so. */
    static Path temporary(String prefix) throws IOException {
        return Files.getFileStore(Path.of(System.getProperty("java.io.tmpdir"))).supportsFileAttributeView("posix")
            ? Files.createTempDirectory(prefix,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
            : Files.createTempDirectory(prefix);
    }
}
