package io.adit.itests;

import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** git over smart HTTP, with git's own server at Apache httpd: a repository of 20 MiB is pushed, cloned, and fetched from. */
public class GitIT {

    private static final int FILES = 20;
    private static final int FILE_BYTES = 1 << 20;
    /** So many that the list of them fills more than a KiB, which git compresses. */
    private static final int LOCAL_COMMITS = 60;
    private static final Map<String, String> ENVIRONMENT = Map.of("GIT_CONFIG_NOSYSTEM", "1", "GIT_CONFIG_GLOBAL", "/dev/null",
        "GIT_TERMINAL_PROMPT", "0", "GIT_AUTHOR_DATE", "1700000000 +0000", "GIT_COMMITTER_DATE", "1700000000 +0000");
    /** Random content cannot be compressed, and no file is like another; trying takes most of the time. */
    private static final List<String> GIT = List.of("git", "-c", "core.compression=0", "-c", "pack.window=0", "-c", "gc.auto=0", "-c", "user.name=Miner", "-c",
        "user.email=miner@example.org");

    private static Httpd httpd;
    private static Site site;
    private static Path work;

    @BeforeClass
    public static void start() throws Exception {
        Program.assumeInstalled(GitIT.class, "git", Httpd.PROGRAM);
        httpd = Httpd.start();
        site = Site.sharedBefore(httpd.url(), GitIT.class);
        work = Files.createDirectory(site.folder().resolve("work"));
        git(work, "init", "-q", "-b", "main");
        Random random = new Random(5);
        byte[] content = new byte[FILE_BYTES];
        for (int i = 0; i < FILES; i++) {
            random.nextBytes(content);
            Files.write(work.resolve("vein-" + i), content);
        }
        commit("twenty veins");
        git(work, "checkout", "-q", "-b", "next");
        Files.writeString(work.resolve("note"), "a new vein\n");
        commit("a note");
        StringBuilder commits = new StringBuilder();
        for (int i = 0; i < LOCAL_COMMITS; i++) {
            commits.append("commit refs/heads/local\ncommitter Miner <miner@example.org> ").append(1_700_000_001 + i)
                .append(" +0000\ndata <<.\nlocal ").append(i).append("\n.\n").append(i == 0 ? "from refs/heads/main^0\n" : "");
        }
        Files.writeString(site.folder().resolve("local-commits"), commits);
    }

    @AfterClass
    public static void stop() throws Exception {
        try (Httpd closed = httpd) {
            if (site != null) {
                site.stop();
            }
        }
    }

    @Test
    public void pushCloneAndFetchAreTheSame() throws Exception {
        String direct = visit("direct", httpd.url());
        String tunnel = visit("tunnel", site.url());
        SideBySide.same("git push, clone, fetch of 20 MiB", direct, tunnel);
        for (String name : List.of("direct", "tunnel")) {
            arrived("POST /git/" + name + ".git/git-receive-pack HTTP/1.1 200", "Transfer-Encoding=chunked");
            arrived("POST /git/" + name + ".git/git-upload-pack HTTP/1.1 200", "Content-Encoding=gzip");
        }
    }

    /** So that the test is known to have sent what it means to send. */
    private static void arrived(String request, String field) throws Exception {
        Await.until(request + " with " + field, () -> httpd.log().stream()
            .anyMatch(each -> each.startsWith(request) && each.contains(field)));
    }

    /** @return what a user of git ends up with */
    private static String visit(String name, String url) throws Exception {
        Path bare = httpd.folder("git").resolve(name + ".git");
        git(site.folder(), "init", "-q", "--bare", "-b", "main", bare.toString());
        git(bare, "config", "http.receivepack", "true");
        git(bare, "config", "core.compression", "0");
        git(bare, "config", "pack.window", "0");
        // The server is another user.
        Program.succeed(site.folder(), Map.of(), List.of("chmod", "-R", "a+rwX", bare.toString()));
        String remote = url + "/git/" + name + ".git";

        git(work, "-c", "http.postBuffer=65536", "push", "-q", remote, "main");
        Path clone = site.folder().resolve(name);
        // git checks every object that it receives; without files written from them this takes half the time.
        git(site.folder(), "clone", "-q", "--no-checkout", remote, clone.toString());
        String cloned = state(clone, "HEAD");

        git(work, "push", "-q", remote, "next:main");
        Program.succeed(clone, ENVIRONMENT, List.of("sh", "-c", "git fast-import --quiet < ../local-commits"));
        git(clone, "fetch", "-q");
        return cloned + "\n" + state(clone, "origin/main");
    }

    private static String state(Path repository, String revision) throws Exception {
        String commit = git(repository, "rev-parse", revision).strip();
        String files = git(repository, "ls-tree", "-r", "-l", revision);
        long bytes = files.lines().mapToLong(each -> Long.parseLong(each.split("\\s+")[3])).sum();
        assertTrue(files, bytes >= (long) FILES * FILE_BYTES);
        return commit + ", " + bytes + " bytes\n" + files;
    }

    private static void commit(String message) throws Exception {
        git(work, "add", "--all");
        git(work, "commit", "-q", "-m", message);
    }

    private static String git(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(GIT);
        command.addAll(List.of(arguments));
        return Program.succeed(folder, ENVIRONMENT, command).out();
    }
}
