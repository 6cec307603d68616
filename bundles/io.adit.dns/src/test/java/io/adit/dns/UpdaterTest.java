package io.adit.dns;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import io.adit.api.Check;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** The updater with a server in memory that does what RFC 2136 section 3 says. */
public class UpdaterTest {

    private static final Name ALICE = Fixtures.name("alice.tunnel.example");
    private static final Name BOB = Fixtures.name("bob.tunnel.example");
    private static final List<InetAddress> ONE = Fixtures.addresses("192.0.2.1");
    private static final List<InetAddress> TWO = Fixtures.addresses("192.0.2.2", "2001:db8::2");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Server server = new Server();
    private Updater updater;

    /** Owner -> type -> data. */
    private static final class Server implements Exchange {
        private final Map<Name, Map<Integer, List<String>>> zone = new TreeMap<>();
        private int away;
        private int refuse;
        private boolean loseAnswer;
        private int updates;

        @Override
        public synchronized int send(Update update) throws IOException {
            notifyAll();
            if (away > 0) {
                away--;
                throw new IOException("Connection refused");
            } else if (refuse > 0) {
                refuse--;
                return Rcode.REFUSED;
            }
            for (Record each : update.getSection(Section.PREREQ)) {
                Map<Integer, List<String>> there = zone.getOrDefault(each.getName(), Map.of());
                if (each.getDClass() == DClass.NONE && each.getType() == Type.ANY && !there.isEmpty()) {
                    return Rcode.YXDOMAIN;
                } else if (each.getDClass() == DClass.NONE && there.containsKey(each.getType())) {
                    return Rcode.YXRRSET;
                } else if (each.getDClass() == DClass.ANY && !there.containsKey(each.getType())) {
                    return Rcode.NXRRSET;
                } else if (each.getDClass() == DClass.IN && !List.of(each.rdataToString()).equals(there.get(each.getType()))) {
                    return Rcode.NXRRSET;
                }
            }
            for (Record each : update.getSection(Section.UPDATE)) {
                Map<Integer, List<String>> there = zone.computeIfAbsent(each.getName(), name -> new TreeMap<>());
                if (each.getDClass() == DClass.ANY) {
                    there.remove(each.getType());
                } else {
                    there.computeIfAbsent(each.getType(), type -> new ArrayList<>()).add(each.rdataToString());
                }
                if (there.isEmpty()) {
                    zone.remove(each.getName());
                }
            }
            updates++;
            if (loseAnswer) {
                loseAnswer = false;
                throw new IOException("no answer");
            }
            return Rcode.NOERROR;
        }

        @Override
        public void rest() {
            // no connection
        }

        @Override
        public void close() {
            // no connection
        }

        synchronized void set(Name name, int type, String data) {
            zone.put(name, new TreeMap<>(Map.of(type, List.of(data))));
        }

        synchronized void await(String what, Predicate<Map<Name, Map<Integer, List<String>>>> state) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!state.test(zone)) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                assertTrue(what + ": " + zone, left > 0);
                wait(Math.min(left, 50));
            }
        }

        synchronized String text() {
            return zone.toString();
        }
    }

    private Updater start(String owner, Duration reconcile) {
        Path state = folder.getRoot().toPath().resolve(owner);
        updater = new Updater(server, new UpdateMessages(Fixtures.name("example"), owner, 30),
            new UpdateQueue.Limits(100, Duration.ofMillis(10), Duration.ofMillis(20)), new Published(state), reconcile);
        return updater;
    }

    @After
    public void stop() {
        if (updater != null) {
            updater.close();
        }
    }

    private static boolean leads(Map<Name, Map<Integer, List<String>>> zone, Name name, String address) {
        return zone.getOrDefault(name, Map.of()).getOrDefault(Type.A, List.of()).equals(List.of(address));
    }

    private static boolean marked(Map<Name, Map<Integer, List<String>>> zone, Name name, String owner) {
        return zone.getOrDefault(UpdateMessages.marker(name), Map.of()).getOrDefault(Type.TXT, List.of()).equals(List.of("adit=" + owner));
    }

    @Test
    public void aNameComesMovesAndGoes() throws Exception {
        start("gate", Duration.ofHours(1));
        updater.lead(ALICE, ONE);
        server.await("comes", zone -> leads(zone, ALICE, "192.0.2.1") && marked(zone, ALICE, "gate"));
        updater.lead(ALICE, TWO);
        server.await("moves", zone -> leads(zone, ALICE, "192.0.2.2") && zone.get(ALICE).containsKey(Type.AAAA));
        updater.lead(ALICE, ONE);
        server.await("moves back", zone -> leads(zone, ALICE, "192.0.2.1") && !zone.get(ALICE).containsKey(Type.AAAA));
        updater.lead(ALICE, List.of());
        server.await("goes", Map::isEmpty);
    }

    @Test
    public void whatSomebodyElsePutThereIsLeftAlone() throws Exception {
        start("gate", Duration.ofHours(1));
        server.set(ALICE, Type.TXT, "\"mine\"");
        updater.lead(ALICE, ONE);
        updater.lead(ALICE, TWO);
        updater.lead(ALICE, List.of());
        updater.lead(BOB, ONE);
        server.await("bob comes", zone -> leads(zone, BOB, "192.0.2.1"));
        updater.lead(BOB, List.of());
        server.await("bob goes", zone -> !zone.containsKey(BOB));
        assertEquals("{alice.tunnel.example.={16=[\"mine\"]}}", server.text());
    }

    @Test
    public void aNameIsTakenOverAndNotWithdrawnByTheOneWhoHadIt() throws Exception {
        Updater one = start("one", Duration.ofHours(1));
        try (one; Updater two = start("two", Duration.ofHours(1))) {
            one.lead(ALICE, ONE);
            server.await("at one", zone -> marked(zone, ALICE, "one"));
            two.lead(ALICE, TWO);
            server.await("at two", zone -> marked(zone, ALICE, "two"));
            one.lead(ALICE, List.of());
            one.lead(BOB, ONE);
            server.await("after it", zone -> leads(zone, BOB, "192.0.2.1"));
            server.await("still there", zone -> leads(zone, ALICE, "192.0.2.2"));
            two.lead(ALICE, List.of());
            server.await("gone", zone -> !zone.containsKey(ALICE));
        }
    }

    @Test
    public void aServerThatIsAwayLearnsTheLastWordWhenItIsBack() throws Exception {
        start("gate", Duration.ofHours(1));
        server.away = 5;
        updater.lead(ALICE, ONE);
        updater.lead(BOB, ONE);
        updater.lead(ALICE, TWO);
        updater.lead(BOB, List.of());
        server.await("back", zone -> leads(zone, ALICE, "192.0.2.2") && !zone.containsKey(BOB));
    }

    @Test
    public void aRefusedNameIsTriedAgain() throws Exception {
        start("gate", Duration.ofHours(1));
        assertEquals("OK dns-updates: the name server takes updates", updater.condition().toString());
        server.refuse = Integer.MAX_VALUE;
        updater.lead(ALICE, ONE);
        server.await("is told", zone -> updater.condition().toString().startsWith("WARN dns-updates: names that wait to be updated: 1, the server answers REFUSED. Does"));
        server.refuse = 3;
        server.await("in the end", zone -> leads(zone, ALICE, "192.0.2.1"));
        server.await("and is told", zone -> updater.condition().state() == Check.State.OK);
    }

    @Test
    public void aLostAnswerDoesNotMakeANameSomebodyElses() throws Exception {
        start("gate", Duration.ofHours(1));
        server.loseAnswer = true;
        updater.lead(ALICE, ONE);
        server.await("created", zone -> leads(zone, ALICE, "192.0.2.1"));
        updater.lead(ALICE, TWO);
        server.await("and ours", zone -> leads(zone, ALICE, "192.0.2.2"));
    }

    @Test
    public void namesOfAnEarlierRunThatNobodySpeaksOfAreWithdrawn() throws Exception {
        start("gate", Duration.ofHours(1));
        updater.lead(ALICE, ONE);
        updater.lead(BOB, ONE);
        server.await("both", zone -> leads(zone, ALICE, "192.0.2.1") && leads(zone, BOB, "192.0.2.1"));
        updater.close();
        start("gate", Duration.ofMillis(50));
        updater.lead(BOB, ONE);
        updater.told();
        server.await("alice is gone", zone -> !zone.containsKey(ALICE));
        server.await("bob is not", zone -> leads(zone, BOB, "192.0.2.1"));
    }

    @Test
    public void aNameWithoutRoomForItsMarkerHoldsUpNobody() throws Exception {
        start("gate", Duration.ofHours(1));
        Name longest = Fixtures.name((("x".repeat(60) + ".").repeat(4) + "x".repeat(9)));
        updater.lead(longest, ONE);
        updater.lead(ALICE, ONE);
        server.await("the other one", zone -> leads(zone, ALICE, "192.0.2.1"));
    }

    @Test
    public void closingDoesNotWaitForAServerThatIsAway() throws Exception {
        start("gate", Duration.ofHours(1));
        server.away = Integer.MAX_VALUE;
        updater.lead(ALICE, ONE);
        CountDownLatch closed = new CountDownLatch(1);
        Thread closer = new Thread(() -> {
            updater.close();
            closed.countDown();
        });
        closer.start();
        assertTrue(closed.await(60, TimeUnit.SECONDS));
    }
}
