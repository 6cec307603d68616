package io.adit.shell;

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
    public List<Rows.Codec> codecs() {
        List<Rows.Codec> rows = new ArrayList<>();
        Map<Integer, Integer> sessions = codecs.sessions();
        for (int version : codecs.versions()) {
            rows.add(new Rows.Codec("v" + version, version == codecs.preferred() ? "preferred" : "here", sessions.getOrDefault(version, 0)));
        }
        if (sessions.containsKey(0)) {
            rows.add(new Rows.Codec("none", "waiting", sessions.get(0)));
        }
        return Listing.of(Rows.Codec.class, rows.stream());
    }

    /** Moves the sessions to that version; 0 leaves the choice to the configuration again. */
    @Descriptor("moves the sessions to that codec version; 0 leaves the choice to the configuration again")
    public List<Rows.Codec> codec(@Descriptor("the version") int version) {
        codecs.prefer(version);
        return codecs();
    }
}
