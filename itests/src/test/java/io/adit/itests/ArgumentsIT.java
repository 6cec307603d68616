package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.Test;

/** What a user gets who types something wrong: one line that names it, and an exit code. */
public class ArgumentsIT {

    @Test
    public void wrongArgumentsAreExitCodeTwoAndOneLine() throws Exception {
        String home = Adit.folder("ArgumentsIT").resolve("home").toString();
        Map<List<String>, String> table = new LinkedHashMap<>();
        table.put(List.of(), "command");
        table.put(List.of("dig"), "dig");
        table.put(List.of("proxy"), "--home");
        table.put(List.of("proxy", "--home", home, "--http-port", "65536"), "--http-port");
        table.put(List.of("proxy", "--home", home, "--http-port", "web"), "--http-port");
        table.put(List.of("proxy", "--home", home, "--http-port", "9", "--tunnel-port", "9"), "--tunnel-port");
        table.put(List.of("proxy", "--home", home, "--tunnel-tls", "maybe"), "--tunnel-tls");
        table.put(List.of("proxy", "--home", home, "--advertise", "nowhere"), "--advertise");
        table.put(List.of("proxy", "--home", home, "--domain", "a domain"), "--domain");
        table.put(List.of("proxy", "--home", home, "--set", "io.adit.proxy"), "--set");
        table.put(List.of("proxy", "--home", home, "--smtp", "127.0.0.1:25"), "--mail-from");
        table.put(List.of("proxy", "--home", home, "--smtp", "127.0.0.1:25", "--mail-from", "nobody"), "--mail-from");
        table.put(List.of("peer", "--home", home, "--notify", "nobody"), "--notify");
        table.put(List.of("peer", "--home", home), "--invite");
        table.put(List.of("peer", "--home", home, "--invite", "adit://broken"), "invitation");
        table.put(List.of("peer", "--home", home, "--invite", "@" + home + "/nothing"), "nothing");
        table.put(List.of("peer", "--home", home, "--origin", "ftp://127.0.0.1/"), "--origin");
        table.put(List.of("peer", "--home", home, "--share", home + "/no-such-folder"), "no-such-folder");
        table.put(List.of("peer", "--home", home, "--origin", "http://127.0.0.1:1", "--share", "."), "--share");
        table.put(List.of("peer", "--home", home, "--via", "proxy:3128"), "--via");
        table.put(List.of("peer", "--home", home, "--via", "http://user:secret@proxy:3128"), "--via-password-file");
        table.put(List.of("peer", "--home", home, "--via-password-file", home + "/no-such-file"), "no-such-file");
        table.put(List.of("invite", "--home", home), "NAME");
        table.put(List.of("demo", "--http-port", "-1"), "--http-port");
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<List<String>, String> row : table.entrySet()) {
            // one of them in a process: the way of the line and of the code out of it is the same for all
            try (Adit adit = Adit.start(row.getKey().isEmpty() ? Adit.QUICK : Adit.HOSTED, row.getKey())) {
                String line = adit.awaitRefusal(2);
                assertTrue("names " + row.getValue() + ": " + line, line.contains(row.getValue()));
                assertEquals(List.of(), adit.out());
            } catch (AssertionError e) {
                wrong.add(e.getMessage());
            }
        }
        assertEquals("what went wrong", List.of(), wrong);
        assertTrue("nothing is left of them", Files.notExists(Path.of(home)));
    }

    @Test
    public void aCommandForAProxyThatDoesNotRunSaysSo() throws Exception {
        String home = Adit.folder("ArgumentsIT-none").toString();
        for (String command : List.of("invite", "revoke")) {
            try (Adit adit = Adit.start(Adit.HOSTED, List.of(command, "--home", home, "demo"))) {
                assertTrue(adit.awaitRefusal(1).contains("no proxy is running"));
            }
        }
    }

    @Test
    public void aTakenPortIsOneLineThatNamesTheOption() throws Exception {
        Path home = Adit.folder("ArgumentsIT-ports");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (String option : List.of("--http-port", "--tunnel-port", "--admin-port")) {
                List<String> arguments = new ArrayList<>(List.of("proxy", "--home", home.resolve(option).toString()));
                for (String each : List.of("--http-port", "--tunnel-port", "--admin-port")) {
                    arguments.addAll(List.of(each, each.equals(option) ? Integer.toString(taken.getLocalPort()) : "0"));
                }
                try (Adit adit = Adit.start(Adit.HOSTED, arguments)) {
                    String line = adit.awaitRefusal(1);
                    assertTrue(line, line.contains(option) && line.contains(Integer.toString(taken.getLocalPort())));
                }
            }
        }
    }

    @Test
    public void badValuesAreToldByPidKeyAndRangeAndLeaveTheConfigurationAsItWas() throws Exception {
        Path home = Adit.folder("ArgumentsIT-values");
        Path file = Files.createDirectories(home.resolve("etc")).resolve("io.adit.acceptor.config");
        String mine = "# mine\nport = I\"0\"\nbacklog = I\"77\"\n";
        Files.writeString(file, mine);
        List<String> arguments = List.of("proxy", "--home", home.toString(), "--http-port", "0", "--admin-port", "0");
        try (Adit adit = Adit.start(Adit.HOSTED, with(arguments, "io.adit.acceptor:max.handshakes=0", "io.adit.acceptor:backlog=many",
                "io.adit.acceptor:tls=flase", "io.adit.acceptor:advertise=nowhere", "io.adit.tunnel:max.streams=all"))) {
            assertEquals("adit: io.adit.acceptor: tls must be true or false, not 'flase'; io.adit.acceptor: advertise must be HOST:PORT, with an IPv6 address "
                + "in brackets, or empty, not 'nowhere'; io.adit.acceptor: max.handshakes must be in 1..100000, not '0'; "
                + "io.adit.acceptor: backlog must be in 1..65535, not 'many'; io.adit.tunnel: max.streams must be in 1..65536, not 'all'",
                adit.awaitRefusal(1));
        }
        assertEquals(mine, Files.readString(file));
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertEquals("what was made is gone", List.of(file), files.toList());
        }
        try (Adit adit = Adit.start(Adit.HOSTED, with(arguments, "io.adit.acceptor:backlog=78"))) {
            adit.awaitReady();
            assertTrue(Files.readString(file), Files.readString(file).contains("I\"78\""));
        }
    }

    private static List<String> with(List<String> arguments, String... settings) {
        List<String> all = new ArrayList<>(arguments);
        for (String each : settings) {
            all.addAll(List.of("--set", each));
        }
        return all;
    }
}
