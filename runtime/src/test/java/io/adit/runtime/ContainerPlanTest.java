package io.adit.runtime;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import picocli.CommandLine;

/** What the flags of {@code proxy} and {@code peer} make of DIR/etc, with the features that are shipped. */
public class ContainerPlanTest {

    private static final String INVITATION =
        "adit://demo:" + "A".repeat(43) + "@127.0.0.1:7443?cert=" + "0a".repeat(32);

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path etc;

    @Before
    public void makeEtc() throws IOException {
        etc = temporary.newFolder("etc").toPath();
        temporary.newFolder("conf");
    }

    @Test
    public void aProxyStartsWithTheDefaultsOfTheFeature() throws Exception {
        configure("proxy", "--home", "x");
        assertEquals("127.0.0.1", read("org.apache.felix.http-public").text("org.apache.felix.http.host"));
        assertEquals(8080, read("org.apache.felix.http-public").get("org.osgi.service.http.port"));
        assertEquals("public", read("org.apache.felix.http-public").text("org.apache.felix.http.name"));
        assertEquals("UNSAFE", read("org.apache.felix.http-public").text("org.eclipse.jetty.UriComplianceMode"));
        assertEquals(8181, read("org.apache.felix.http").get("org.osgi.service.http.port"));
        assertEquals("127.0.0.1", read("org.apache.felix.http").text("org.apache.felix.http.host"));
        assertEquals(7443, read("io.adit.acceptor").get("port"));
        assertEquals(true, read("io.adit.acceptor").get("tls"));
        assertEquals("localhost", read("io.adit.proxy").text("domain"));
        assertEquals("http://{name}.{domain}:8080/", read("io.adit.registry").text("public.url"));
    }

    @Test
    public void aProxyThatWasLinkedStaysSo() throws Exception {
        configure("proxy", "--home", "x");
        assertFalse(exists("io.adit.connector-registrar"));
        Path file = temporary.newFile("invitation").toPath();
        Files.writeString(file, INVITATION + "\n");
        for (String[] arguments : new String[][] {{"proxy", "--home", "x", "--registrar", "@" + file}, {"proxy", "--home", "x"}}) {
            ContainerPlan plan = plan(arguments);
            ((ProxyCommand) plan).readInvitation();
            EtcFolder folder = new EtcFolder(etc);
            plan.configure(folder, feature("proxy"));
            folder.save();
            assertEquals(List.of("http", "tunnel", "registrar"), List.copyOf(plan.readyKeys()));
            assertKept("io.adit.connector-registrar", "conf/registrar.invitation");
            assertEquals("proxy", read("io.adit.connector-registrar").text("role"));
            assertEquals("(io.adit.link=true)", read("io.adit.connector-registrar").text("handler.target"));
            assertEquals(true, read("io.adit.registry").get("linked"));
        }
    }

    @Test
    public void theNameServerBelongsToTheRegistrationServer() throws Exception {
        Path file = temporary.newFile("invitation").toPath();
        Files.writeString(file, INVITATION + "\n");
        for (String[] outside : new String[][] {{"--dns-port", "5300"}, {"--smtp", "mail.example.org:25", "--mail-from", "adit@example.org"}}) {
            List<String> arguments = new ArrayList<>(List.of("proxy", "--home", "x", "--registrar", "@" + file));
            arguments.addAll(List.of(outside));
            ContainerPlan plan = plan(arguments.toArray(String[]::new));
            ((ProxyCommand) plan).readInvitation();
            String message = assertThrows(CommandFailure.class, () -> plan.configure(new EtcFolder(etc), feature("proxy"))).getMessage();
            assertTrue(message, message.startsWith(outside[0] + " belongs to the registration server"));
        }
        configure("registry", "--home", "x");
        assertFalse(exists("io.adit.dns"));
        configure("registry", "--home", "x", "--bind", "127.0.0.2", "--domain", "example.org", "--dns-port", "5300");
        configure("registry", "--home", "x");
        assertEquals(5300, read("io.adit.dns").get("port"));
        assertEquals("127.0.0.2", read("io.adit.dns").text("bind.address"));
        assertEquals("example.org", read("io.adit.dns").text("domain"));
    }

    @Test
    public void aRegistrationServerOfItsOwnServesNoVisitors() throws Exception {
        configure("registry", "--home", "x", "--domain", "example.org", "--tunnel-port", "7444");
        assertEquals(false, read("io.adit.registry").get("assign.here"));
        assertEquals("example.org", read("io.adit.registry").text("domain"));
        assertEquals(7444, read("io.adit.acceptor").get("port"));
        assertFalse(exists("org.apache.felix.http-public"));
        assertFalse(exists("io.adit.proxy"));
    }

    @Test
    public void flagsAndSettingsWinAndStay() throws Exception {
        configure("proxy", "--home", "x", "--bind", "127.0.0.2", "--http-port", "8085", "--tunnel-tls", "off",
            "--domain", "example.org", "--set", "io.adit.acceptor:port=7001",
            "--set", "io.adit.proxy:response.timeout.millis=100");
        configure("proxy", "--home", "x");
        assertEquals("127.0.0.2", read("org.apache.felix.http-public").text("org.apache.felix.http.host"));
        assertEquals(8085, read("org.apache.felix.http-public").get("org.osgi.service.http.port"));
        assertEquals("127.0.0.1", read("org.apache.felix.http").text("org.apache.felix.http.host"));
        assertEquals("127.0.0.2", read("io.adit.acceptor").text("bind.address"));
        assertEquals("a text takes the type that the value has", 7001, read("io.adit.acceptor").get("port"));
        assertEquals(false, read("io.adit.acceptor").get("tls"));
        assertEquals("100", read("io.adit.proxy").get("response.timeout.millis"));
        assertEquals("example.org", read("io.adit.proxy").text("domain"));
        assertEquals("example.org", read("io.adit.registry").text("domain"));
        assertEquals("http://{name}.{domain}:8085/", read("io.adit.registry").text("public.url"));
    }

    @Test
    public void aPublicUrlOfTheOperatorIsLeftAlone() throws Exception {
        configure("proxy", "--home", "x", "--set", "io.adit.registry:public.url=https://{name}.example.org/");
        configure("proxy", "--home", "x", "--http-port", "8085");
        assertEquals("https://{name}.example.org/", read("io.adit.registry").text("public.url"));
    }

    @Test
    public void mailIsConfiguredWhereItIsWantedAndOnlyThere() throws Exception {
        configure("proxy", "--home", "x");
        assertFalse(exists("io.adit.mail"));
        configure("proxy", "--home", "x", "--smtp", "[::1]:2525", "--mail-from", "adit@example.org");
        configure("proxy", "--home", "x");
        assertEquals("::1", read("io.adit.mail").text("smtp.host"));
        assertEquals(2525, read("io.adit.mail").get("smtp.port"));
        assertEquals("adit@example.org", read("io.adit.mail").text("from"));
        configure("proxy", "--home", "x", "--smtp", "mail.example.org:25");
        assertEquals("the rest stays", "adit@example.org", read("io.adit.mail").text("from"));
    }

    @Test
    public void aMailServerNeedsASenderAndTheOtherWayRound() {
        assertEquals("--smtp needs --mail-from ADDRESS",
            assertThrows(CommandFailure.class, () -> configure("proxy", "--home", "x", "--smtp", "mail:25")).getMessage());
        assertEquals("--mail-from needs --smtp HOST:PORT",
            assertThrows(CommandFailure.class, () -> configure("proxy", "--home", "x", "--mail-from", "a@example.org")).getMessage());
    }

    @Test
    public void aPeerKeepsWhomToTell() throws Exception {
        configure("peer", "--home", "x", "--origin", "http://localhost:3000", "--notify", "a@example.org", "--notify", "b@example.org", "--owner", "me@example.org",
            "--title", "Fotos, n\u00e4chste Woche", "--language", "de");
        configure("peer", "--home", "x", "--origin", "http://localhost:3000");
        assertArrayEquals(new String[] {"a@example.org", "b@example.org"}, (String[]) read("io.adit.connector-main").get("notify"));
        assertEquals("me@example.org", read("io.adit.connector-main").text("owner"));
        assertEquals("Fotos, n\u00e4chste Woche", read("io.adit.connector-main").text("title"));
        assertEquals("de", read("io.adit.connector-main").text("language"));
    }

    @Test
    public void nothingIsWrittenWhenNothingChanges() throws Exception {
        configure("proxy", "--home", "x", "--http-port", "8085");
        FileTime longAgo = FileTime.fromMillis(0);
        try (var files = Files.list(etc)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, longAgo);
            }
        }
        configure("proxy", "--home", "x", "--http-port", "8085", "--set", "io.adit.acceptor:port=7443");
        try (var files = Files.list(etc)) {
            for (Path file : files.toList()) {
                assertEquals(file.toString(), longAgo, Files.getLastModifiedTime(file));
            }
        }
    }

    @Test
    public void aNameServerIsThereOnlyWhenItIsAskedFor() throws Exception {
        ContainerPlan plain = checked("proxy", "--home", "x", "--http-port", "0", "--tunnel-port", "0", "--admin-port", "0");
        assertFalse(exists("io.adit.dns"));
        assertEquals("[http, tunnel]", plain.readyKeys().toString());
        ContainerPlan plan = checked("proxy", "--home", "x", "--bind", "127.0.0.2", "--dns-port", "0", "--domain", "example.org");
        Object port = read("io.adit.dns").get("port");
        assertNotEquals(0, port);
        assertEquals("example.org", read("io.adit.dns").text("domain"));
        assertEquals("127.0.0.2", read("io.adit.dns").text("bind.address"));
        assertEquals("[http, tunnel, dns]", plan.readyKeys().toString());
        plan = checked("proxy", "--home", "x", "--domain", "example.net");
        assertEquals("it stays", port, read("io.adit.dns").get("port"));
        assertEquals("example.net", read("io.adit.dns").text("domain"));
        assertEquals("[http, tunnel, dns]", plan.readyKeys().toString());
    }

    @Test
    public void aTakenDnsPortIsNamedWithItsOption() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            CommandFailure failure = assertThrows(CommandFailure.class, () -> checked("proxy", "--home", "x", "--http-port", "0",
                "--tunnel-port", "0", "--admin-port", "0", "--dns-port", Integer.toString(taken.getLocalPort())));
            assertTrue(failure.getMessage(), failure.getMessage().matches("cannot listen on 127\\.0\\.0\\.1:" + taken.getLocalPort()
                + " \\(UDP\\): Address already in use.*; choose another port with --dns-port"));
        }
    }

    @Test
    public void portZeroBecomesAPortThatStays() throws Exception {
        configure("proxy", "--home", "x", "--tunnel-port", "0");
        Object port = read("io.adit.acceptor").get("port");
        assertNotEquals(0, port);
        configure("proxy", "--home", "x");
        assertEquals(port, read("io.adit.acceptor").get("port"));
    }

    @Test
    public void aTakenPortIsNamedWithItsOption() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            CommandFailure failure = assertThrows(CommandFailure.class,
                () -> checked("proxy", "--home", "x", "--http-port", port, "--tunnel-port", "0", "--admin-port", "0"));
            assertEquals("port " + port + " is taken (127.0.0.1): choose another with --http-port", failure.getMessage());
            assertEquals(1, failure.exitCode());
        }
    }

    @Test
    public void onePortForTwoThingsIsAUsageError() {
        CommandFailure failure = assertThrows(CommandFailure.class,
            () -> checked("proxy", "--home", "x", "--http-port", "7777", "--tunnel-port", "7777"));
        assertEquals(2, failure.exitCode());
    }

    @Test
    public void aPeerWithAnOriginHasNoHttpServer() throws Exception {
        configure("peer", "--home", "x", "--origin", "http://localhost:3000");
        assertEquals("http://localhost:3000", read("io.adit.origin").text("url"));
        assertKept("io.adit.connector-main", "conf/invitation");
        assertFalse(exists("org.apache.felix.http"));
        assertFalse(exists("org.apache.felix.http-content"));
        assertFalse(exists("io.adit.share"));
    }

    @Test
    public void aPeerThatSharesHasAContentServer() throws Exception {
        Path folder = temporary.newFolder("shared").toPath();
        configure("peer", "--home", "x", "--share", folder.toString());
        assertEquals("", read("io.adit.origin").text("url"));
        assertEquals(folder.toString(), read("io.adit.share").text("folder"));
        assertEquals("content", read("org.apache.felix.http-content").text("org.apache.felix.http.name"));
        assertEquals("127.0.0.1", read("org.apache.felix.http-content").text("org.apache.felix.http.host"));
        assertFalse(exists("org.apache.felix.http"));
    }

    @Test
    public void whatThereIsToSeeHeadsTheFolderToo() throws Exception {
        configure("peer", "--home", "x", "--share", temporary.getRoot().toString(), "--title", "Photos");
        assertEquals("Photos", read("io.adit.share").text("title"));
        configure("peer", "--home", "x");
        assertEquals("it stays", "Photos", read("io.adit.share").text("title"));
        configure("peer", "--home", "x", "--title", "More photos");
        assertEquals("More photos", read("io.adit.share").text("title"));
        assertEquals("More photos", read("io.adit.connector-main").text("title"));
        configure("peer", "--home", "x", "--origin", "http://localhost:3000", "--title", "An app");
        assertFalse("no folder", exists("io.adit.share"));
    }

    @Test
    public void aPeerGoesFromTheFolderToTheOriginAndStaysThere() throws Exception {
        configure("peer", "--home", "x", "--share", temporary.getRoot().toString(), "--admin-port", "0");
        configure("peer", "--home", "x", "--origin", "http://localhost:3000");
        configure("peer", "--home", "x");
        assertEquals("http://localhost:3000", read("io.adit.origin").text("url"));
        assertFalse(exists("io.adit.share"));
        assertFalse(exists("org.apache.felix.http-content"));
        assertTrue("the admin port stays", exists("org.apache.felix.http"));
    }

    @Test
    public void onlyTheFirstStartOfAPeerNeedsAnInvitation() throws Exception {
        CommandFailure failure = assertThrows(CommandFailure.class, () -> plan("peer", "--home", "x")
            .configure(new EtcFolder(etc), feature("peer")));
        assertEquals(2, failure.exitCode());
        configure("peer", "--home", "x", "--origin", "http://localhost:3000");
        configure("peer", "--home", "x");
        assertKept("io.adit.connector-main", "conf/invitation");
    }

    @Test
    public void aPeerDialsAsTheEnvironmentSaysUnlessItIsTold() throws Exception {
        configure("peer", "--home", "x", "--origin", "http://localhost:3000");
        assertConnector("env", null, null);
        configure("peer", "--home", "x", "--via", "http://CORP\\us%40er@proxy:3128", "--via-password-file", "password");
        assertConnector("http://proxy:3128", "CORP\\us@er", Path.of("password").toAbsolutePath().toString());
        configure("peer", "--home", "x");
        assertConnector("http://proxy:3128", "CORP\\us@er", Path.of("password").toAbsolutePath().toString());
        configure("peer", "--home", "x", "--via", "socks5://user@[::1]:1080");
        assertConnector("socks5://[::1]:1080", "user", Path.of("password").toAbsolutePath().toString());
        configure("peer", "--home", "x", "--via", "socks5://other:1080");
        assertConnector("socks5://other:1080", "", "");
        configure("peer", "--home", "x", "--via", "none");
        assertConnector("", "", "");
        configure("peer", "--home", "x");
        assertConnector("", "", "");
    }

    @Test
    public void aPasswordFileTakesThePlaceOfAPassword() throws Exception {
        configure("peer", "--home", "x", "--via", "http://user@proxy:1", "--set", "io.adit.connector~main:dial.via.password=secret");
        configure("peer", "--home", "x", "--via-password-file", "/password");
        assertConnector("http://proxy:1", "user", "/password");
        assertEquals("", read("io.adit.connector-main").text("dial.via.password"));
    }

    @Test
    public void aPasswordFileNeedsAUserAndToBeThere() throws Exception {
        CommandFailure nobody = assertThrows(CommandFailure.class, () -> configure("peer", "--home", "x", "--via", "http://proxy:1",
            "--via-password-file", "/password"));
        assertEquals(2, nobody.exitCode());
        assertTrue(nobody.getMessage(), nobody.getMessage().contains("--via http://USER@HOST:PORT"));
        CommandFailure nothing = assertThrows(CommandFailure.class, () -> ((Callable<?>) plan("peer", "--home", "x",
            "--via-password-file", temporary.getRoot() + "/nothing")).call());
        assertEquals(2, nothing.exitCode());
        assertTrue(nothing.getMessage(), nothing.getMessage().contains("/nothing"));
    }

    /** In that file, which only its owner may read, and not in the configuration. */
    private void assertKept(String configuration, String file) throws Exception {
        assertEquals(file, read(configuration).text("invitation.file"));
        assertEquals(null, read(configuration).get("invitation"));
        Path kept = etc.resolveSibling(file);
        assertEquals(INVITATION + "\n", Files.readString(kept));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
    }

    @Test
    public void anInvitationInTheConfigurationGoesIntoAFileUnlessSomethingIsInTheWay() throws Exception {
        String strange = "adit://demo:$[secret:invitation]@127.0.0.1:7443?tls=off";
        for (String inline : new String[] {strange, "", INVITATION}) {
            Files.writeString(etc.resolve("io.adit.connector-main.config"), "# mine\ninvitation = \"" + inline.replace("=", "\\=").replace("$", "\\$") + "\"\n");
            configure("peer", "--home", "x");
            boolean moved = inline.equals(INVITATION);
            assertEquals(inline, moved, Files.exists(etc.resolveSibling("conf/invitation")));
            assertEquals(inline, moved ? null : inline, read("io.adit.connector-main").get("invitation"));
        }
        assertTrue(Files.readString(etc.resolve("io.adit.connector-main.config")).contains("# mine"));
        assertKept("io.adit.connector-main", "conf/invitation");
        Files.writeString(etc.resolve("io.adit.connector-main.config"), "invitation.file = \"elsewhere\"\n");
        configure("peer", "--home", "x");
        assertEquals("an operator's own", "elsewhere", read("io.adit.connector-main").text("invitation.file"));
    }

    @Test
    public void anInvitationThatIsGivenAnewTakesThePlaceOfAnyOther() throws Exception {
        Files.writeString(etc.resolve("io.adit.connector-main.config"), "invitation.file = \"/of/somebody\"\n");
        ContainerPlan plan = plan("peer", "--home", "x", "--invite", INVITATION);
        ((PeerCommand) plan).readInvitation();
        EtcFolder folder = new EtcFolder(etc);
        plan.configure(folder, feature("peer"));
        assertFalse("not before it is saved", Files.exists(etc.resolveSibling("conf/invitation")));
        folder.save();
        assertKept("io.adit.connector-main", "conf/invitation");
    }

    @Test
    public void theInvitationOfAHomeIsReadFromWhereverItIs() throws Exception {
        Path file = etc.resolve("io.adit.connector-main.config");
        Files.writeString(file, "invitation = \"" + INVITATION.replace("=", "\\=") + "\"\n");
        assertEquals(INVITATION, kept().text());
        configure("peer", "--home", "x");
        assertEquals(INVITATION, kept().text());
        Files.delete(etc.resolveSibling("conf/invitation"));
        String line = assertThrows(CommandFailure.class, () -> kept().text()).getMessage();
        assertEquals("io.adit.connector: invitation.file: " + etc.resolveSibling("conf/invitation") + ": there is no such file", line);
        Files.delete(file);
        assertEquals("", kept().text());
    }

    private KeptInvitation kept() throws CommandFailure {
        EtcFolder folder = new EtcFolder(etc);
        return new KeptInvitation(folder, folder.file("io.adit.connector~main"), "conf/invitation");
    }

    private void assertConnector(String via, String user, String file) throws CommandFailure {
        ConfigFile connector = read("io.adit.connector-main");
        assertEquals(via, connector.get("dial.via"));
        assertEquals(user, connector.get("dial.via.user"));
        assertEquals(file, connector.get("dial.via.password.file"));
    }

    private ContainerPlan configure(String... arguments) throws Exception {
        ContainerPlan plan = plan(arguments);
        configured(plan, arguments).save();
        return plan;
    }

    /** The default ports may be those of a container that runs on this machine: only these tests look whether they are free. */
    private ContainerPlan checked(String... arguments) throws Exception {
        ContainerPlan plan = plan(arguments);
        EtcFolder folder = configured(plan, arguments);
        plan.checkPorts(folder);
        folder.save();
        return plan;
    }

    private EtcFolder configured(ContainerPlan plan, String... arguments) throws Exception {
        EtcFolder folder = new EtcFolder(etc);
        boolean first = !exists("io.adit.connector-main");
        if (plan.role().equals("peer") && first) {
            folder.file("io.adit.connector~main").set("invitation", INVITATION);
            folder.save();
            folder = new EtcFolder(etc);
        }
        plan.configure(folder, feature(plan.role()));
        CommandLine line = Main.commandLine();
        line.parseArgs(arguments);
        folder.apply(line.getParseResult().subcommand().matchedOptionValue("--set", List.of()));
        return folder;
    }

    private static ContainerPlan plan(String... arguments) {
        CommandLine line = Main.commandLine();
        line.parseArgs(arguments);
        return line.getParseResult().subcommand().commandSpec().commandLine().getCommand();
    }

    static Feature feature(String role) throws IOException {
        try (InputStream in = ContainerPlanTest.class.getResourceAsStream("/features/" + role + ".json")) {
            return Feature.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private boolean exists(String name) {
        return Files.exists(etc.resolve(name + ".config"));
    }

    private ConfigFile read(String name) throws CommandFailure {
        return ConfigFile.read(etc.resolve(name + ".config"));
    }
}
