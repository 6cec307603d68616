package io.adit.events;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.adit.api.ErrorCode;
import io.adit.api.PeerEvent;
import io.adit.api.PeerNode;
import io.adit.api.PeerSession;
import io.adit.api.Presence;
import io.adit.api.packet.Fields;
import io.adit.api.packet.PacketCodec;
import org.junit.Test;
import org.osgi.framework.ServiceReference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/** What happens, and the events that tell it. */
public class EventsTest {

    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    private final List<Event> posted = new ArrayList<>();
    private final Events events = new Events(new EventAdmin() {
        @Override
        public void postEvent(Event event) {
            posted.add(event);
        }

        @Override
        public void sendEvent(Event event) {
            throw new AssertionError("that would wait for the handlers");
        }
    });

    /** The last event without its time stamp. */
    private String last() {
        Event event = posted.get(posted.size() - 1);
        Map<String, Object> properties = new TreeMap<>();
        for (String name : event.getPropertyNames()) {
            if (!name.equals("event.topics") && !name.equals("timestamp")) {
                properties.put(name, event.getProperty(name));
            }
        }
        assertTrue(event.getProperty("timestamp") instanceof Long);
        Topic topic = java.util.Arrays.stream(Topic.values()).filter(each -> each.topic().equals(event.getTopic())).findFirst().orElseThrow();
        assertEquals(event.getTopic(), new HashSet<>(topic.properties()), properties.keySet());
        return event.getTopic() + " " + properties;
    }

    private void happened(PeerEvent.Kind kind, ErrorCode code, String text) {
        events.happened(new PeerEvent(AT, "demo", kind, "s1", "192.0.2.1:5", code, text));
    }

    @Test
    public void whatHappensToPeers() {
        happened(PeerEvent.Kind.CONNECTED, ErrorCode.NONE, "");
        assertEquals("io/adit/peer/REGISTERED {name=demo, remote=192.0.2.1:5, session=s1}", last());
        assertEquals(AT.toEpochMilli(), posted.get(0).getProperty("timestamp"));
        happened(PeerEvent.Kind.ENDED, ErrorCode.KEEP_ALIVE, "keep-alive deadline passed");
        assertEquals("io/adit/peer/LOST {code=KEEP_ALIVE, name=demo, remote=192.0.2.1:5, session=s1, text=keep-alive deadline passed}", last());
        happened(PeerEvent.Kind.REFUSED, ErrorCode.UNAUTHORIZED, "no");
        assertEquals("io/adit/peer/REFUSED {code=UNAUTHORIZED, name=demo, remote=192.0.2.1:5, text=no}", last());
        happened(PeerEvent.Kind.INVITED, ErrorCode.NONE, "");
        assertEquals("io/adit/peer/INVITED {name=demo}", last());
        happened(PeerEvent.Kind.REVOKED, ErrorCode.NONE, "");
        assertEquals("io/adit/peer/REVOKED {name=demo}", last());
        happened(PeerEvent.Kind.MOVED, ErrorCode.NONE, "to p2");
        assertEquals("io/adit/peer/MOVED {name=demo, text=to p2}", last());
        assertEquals(PeerEvent.Kind.values().length, posted.size());
    }

    @Test
    public void whatHappensToNames() {
        events.online(new Presence("demo", "http://demo.x/", "p1", List.of(), AT, Fields.of("owner", "somebody@example.org")));
        assertEquals("nobody's address is told", "io/adit/name/ONLINE {name=demo, proxy=p1, since=" + AT.toEpochMilli() + ", url=http://demo.x/}", last());
        events.offline("demo");
        assertEquals("io/adit/name/OFFLINE {name=demo}", last());
        events.ended("demo");
        assertEquals("io/adit/name/ENDED {name=demo}", last());
    }

    private String state = "connecting";
    private String reason = "";
    private PeerNode.Trouble trouble = PeerNode.Trouble.NONE;
    private final PeerNode node = new PeerNode() {
        @Override
        public Status status() {
            return new Status("mine", state, AT, "http://mine.x/", "p1", reason);
        }

        @Override
        public Optional<PeerSession> session() {
            return Optional.empty();
        }

        @Override
        public Trouble trouble() {
            return trouble;
        }
    };

    @Test
    public void whatHappensToAPeerOfThisContainer() {
        events.node(node);
        assertEquals("io/adit/tunnel/CONNECTING {name=mine, proxy=p1, since=1767323045000, text=, trouble=none}", last());
        reason = "again";
        events.node(node);
        assertEquals("not once more for each attempt", 1, posted.size());
        state = "connected";
        events.node(node);
        assertEquals("io/adit/tunnel/CONNECTED {name=mine, proxy=p1, since=1767323045000, url=http://mine.x/}", last());
        state = "stopped";
        trouble = PeerNode.Trouble.TAKEN_OVER;
        events.node(node);
        assertEquals("io/adit/tunnel/STOPPED {name=mine, proxy=p1, since=1767323045000, text=again, trouble=taken-over}", last());
        events.removeNode(node);
        events.node(node);
        assertEquals("a new one with the same name", 4, posted.size());
    }

    @SuppressWarnings("unchecked")
    private static ServiceReference<PacketCodec> codec(int version) {
        return (ServiceReference<PacketCodec>) Proxy.newProxyInstance(EventsTest.class.getClassLoader(), new Class<?>[] {ServiceReference.class},
            (proxy, method, args) -> PacketCodec.VERSION.equals(args[0]) ? version : null);
    }

    @Test
    public void whatHappensToCodecs() {
        events.addCodec(codec(2));
        assertEquals("io/adit/codec/ADDED {version=2}", last());
        events.switched("demo", "s1", 1, 2);
        assertEquals("io/adit/codec/SWITCHED {before=1, name=demo, session=s1, version=2}", last());
        events.removeCodec(codec(1));
        assertEquals("io/adit/codec/REMOVED {version=1}", last());
        events.deactivate();
        events.removeCodec(codec(2));
        assertEquals("that this bundle stops is no event", 3, posted.size());
    }

    /** The table in docs/HEALTH.md: topic, properties. */
    @Test
    public void theDocumentListsThemAll() throws Exception {
        Set<String> expected = new TreeSet<>();
        for (Topic topic : Topic.values()) {
            expected.add(topic.topic() + " " + topic.properties());
        }
        Set<String> listed = new TreeSet<>();
        Matcher row = Pattern.compile("(?m)^\\| `(io/adit/[a-z]+/[A-Z]+)` \\| ([^|]+) \\| [^|]+ \\|$").matcher(Files.readString(Path.of("../../docs/HEALTH.md")));
        while (row.find()) {
            listed.add(row.group(1) + " " + List.of(row.group(2).replace("`", "").split(", ")));
        }
        assertEquals(expected, listed);
    }
}
