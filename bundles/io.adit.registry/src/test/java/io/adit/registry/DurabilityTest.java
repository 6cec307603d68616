package io.adit.registry;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.adit.api.Invitation;
import io.adit.api.Proof;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A proxy that is killed at any moment loses nothing that it acknowledged. */
public class DurabilityTest {

    private static final int KILLS = 4;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void noAcknowledgedInvitationOrRevocationIsLostByAKill() throws Exception {
        Path path = folder.getRoot().toPath().resolve("registry");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Invitation> invited = new ArrayList<>();
        Set<String> revoked = new HashSet<>();
        for (int kill = 0; kill < KILLS; kill++) {
            runAndKill(path, "run" + kill + "-", 1 + random.nextInt(120), random.nextInt(1_500_000), invited, revoked);
            try (NameStore store = new NameStore(Fixtures.embedded(path))) {
                Map<String, Credential> all = store.load();
                for (Invitation invitation : invited) {
                    String what = invitation.name() + " after kill " + kill + ", seed " + seed;
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
        assertTrue("the children did something", invited.size() >= KILLS && !revoked.isEmpty());
    }

    /** Only the newest ones may be in the middle of a revocation that was not acknowledged; the one before the last line can be gone. */
    private static boolean isLastOf(List<Invitation> invited, Invitation invitation) {
        int index = invited.indexOf(invitation);
        String run = invitation.name().substring(0, invitation.name().indexOf('-'));
        boolean newestOfRun = index + 2 >= invited.size() || !invited.get(index + 2).name().startsWith(run + "-");
        int number = Integer.parseInt(invitation.name().substring(invitation.name().indexOf('-') + 1));
        return newestOfRun && number % 3 == 1;
    }

    private static void runAndKill(Path path, String prefix, int lines, int nanos, List<Invitation> invited, Set<String> revoked) throws IOException,
            InterruptedException {
        Process child = ChildProcess.start(path, prefix);
        try (BufferedReader out = child.inputReader(StandardCharsets.US_ASCII)) {
            for (int i = 0; i < lines; i++) {
                String line = out.readLine();
                assertNotNull("the child ended by itself: " + Files.readString(Path.of(path + "-child.err")), line);
                note(line, invited, revoked);
            }
            // not at the moment of an acknowledgement but anywhere within a write
            java.util.concurrent.locks.LockSupport.parkNanos(nanos);
            // by its handle: Process.destroyForcibly would also close the pipe that we still read
            child.toHandle().destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
            // what it had acknowledged before it died counts too; a line that was cut is no acknowledgement
            StringBuilder rest = new StringBuilder();
            for (int c = out.read(); c >= 0; c = out.read()) {
                rest.append((char) c);
            }
            String whole = rest.substring(0, rest.lastIndexOf("\n") + 1);
            whole.lines().forEach(line -> note(line, invited, revoked));
        } finally {
            child.destroyForcibly();
        }
    }

    private static void note(String line, List<Invitation> invited, Set<String> revoked) {
        if (line.startsWith("INVITED ")) {
            invited.add(Invitation.parse(line.substring(8)));
        } else {
            assertTrue(line, line.startsWith("REVOKED "));
            revoked.add(line.substring(8));
        }
    }
}
