package io.adit.tunnel.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.adit.api.packet.PacketCodec;

/**
 * The codec services that are here now, and which of their versions are wanted. Thread-safety: thread-safe.
 */
final class Codecs {

    /** By version; of several services of one version the last that came counts. */
    private final TreeMap<Integer, List<PacketCodec>> services = new TreeMap<>();
    private Order order = new Order(1, List.of());

    /**
     * What the operator wants.
     *
     * @param minimum versions below are neither sent nor taken
     * @param preferred versions to send before all others; the others follow, highest first
     */
    record Order(int minimum, List<Integer> preferred) {
        Order {
            preferred = List.copyOf(preferred);
        }
    }

    synchronized void order(Order wanted) {
        order = wanted;
    }

    synchronized Order order() {
        return order;
    }

    synchronized void add(PacketCodec codec) {
        services.merge(codec.version(), List.of(codec), (before, last) -> Stream.concat(before.stream(), last.stream()).toList());
    }

    synchronized void remove(PacketCodec codec) {
        services.computeIfPresent(codec.version(), (version, before) -> {
            List<PacketCodec> rest = before.stream().filter(each -> each != codec).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    /** All versions that are here. */
    synchronized List<Integer> versions() {
        return List.copyOf(services.descendingKeySet());
    }

    /** What may be received: by version, highest first. */
    synchronized Map<Integer, PacketCodec> accepted() {
        Map<Integer, PacketCodec> accepted = new LinkedHashMap<>();
        services.tailMap(order.minimum, true).descendingMap().forEach((version, all) -> accepted.put(version, all.get(all.size() - 1)));
        return accepted;
    }

    /**
     * What to send.
     *
     * @param theirs the versions that the other side decodes
     * @param follow the version that is sent where the operator has no wish, if it is common; 0 for none
     * @return null when there is no common version
     */
    synchronized PacketCodec choose(Set<Integer> theirs, int follow) {
        Map<Integer, PacketCodec> common = accepted();
        common.keySet().retainAll(theirs);
        for (int version : order.preferred) {
            if (common.containsKey(version)) {
                return common.get(version);
            }
        }
        return common.containsKey(follow) ? common.get(follow) : common.values().stream().findFirst().orElse(null);
    }
}
