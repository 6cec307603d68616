package io.adit.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.adit.api.Check;
import io.adit.api.CheckReport;
import io.adit.api.PeerManager;
import io.adit.api.PeerNode;
import io.adit.api.PeerSession;
import io.adit.api.StreamInfo;
import io.adit.call.FakeRegistrations;
import io.adit.call.FakeSession;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.gogo.shell.Posix;
import org.apache.felix.gogo.shell.Procedural;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The commands in the real shell: what is printed, piped and asked for. Karaf's shell runs on the same classes. */
public class GogoTest {

    private final ThreadIOImpl streams = new ThreadIOImpl();
    private final CommandProcessorImpl shell = new CommandProcessorImpl(streams);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final FakeSession session = new FakeSession();
    private final PeerCommands peers = new PeerCommands();
    private CommandSession user;

    @Before
    public void open() {
        streams.start();
        shell.addConverter(new ShellConverter());
        peers.registrations = new FakeRegistrations();
        peers.peers = (PeerManager) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {PeerManager.class},
                (proxy, method, args) -> Map.of("demo", List.of((PeerSession) session), "alpha", List.of(new FakeSession())));
        session.bytesIn = 1000;
        session.streams = List.of(new StreamInfo(7, "GET", "/a?password=1", 5000, 4000, "credit", 10, 20, 30, 65536, 0));
        for (String function : List.of("peers", "peer", "streams", "stats", "drain", "disconnect")) {
            shell.addCommand("adit", peers, function);
        }
        shell.addCommand("adit", new ProbeCommands((name, deadline) -> CompletableFuture.completedFuture(new CheckReport(name, "All is well.",
                List.of(new Check("Name", Check.State.OK, "registered", "", -1), new Check("Tunnel", Check.State.WARN, "slow", "look", 412.25))))), "probe");
        InvitationCommands invitations = new InvitationCommands(new FakeRegistrations());
        shell.addCommand("adit", invitations, "invite");
        shell.addCommand("adit", invitations, "invitations");
        shell.addCommand("gogo", new Posix(), "grep");
        shell.addCommand("gogo", new Procedural(), "each");
        user = shell.createSession(new ByteArrayInputStream(new byte[0]), new PrintStream(out, true, StandardCharsets.UTF_8), System.err);
    }

    @After
    public void close() {
        user.close();
        streams.stop();
    }

    private Object run(String line) throws Exception {
        return user.execute(line);
    }

    private String print(String line) throws Exception {
        return user.format(run(line), Converter.INSPECT).toString();
    }

    @Test
    public void aListPrintsAsATable() throws Exception {
        assertEquals("NAME   SESSION  STATE  REMOTE       SINCE                 CODEC  RTT-MICROS  STREAMS  TOTAL  BYTES-IN  BYTES-OUT\n"
                + "alpha  s1       open   192.0.2.1:5  1970-01-01T00:00:00Z  v2     2000        3        10     0         0\n"
                + "demo   s1       open   192.0.2.1:5  1970-01-01T00:00:00Z  v2     2000        3        10     1000      0", print("adit:peers"));
    }

    @Test
    public void aListIsPipedLineByLine() throws Exception {
        run("adit:peers | grep demo");
        assertEquals("demo   s1       open   192.0.2.1:5  1970-01-01T00:00:00Z  v2     2000        3        10     1000      0",
                out.toString(StandardCharsets.UTF_8).strip());
    }

    @Test
    public void partsAreAskedForByTheirNames() throws Exception {
        assertEquals("demo", run("((adit:peers) get 1) name"));
        run("p = (adit:peers) get 1");
        assertEquals(1000L, run("$p bytesIn"));
        assertEquals("open", run("$p state"));
        assertEquals(List.of("alpha", "demo"), run("each (adit:peers) { $it name }"));
        assertEquals("a row stands for its name", "draining demo: s1", run("adit:drain $p"));
        assertEquals("drained 30 s SHUTDOWN", session.ended);
    }

    @Test
    public void theExamplesOfThePageWork() throws Exception {
        shell.addCommand("adit", new NameCommands(new FakeRegistrations()), "names");
        Matcher block = Pattern.compile("```gogo\\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(Path.of("../../docs/HEALTH.md")));
        assertTrue(block.find());
        for (String line : block.group(1).split("\n")) {
            run(line.replace("alice", "demo"));
        }
    }

    @Test
    public void onePeerInFull() throws Exception {
        String all = print("adit:peer demo");
        assertTrue(all, all.startsWith("NAME      demo\nSTATE     online\n"));
        assertTrue(all, all.contains("\n\nNAME  SESSION  STATE"));
        assertTrue(all, all.contains("GET     /a?...  5000        4000          credit"));
        assertTrue("what a query holds is not shown: " + all, !all.contains("password"));
    }

    @Test
    public void streamsWithAgeAndStall() throws Exception {
        assertEquals(4000L, run("((adit:streams demo) get 0) stallMillis"));
        assertEquals(5000L, run("((adit:streams) get 0) ageMillis"));
    }

    @Test
    public void totals() throws Exception {
        assertEquals(1000L, run("(adit:stats) bytesIn"));
        assertEquals(6, run("(adit:stats) streams"));
        assertTrue(print("adit:stats"), print("adit:stats").startsWith("NAMES           2\nONLINE          1\n"));
    }

    @Test
    public void whatIsWrongIsOneLine() {
        for (String line : List.of("adit:peer nobody", "adit:streams nobody", "adit:drain nobody", "adit:drain --timeout 601 demo", "adit:probe --timeout 0 demo")) {
            Exception wrong = assertThrows(line, RuntimeException.class, () -> run(line));
            assertTrue(wrong.getMessage(), wrong.getMessage().matches("there is no name 'nobody' here|--timeout must be in [0-9.]+ seconds, not [0-9]+"));
        }
    }

    @Test
    public void disconnectEndsThem() throws Exception {
        assertEquals("disconnected demo: s1", run("adit:disconnect demo"));
        assertEquals("closed SHUTDOWN", session.ended);
    }

    @Test
    public void aProbeTellsItsLegsAndItsVerdict() throws Exception {
        assertEquals("STATE  CHECK   MILLIS  FOUND       ADVICE\n"
                + "OK     Name    -       registered  -\n"
                + "WARN   Tunnel  412.2   slow        look\n"
                + "All is well.", print("adit:probe demo").replace("412.3", "412.2"));
        assertEquals(true, run("(adit:probe demo) ok"));
    }

    @Test
    public void anInvitationIsTheOneLine() throws Exception {
        assertTrue(print("adit:invite bob"), print("adit:invite bob").matches("adit://bob:\\S+@127\\.0\\.0\\.1:7443\\?tls=off"));
        assertEquals("bob", run("(adit:invite bob) name"));
        assertTrue("a list holds no secret", !print("adit:invitations").contains("adit://"));
    }

    @Test
    public void aPeerSeesItself() throws Exception {
        peers.registrations = null;
        peers.peers = null;
        peers.nodes.add(new PeerNode() {
            @Override
            public Status status() {
                return new Status("mine", "connecting", Instant.EPOCH, "", "", "the proxy does not answer");
            }

            @Override
            public Optional<PeerSession> session() {
                return Optional.empty();
            }
        });
        assertEquals("NAME  SESSION  STATE  REMOTE  SINCE  CODEC  RTT-MICROS  STREAMS  TOTAL  BYTES-IN  BYTES-OUT", print("adit:peers"));
        assertTrue(print("adit:peer mine"), print("adit:peer mine").contains("REASON    the proxy does not answer"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> run("adit:drain mine")).getMessage().contains("'mine' is not connected here"));
        assertEquals(1, run("(adit:stats) names"));
    }

    @Test
    public void textOfOthersDoesNothingToATerminal() {
        assertEquals("a?[31mb", Table.cells(new Rows.Codec("a\u001b[31mb", "here", 1)).get(0));
    }
}
