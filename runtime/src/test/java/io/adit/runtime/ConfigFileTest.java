package io.adit.runtime;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ConfigFileTest {

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void typesSurvive() throws Exception {
        Path path = file("a.config");
        ConfigFile file = ConfigFile.read(path);
        file.set("text", "a = \"b\" ${adit.home} \u00e9");
        file.set("number", 7);
        file.set("flag", true);
        file.set("list", new String[] {"a", "b"});
        file.save();
        ConfigFile again = ConfigFile.read(path);
        assertEquals("a = \"b\" ${adit.home} \u00e9", again.get("text"));
        assertEquals(7, again.get("number"));
        assertEquals(true, again.get("flag"));
        assertArrayEquals(new String[] {"a", "b"}, (String[]) again.get("list"));
    }

    @Test
    public void textsAloneAreWrittenTypedToo() throws Exception {
        Path path = file("a.config");
        ConfigFile file = ConfigFile.read(path);
        file.set("domain", "localhost");
        file.save();
        assertEquals("domain = \"localhost\"", Files.readString(path).strip());
    }

    @Test
    public void commentsStay() throws Exception {
        Path path = file("a.config");
        Files.writeString(path, "# mine\nport = I\"1\"\n\n# the other\nname = \"x\"\n");
        ConfigFile file = ConfigFile.read(path);
        file.set("port", "2");
        file.save();
        assertEquals("# mine\nport = I\"2\"\n\n# the other\nname = \"x\"\n", Files.readString(path).replace("\r", ""));
    }

    @Test
    public void defaultsFillOnlyWhatIsAbsent() throws Exception {
        Path path = file("a.config");
        Files.writeString(path, "port = I\"1\"\n");
        ConfigFile file = ConfigFile.read(path);
        file.setDefaults(Map.of("port", 9, "host", "h"));
        assertEquals(1, file.get("port"));
        assertEquals("h", file.get("host"));
    }

    @Test
    public void aNewFileIsForItsOwnerAndAnOldOneKeepsItsPermissions() throws Exception {
        Path path = file("a.config");
        ConfigFile file = ConfigFile.read(path);
        file.set("invitation", "secret");
        file.save();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
        file = ConfigFile.read(path);
        file.set("invitation", "other");
        file.save();
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    public void aCfgFileOfTheOperatorIsUsed() throws Exception {
        Path path = file("io.adit.proxy.cfg");
        Files.writeString(path, "domain = example.org\n");
        EtcFolder etc = new EtcFolder(temporary.getRoot().toPath());
        assertEquals("example.org", etc.file("io.adit.proxy").text("domain"));
        etc.file("io.adit.proxy").set("domain", "example.com");
        etc.save();
        assertEquals("domain = example.com", Files.readString(path).strip());
    }

    @Test
    public void whatWasSavedIsTakenBackUnlessSomebodyElseChangedIt() throws Exception {
        Path folder = temporary.newFolder("etc").toPath();
        temporary.newFolder("conf");
        Path kept = Files.writeString(folder.resolve("io.adit.kept.config"), "# mine\na = \"1\"\n");
        Path gone = Files.writeString(folder.resolve("io.adit.gone.config"), "a = \"1\"\n");
        Path other = Files.writeString(folder.resolve("io.adit.other.config"), "a = \"1\"\n");
        EtcFolder etc = new EtcFolder(folder);
        for (String pid : new String[] {"io.adit.kept", "io.adit.other", "io.adit.fresh"}) {
            etc.file(pid).set("a", "2");
        }
        etc.file("io.adit.gone").delete();
        etc.setSecret(Path.of("conf/secret"), "s");
        etc.save();
        assertEquals("s\n", Files.readString(folder.resolveSibling("conf/secret")));
        Files.writeString(other, "a = \"3\"\n");
        etc.undo();
        assertEquals("# mine\na = \"1\"\n", Files.readString(kept));
        assertEquals("a = \"1\"\n", Files.readString(gone));
        assertEquals("a = \"3\"\n", Files.readString(other));
        assertTrue(Files.notExists(folder.resolve("io.adit.fresh.config")));
        assertTrue(Files.notExists(folder.resolveSibling("conf/secret")));
    }

    @Test
    public void whatIsRefusedIsSaidWithThePlaceWhereItCanBeMended() throws Exception {
        Path folder = temporary.newFolder("etc").toPath();
        Path one = Files.writeString(folder.resolve("io.adit.x-one.config"), "a = I\"1\"\n");
        EtcFolder etc = new EtcFolder(folder);
        etc.file("io.adit.fresh").set("a", 1);
        etc.file("io.adit.x~one").set("b", 1);
        etc.save();
        List<Setting> given = List.of(new Setting("io.adit.x~one", "b", "1"));
        assertEquals("io.adit.x~one: a must be x (in " + one + ")", etc.withPlace("io.adit.x~one: a must be x", given));
        assertEquals("the command line said it", "io.adit.x~one: b must be x", etc.withPlace("io.adit.x~one: b must be x", given));
        assertEquals("its file goes again", "io.adit.fresh: a must be x", etc.withPlace("io.adit.fresh: a must be x", given));
        assertEquals("io.adit.y: a must be x (from the web console, now in a file in " + folder + ")", etc.withPlace("io.adit.y: a must be x", given));
    }

    @Test
    public void aFileThatCannotBeReadIsNamed() throws Exception {
        Path path = file("a.config");
        Files.writeString(path, "port = I\"x\"\n");
        CommandFailure failure = assertThrows(CommandFailure.class, () -> ConfigFile.read(path));
        assertTrue(failure.getMessage(), failure.getMessage().contains("a.config"));
    }

    @Test
    public void aFlagThatIsNoneIsNotTakenForFalse() throws Exception {
        assertRefused("port = I\"1\"\ntls = B\"yes\"\n", "tls must be true or false, not 'yes'");
        assertRefused("tls=b\"\"", "tls must be true or false, not ''");
        assertRefused("flags = B[ \\\r\n  \"true\", \\\r\n  \"on\", \\\r\n  ]\r\n", "flags must be true or false, not 'on'");
        Path path = file("io.adit.good.config");
        Files.writeString(path, "# tls = B\"yes\"\ntls = B\"True\"\nb = B\"false\"\nc = B\"${adit.flag}\"\ntext = \"B\\\"yes\\\"\"\n");
        assertEquals(true, ConfigFile.read(path).get("tls"));
    }

    @Test
    public void aNumberThatIsNoneIsNamedWithWhatIsAllowed() throws Exception {
        assertRefused("a = I\"1\"\nmax.names = I\"abc\"\n", "max.names must be a whole number in -2147483648..2147483647, not 'abc'");
        assertRefused("a = I\"3000000000\"\n", "a must be in -2147483648..2147483647, not '3000000000'");
        assertRefused("a = L[\"1\",\"1.5\"]\n", "a must be a whole number in -9223372036854775808..9223372036854775807, not '1.5'");
    }

    private void assertRefused(String text, String line) throws Exception {
        Path path = file("io.adit.bad.config");
        Files.writeString(path, text);
        CommandFailure failure = assertThrows(CommandFailure.class, () -> ConfigFile.read(path));
        assertEquals(path + ": " + line, failure.getMessage());
        failure = assertThrows(CommandFailure.class, () -> new EtcFolder(temporary.getRoot().toPath()).check());
        assertEquals(path + ": " + line, failure.getMessage());
    }

    private Path file(String name) {
        return temporary.getRoot().toPath().resolve(name);
    }
}
