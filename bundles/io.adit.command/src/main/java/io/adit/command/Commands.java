package io.adit.command;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.RegistrationManager;
import io.adit.api.SessionInfo;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The Gogo commands adit:names and adit:peers. They return text, which a shell prints and pipes. Thread-safety: thread-safe.
 */
@Component(service = Commands.class, property = {"osgi.command.scope=adit", "osgi.command.function=names", "osgi.command.function=peers"})
public final class Commands {

    private final RegistrationManager registrations;
    private final PeerManager peers;

    @Activate
    public Commands(@Reference RegistrationManager registrations, @Reference PeerManager peers) {
        this.registrations = registrations;
        this.peers = peers;
    }

    /** All names: name, state, since, codec, and how many peers serve it. */
    @Descriptor("lists the names: state, since when, codec version, and how many peers serve each")
    public String names() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "STATE", "SINCE", "CODEC", "PEERS"));
        registrations.names().forEach(info -> rows.add(List.of(info.name(), info.state(), info.since().toString(), Text.codec(info.codec()),
                Integer.toString(info.peers()))));
        return Text.table(rows);
    }

    /** Those that are connected, with what their sessions do. */
    @Descriptor("lists the sessions of peers, with what they do")
    public String peers() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "SESSION", "STATE", "REMOTE", "SINCE", "CODEC", "RTT-MICROS", "STREAMS", "TOTAL", "BYTES-IN", "BYTES-OUT"));
        new TreeMap<>(peers.connected()).forEach((name, sessions) -> {
            for (PeerSession session : sessions) {
                SessionInfo info = session.info();
                rows.add(List.of(name, info.id(), info.state(), info.remote(), info.since().toString(), Text.codec(info.codec()),
                        Long.toString(info.roundTripMicros()), Integer.toString(info.streams()), Long.toString(info.totalStreams()),
                        Long.toString(info.bytesIn()), Long.toString(info.bytesOut())));
            }
        });
        return Text.table(rows);
    }
}
