package io.adit.api;

import java.util.List;
import java.util.Map;

import org.osgi.annotation.versioning.ProviderType;

/** The codec versions of this container's sessions, for operators. Thread-safety: thread-safe; nothing here blocks. */
@ProviderType
public interface CodecManager {

    /** The versions that are here, highest first. */
    List<Integer> versions();

    /** How many sessions that are registered send with which version now; 0 is for those that wait for a codec. */
    Map<Integer, Integer> sessions();

    /** The version that {@link #prefer} set; 0 when none was. */
    int preferred();

    /**
     * Moves all sessions that can to that version, in this side's direction at once; a peer without an order of its own follows its proxy.
     * Lasts until the engine's configuration changes or its bundle is restarted.
     *
     * @param version 0 for the order of the configuration
     * @throws IllegalArgumentException when there is no such version here
     */
    void prefer(int version);
}
