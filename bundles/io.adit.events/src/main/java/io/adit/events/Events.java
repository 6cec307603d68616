package io.adit.events;

import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.adit.api.CodecListener;
import io.adit.api.PeerEvent;
import io.adit.api.PeerListener;
import io.adit.api.PeerNode;
import io.adit.api.Presence;
import io.adit.api.PresenceListener;
import io.adit.api.packet.PacketCodec;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;

/** Posts an event for each thing that happens, and never waits for who handles it. None is posted for a stream: there are too many. Thread-safe. */
@Component(immediate = true, service = {PeerListener.class, PresenceListener.class, CodecListener.class})
public final class Events implements PeerListener, PresenceListener, CodecListener {

    private final EventAdmin admin;
    private volatile boolean over;
    /** Of each peer of this container the state that was told; there are a few. */
    private final Map<String, String> states = new ConcurrentHashMap<>();

    @Activate
    public Events(@Reference EventAdmin admin) {
        this.admin = admin;
    }

    /** What it looked at goes with it, and nothing of that happened. */
    @Deactivate
    void deactivate() {
        over = true;
    }

    /** @param values of the topic's properties, in their order */
    private void post(Topic topic, Instant at, Object... values) {
        if (over) {
            return;
        }
        Map<String, Object> properties = new HashMap<>(Map.of(EventConstants.TIMESTAMP, at.toEpochMilli()));
        for (int i = 0; i < values.length; i++) {
            properties.put(topic.properties().get(i), values[i]);
        }
        admin.postEvent(new Event(topic.topic(), properties));
    }

    @Override
    public void happened(PeerEvent event) {
        switch (event.kind()) {
            case CONNECTED -> post(Topic.PEER_REGISTERED, event.at(), event.name(), event.session(), event.remote());
            case ENDED -> post(Topic.PEER_LOST, event.at(), event.name(), event.session(), event.remote(), event.code().name(), event.text());
            case REFUSED -> post(Topic.PEER_REFUSED, event.at(), event.name(), event.remote(), event.code().name(), event.text());
            case INVITED -> post(Topic.PEER_INVITED, event.at(), event.name());
            case REVOKED -> post(Topic.PEER_REVOKED, event.at(), event.name());
            case MOVED -> post(Topic.PEER_MOVED, event.at(), event.name(), event.text());
            default -> {
                // a kind that is newer than this bundle
            }
        }
    }

    @Override
    public void online(Presence presence) {
        post(Topic.NAME_ONLINE, Instant.now(), presence.name(), presence.url(), presence.proxyName(), presence.since().toEpochMilli());
    }

    @Override
    public void offline(String name) {
        post(Topic.NAME_OFFLINE, Instant.now(), name);
    }

    @Override
    public void ended(String name) {
        post(Topic.NAME_ENDED, Instant.now(), name);
    }

    @Override
    public void switched(String name, String session, int before, int now) {
        post(Topic.CODEC_SWITCHED, Instant.now(), name, session, before, now);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, updated = "node", unbind = "removeNode", name = "node")
    void node(PeerNode node) {
        PeerNode.Status status = node.status();
        if (status.state().equals(states.put(status.name(), status.state()))) {
            return;
        }
        long since = status.since().toEpochMilli();
        String trouble = node.trouble().name().toLowerCase(Locale.ROOT).replace('_', '-');
        switch (status.state()) {
            case "connected" -> post(Topic.TUNNEL_CONNECTED, Instant.now(), status.name(), status.url(), status.proxy(), since);
            case "stopped" -> post(Topic.TUNNEL_STOPPED, Instant.now(), status.name(), status.proxy(), since, trouble, status.reason());
            default -> post(Topic.TUNNEL_CONNECTING, Instant.now(), status.name(), status.proxy(), since, trouble, status.reason());
        }
    }

    void removeNode(PeerNode node) {
        states.remove(node.status().name());
    }

    /** Only what it says of itself: it is not to be kept from going by us. */
    @Reference(service = PacketCodec.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addCodec(ServiceReference<PacketCodec> codec) {
        codec(Topic.CODEC_ADDED, codec);
    }

    void removeCodec(ServiceReference<PacketCodec> codec) {
        codec(Topic.CODEC_REMOVED, codec);
    }

    private void codec(Topic topic, ServiceReference<PacketCodec> codec) {
        post(topic, Instant.now(), codec.getProperty(PacketCodec.VERSION) instanceof Number version ? version.intValue() : 0);
    }
}
