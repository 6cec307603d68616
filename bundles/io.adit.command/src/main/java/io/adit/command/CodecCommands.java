package io.adit.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.adit.api.CodecManager;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The Gogo commands adit:codecs and adit:codec VERSION, on either side. Thread-safety: thread-safe. */
@Component(service = CodecCommands.class, property = {"osgi.command.scope=adit", "osgi.command.function=codecs", "osgi.command.function=codec"})
public final class CodecCommands {

    private final CodecManager codecs;

    @Activate
    public CodecCommands(@Reference CodecManager codecs) {
        this.codecs = codecs;
    }

    /** All versions: whether its bundle is here, whether it is preferred, and how many sessions send with it. */
    @Descriptor("lists the codec versions, and how many sessions send with each")
    public String codecs() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("CODEC", "STATE", "SESSIONS"));
        Map<Integer, Integer> sessions = codecs.sessions();
        for (int version : codecs.versions()) {
            rows.add(List.of(Text.codec(version), version == codecs.preferred() ? "preferred" : "here", Integer.toString(sessions.getOrDefault(version, 0))));
        }
        if (sessions.containsKey(0)) {
            rows.add(List.of("none", "waiting", Integer.toString(sessions.get(0))));
        }
        return Text.table(rows);
    }

    /** Moves the sessions to that version; 0 leaves the choice to the configuration again. */
    @Descriptor("moves the sessions to that codec version; 0 leaves the choice to the configuration again")
    public String codec(@Descriptor("the version") int version) {
        codecs.prefer(version);
        return codecs();
    }
}
