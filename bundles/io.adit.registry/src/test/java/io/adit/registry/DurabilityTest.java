package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.adit.api.Invitation;
import io.adit.api.Proof;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager.Released;
import io.adit.store.PostgresServer;
import org.junit.Assume;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A proxy that is killed at any moment loses nothing that it acknowledged. What a kill leaves is what is in the file, so the first test takes that at the
 * moment of each answer; the others kill indeed, within whatever write.
 */
public class DurabilityTest {

    private static final int KILLS = 2;
    private static final int POSTGRES_KILLS = 1;
    /** Acknowledgements until a kill: so many that a revocation is among them. */
    private static final int LEAST = 5;
    private static final int RANGE = 116;

    private interface Step {
        void take(Registrations registrations) throws RegistrationException;
    }

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void whatIsAcknowledgedIsInTheFile() throws Exception {
        Path path = folder.getRoot().toPath().resolve("registry");
        LateCommits database = new LateCommits(Fixtures.embedded(path));
        Credentials credentials = new Credentials(Map.of());
        try (NameStore store = new NameStore(database); Peers peers = new Peers(credentials, Fixtures.LIMITS, System::nanoTime, Fixtures.NOBODY)) {
            Registrations registrations = Fixtures.registrations(store, credentials, peers, Optional.of(Fixtures.DIAL));
            List<Step> steps = List.of(one -> one.invite("a"), one -> one.invite("b"), one -> one.invite("a"), one -> one.change("b", terms -> terms.withPeers(3)),
                    one -> one.rename("b", "c"), one -> one.inviteProxy("p"), one -> one.revoke("a"), one -> one.release("b"), one -> one.revoke("p"));
            for (int i = 0; i < steps.size(); i++) {
                database.answered(false);
                steps.get(i).take(registrations);
                Path killed = path.resolveSibling("killed-" + i);
                Files.copy(path.resolveSibling("registry.mv.db"), path.resolveSibling("killed-" + i + ".mv.db"));
                database.answered(true);
                try (NameStore left = new NameStore(Fixtures.embedded(killed))) {
                    assertEquals("step " + i, told(credentials.sorted().stream(), registrations.released()), told(left.load().entrySet().stream(), left.loadReleased()));
                }
            }
            assertEquals(List.of("c"), credentials.names());
        }
    }

    /** All that there is of them, a line each. */
    private static Set<String> told(Stream<Map.Entry<String, Credential>> names, List<Released> released) {
        Set<String> all = new TreeSet<>();
        names.forEach(each -> all.add(each.getKey() + " " + each.getValue().kind() + " " + Proof.hex(each.getValue().verifier().storedKey()) + " " + each.getValue().terms()));
        released.forEach(each -> all.add(each.name() + " is called '" + each.renamed() + "'"));
        return all;
    }

    @Test
    public void noAcknowledgedInvitationOrRevocationIsLostByAKill() throws Exception {
        String path = folder.getRoot().toPath().resolve("registry").toString();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Invitation> invited = new ArrayList<>();
        Set<String> revoked = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            runAndKill(path, "run" + kill + "-", LEAST + random.nextInt(RANGE), random.nextInt(1_500_000), invited, revoked);
            look(path, "after kill " + kill + ", seed " + seed, invited, revoked);
        }
        assertTrue("the children did something", invited.size() >= KILLS && !revoked.isEmpty());
    }

    /** The server is killed with all its processes, and then the one that writes. */
    @Test
    public void noAcknowledgedInvitationOrRevocationIsLostByAKillOfPostgres() throws Exception {
        PostgresServer server = Fixtures.postgres(DurabilityTest.class);
        Assume.assumeTrue(server != null);
        String url = Fixtures.schema(server);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Invitation> invited = new ArrayList<>();
        Set<String> revoked = new HashSet<>();
        for (int kill = 0; kill < POSTGRES_KILLS; kill++) {
            Process child = ChildProcess.start(url, folder.getRoot().toPath().resolve("child.err"), "run" + kill + "-");
            try (BufferedReader out = child.inputReader(StandardCharsets.US_ASCII)) {
                read(out, LEAST + random.nextInt(RANGE), invited, revoked);
                LockSupport.parkNanos(random.nextInt(1_500_000));
                server.kill();
                server.open();
                read(out, LEAST + random.nextInt(RANGE), invited, revoked);
                LockSupport.parkNanos(random.nextInt(1_500_000));
                end(child, out, invited, revoked);
            } finally {
                child.destroyForcibly();
            }
            look(url, "after kill " + kill + ", seed " + seed, invited, revoked);
        }
        assertTrue("the children did something", invited.size() >= 2 * POSTGRES_KILLS && !revoked.isEmpty());
    }

    private static void look(String path, String when, List<Invitation> invited, Set<String> revoked) throws SQLException {
        try (NameStore store = new NameStore(Fixtures.database(path))) {
            Map<String, Credential> all = store.load();
            for (Invitation invitation : invited) {
                String what = invitation.name() + " " + when;
                if (revoked.contains(invitation.name())) {
                    assertFalse(what + " came back", all.containsKey(invitation.name()));
                } else if (!isLastOf(invited, invitation)) {
                    Credential credential = all.get(invitation.name());
                    assertNotNull(what + " is lost", credential);
                    assertTrue(what, Proof.verify(credential.verifier(), Fixtures.TRANSCRIPT, Fixtures.register(invitation).proof()));
                }
            }
        }
    }

    /** Only the newest ones may be in the middle of a revocation that was not acknowledged; the one before the last line can be gone. */
    private static boolean isLastOf(List<Invitation> invited, Invitation invitation) {
        int index = invited.indexOf(invitation);
        String run = invitation.name().substring(0, invitation.name().indexOf('-'));
        boolean newestOfRun = index + 2 >= invited.size() || !invited.get(index + 2).name().startsWith(run + "-");
        int number = Integer.parseInt(invitation.name().substring(invitation.name().indexOf('-') + 1));
        return newestOfRun && number % 3 == 1;
    }

    private void runAndKill(String path, String prefix, int lines, int nanos, List<Invitation> invited, Set<String> revoked) throws IOException,
            InterruptedException {
        Process child = ChildProcess.start(path, folder.getRoot().toPath().resolve("child.err"), prefix);
        try (BufferedReader out = child.inputReader(StandardCharsets.US_ASCII)) {
            read(out, lines, invited, revoked);
            // not at the moment of an acknowledgement but anywhere within a write
            LockSupport.parkNanos(nanos);
            end(child, out, invited, revoked);
        } finally {
            child.destroyForcibly();
        }
    }

    private void read(BufferedReader out, int lines, List<Invitation> invited, Set<String> revoked) throws IOException {
        int read = 0;
        while (read < lines) {
            String line = out.readLine();
            assertNotNull("the child ended by itself: " + Files.readString(folder.getRoot().toPath().resolve("child.err")), line);
            read += note(line, invited, revoked);
        }
    }

    private static void end(Process child, BufferedReader out, List<Invitation> invited, Set<String> revoked) throws IOException, InterruptedException {
        // by its handle: Process.destroyForcibly would also close the pipe that we still read
        child.toHandle().destroyForcibly();
        assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        // what it had acknowledged before it died counts too; a line that was cut is no acknowledgement
        StringBuilder rest = new StringBuilder();
        for (int c = out.read(); c >= 0; c = out.read()) {
            rest.append((char) c);
        }
        rest.substring(0, rest.lastIndexOf("\n") + 1).lines().forEach(line -> note(line, invited, revoked));
    }

    /** @return how many acknowledgements it is */
    private static int note(String line, List<Invitation> invited, Set<String> revoked) {
        if (line.startsWith("INVITED ")) {
            invited.add(Invitation.parse(line.substring(8)));
        } else if (line.startsWith("REVOKED ")) {
            revoked.add(line.substring(8));
        } else {
            boolean code = line.startsWith("CODE ");
            assertTrue(line, code ? line.equals("CODE " + ChildProcess.code()) : line.startsWith("AWAY "));
            return 0;
        }
        return 1;
    }
}
