package io.adit.tunnel.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

import io.adit.api.packet.PacketCodec;

/**
 * The codec versions that are here now. Thread-safety: thread-safe.
 */
final class Codecs {

    private final ConcurrentSkipListMap<Integer, PacketCodec> byVersion = new ConcurrentSkipListMap<>();

    void add(PacketCodec codec) {
        byVersion.put(codec.version(), codec);
    }

    /** True when it was the one of its version, and not another with the same. */
    boolean remove(PacketCodec codec) {
        return byVersion.remove(codec.version(), codec);
    }

    /** Highest first. */
    List<Integer> versions() {
        return List.copyOf(byVersion.descendingKeySet());
    }

    /** The highest of those versions that is here; null when none is. */
    PacketCodec best(List<Integer> versions) {
        for (Map.Entry<Integer, PacketCodec> entry : byVersion.descendingMap().entrySet()) {
            if (versions.contains(entry.getKey())) {
                return entry.getValue();
            }
        }
        return null;
    }
}
