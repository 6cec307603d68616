package io.adit.runtime;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class HomeTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Home home;

    @Before
    public void makeHome() throws Exception {
        home = Home.of(temporary.getRoot().toPath().resolve("home"));
        home.create();
    }

    @Test
    public void thePasswordIsMadeOnceForItsOwnerOnly() throws Exception {
        String password = home.adminPassword();
        assertTrue(password, password.length() >= 20);
        assertEquals(password, home.adminPassword());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.passwordFile())));
    }

    @Test
    public void aHomeThatCameToNothingGoesAgainAndOneOfUseStays() throws Exception {
        Path outer = temporary.getRoot().toPath().resolve("outer");
        Home fresh = Home.of(outer.resolve("inner"));
        List<Path> made = fresh.create();
        try (HomeLock lock = HomeLock.take(fresh)) {
            fresh.remove(made);
        }
        assertTrue(Files.notExists(outer));
        made = fresh.create();
        Files.writeString(fresh.etc().resolve("mine.config"), "");
        fresh.remove(made);
        assertTrue(Files.exists(fresh.etc().resolve("mine.config")));
        assertEquals(List.of(), fresh.create().stream().filter(each -> each.equals(fresh.etc())).toList());
        home.remove(home.create());
        assertTrue("it was there before", Files.isDirectory(home.data()));
    }

    @Test
    public void thePasswordOfTheOperatorIsTaken() throws Exception {
        Files.writeString(home.passwordFile(), "  secret word \n");
        assertEquals("secret word", home.adminPassword());
    }

    @Test
    public void theConsoleGetsAHashThatFitsThePassword() {
        String hash = ConsolePassword.hash("secret");
        assertFalse(hash.contains("secret"));
        assertTrue(ConsolePassword.matches("secret", hash));
        assertFalse(ConsolePassword.matches("other", hash));
        assertFalse(ConsolePassword.matches("secret", "secret"));
        assertFalse(ConsolePassword.matches("secret", ""));
    }

    @Test
    public void aRunFileHasTheUrlOfEachTunnel() throws Exception {
        RunFile.write(home.runFile(), RunFile.of(new TreeMap<>(Map.of("b", Map.of("url", "http://b/", "admin", "http://h:1"), "a", Map.of("url", "http://a/", "admin", "http://h:1")))));
        RunFile run = RunFile.read(home.runFile()).orElseThrow();
        assertEquals("http://a/", run.url("a").orElseThrow());
        assertEquals("http://b/", run.url("b").orElseThrow());
        assertFalse(run.url("c").isPresent());
        assertEquals("http://h:1", run.addresses().get("admin"));
    }

    @Test
    public void aRunFileOfAProcessThatIsGoneDoesNotCount() throws Exception {
        assertFalse(RunFile.read(home.runFile()).isPresent());
        RunFile.write(home.runFile(), Map.of("admin", "http://127.0.0.1:8181"));
        assertEquals("http://127.0.0.1:8181", RunFile.read(home.runFile()).orElseThrow().addresses().get("admin"));
        Process gone = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-version")
            .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        gone.waitFor();
        Files.writeString(home.runFile(), "admin=http\\://127.0.0.1\\:8181\npid=" + gone.pid() + "\n");
        assertFalse(RunFile.read(home.runFile()).isPresent());
    }

    @Test
    public void configurationsOfFilesThatAreGoneArePurged() throws Exception {
        Path store = home.data().resolve("config");
        Files.createDirectories(store.resolve("io"));
        Path there = home.etc().resolve("a.config");
        Files.writeString(there, "");
        Path kept = entry(store.resolve("io/kept.config"), there.toUri().toString());
        Path gone = entry(store.resolve("io/gone.config"), home.etc().resolve("b.config").toUri().toString());
        Path elsewhere = entry(store.resolve("io/elsewhere.config"), temporary.newFile("c.config").toURI().toString());
        Path fromConsole = store.resolve("io/console.config");
        Files.writeString(fromConsole, "service.pid=\"x\"\nport=I\"1\"\n");
        new ConfigurationStore(home).forgetGone();
        assertTrue(Files.exists(kept));
        assertFalse(Files.exists(gone));
        assertFalse(Files.exists(elsewhere));
        assertTrue(Files.exists(fromConsole));
    }

    @Test
    public void whatTheConsoleChangedAfterTheFileGoesIntoTheFile() throws Exception {
        Path stored = home.data().resolve("config").resolve("io.config");
        Files.createDirectories(stored.getParent());
        Path file = home.etc().resolve("io.adit.x-main.config");
        Files.writeString(file, "# mine\nport = I\"1\"\ngone = \"g\"\nhome = \"${adit.home}/x\"\n");
        Files.writeString(stored,
            "service.pid=\"io.adit.x~main\"\r\n:revision:=L\"3\"\r\nport=I\"2\"\r\nhome=\"/resolved/x\"\r\nnew=\"n\"\r\n");
        Files.setLastModifiedTime(file, FileTime.fromMillis(2000));

        Files.setLastModifiedTime(stored, FileTime.fromMillis(1000));
        reconcile();
        assertTrue("the file is newer and wins", Files.readString(file).contains("port = I\"1\""));

        Files.setLastModifiedTime(stored, FileTime.fromMillis(3000));
        reconcile();
        ConfigFile now = ConfigFile.read(file);
        assertEquals(2, now.get("port"));
        assertEquals("n", now.get("new"));
        assertEquals("", now.text("gone"));
        assertEquals("${adit.home}/x", now.text("home"));
        assertEquals("", now.text(":revision:"));
        assertTrue(Files.readString(file).contains("# mine"));
    }

    /** Where it is refused the next start is, too, and without a start there is no form. */
    @Test
    public void whatTheConsoleMadeAndIsRefusedGetsAFileThatCanBeMended() throws Exception {
        Path store = Files.createDirectories(home.data().resolve("config/io/adit"));
        Files.writeString(store.resolve("one.config"), ":revision:=L\"3\"\r\nservice.pid=\"io.adit.one\"\r\nrequests.max=I\"1\"\r\nhosts=[ \\\r\n  \"a\", \\\r\n  ]\r\n");
        Files.writeString(store.resolve("two.config"), "service.pid=\"io.adit.two~a-b\"\r\nservice.factoryPid=\"io.adit.two\"\r\nurl=\"x\"\r\n");
        Files.writeString(store.resolve("three.config"), "service.pid=\"io.adit.three.0-1\"\r\nservice.factoryPid=\"io.adit.three\"\r\nurl=\"x\"\r\n");
        Files.writeString(store.resolve("four.config"), "service.pid=\"org.example\"\r\nurl=\"x\"\r\n");
        Files.writeString(store.resolve("good.config"), "service.pid=\"io.adit.good\"\r\nurl=\"x\"\r\n");
        reconcile();
        try (Stream<Path> files = Files.list(home.etc())) {
            assertEquals("or what is deleted in the console comes back", 0, files.count());
        }
        new ConfigurationStore(home).giveFiles(new EtcFolder(home.etc()),
            "io.adit.one: a must be x; io.adit.two~a-b: a must be x; io.adit.three.0-1: a must be x; org.example: a must be x");
        ConfigFile one = ConfigFile.read(home.etc().resolve("io.adit.one.config"));
        assertEquals(1, one.get("requests.max"));
        assertEquals(List.of("a"), List.of((String[]) one.get("hosts")));
        assertEquals("", one.text("service.pid"));
        assertEquals("x", ConfigFile.read(home.etc().resolve("io.adit.two-a-b.config")).text("url"));
        try (Stream<Path> files = Files.list(home.etc())) {
            assertEquals("the others are not ours, or not refused", 3, files.count());
        }
        assertEquals("as the web console names it", "x", ConfigFile.read(home.etc().resolve("io.adit.three-0-1.config")).text("url"));
        assertTrue("or there were two", Files.notExists(store.resolve("three.config")));
        assertTrue(Files.exists(store.resolve("two.config")));
        Files.writeString(home.etc().resolve("io.adit.one.config"), "requests.max=I\"100\"\r\n");
        Files.setLastModifiedTime(store.resolve("one.config"), FileTime.fromMillis(1000));
        reconcile();
        assertEquals("mended there", 100, ConfigFile.read(home.etc().resolve("io.adit.one.config")).get("requests.max"));
    }

    private void reconcile() throws Exception {
        EtcFolder folder = new EtcFolder(home.etc());
        new ConfigurationStore(home).reconcile(folder);
        folder.save();
    }

    @Test
    public void anInvitationIsReadFromAFileAndCheckedWithoutTellingIt() throws Exception {
        String invitation = "adit://demo:" + "A".repeat(43) + "@127.0.0.1:7443?tls=off";
        Path file = temporary.newFile().toPath();
        Files.writeString(file, invitation + "\n");
        assertEquals(invitation, Invitation.read("--invite", "@" + file));
        assertEquals(invitation, Invitation.read("--invite", invitation));
        CommandFailure failure = assertThrows(CommandFailure.class, () -> Invitation.read("--invite", invitation.replace("?tls=off", "")));
        assertEquals(2, failure.exitCode());
        assertFalse(failure.getMessage().contains("AAAA"));
        assertThrows(CommandFailure.class, () -> Invitation.read("--invite", "@" + file + ".no"));
        assertThrows(CommandFailure.class, () -> Invitation.read("--invite", ""));
    }

    private static Path entry(Path file, String source) throws Exception {
        Files.writeString(file, "felix.fileinstall.filename=\"" + source.replace("=", "\\=") + "\"\r\nport=I\"1\"\r\n");
        return file;
    }
}
