package io.adit.metrics;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.adit.api.RequestListener;

/**
 * Counts requests, by side, and by peer where that is wanted. Thread-safe; nothing blocks. A request costs one object where peers are counted, and none
 * otherwise.
 */
final class Requests implements RequestListener {

    /** All the peers beyond the bound; no peer's name has an underscore. */
    static final String OTHERS = "_other";

    private final boolean byPeer;
    private final int peersMax;
    private final Predicate<Side> roles;
    private final Map<Side, SideTally> sides = new EnumMap<>(Side.class);
    private final Map<Side, Course[]> courses = new EnumMap<>(Side.class);
    private final Map<Side, Map<String, Tally>> peers = new EnumMap<>(Side.class);

    /**
     * @param peersMax how many peers have numbers of their own, on each side
     * @param roles says what this container is now
     */
    Requests(boolean byPeer, int peersMax, Predicate<Side> roles) {
        this.roles = roles;
        this.byPeer = byPeer;
        this.peersMax = peersMax;
        for (Side side : Side.values()) {
            SideTally tally = new SideTally();
            Course[] each = new Course[SideTally.METHODS.size()];
            for (int method = 0; method < each.length; method++) {
                int index = method;
                each[method] = end -> tally.end(index, end);
            }
            sides.put(side, tally);
            courses.put(side, each);
            peers.put(side, new ConcurrentHashMap<>());
        }
    }

    @Override
    public Course begin(Begin request) {
        sides.get(request.side()).begin();
        Course course = courses.get(request.side())[SideTally.method(request.method())];
        if (!byPeer || request.peer().isEmpty()) {
            return course;
        }
        Tally peer = peer(peers.get(request.side()), request.peer());
        peer.begin();
        return end -> {
            course.end(end);
            peer.end(end);
        };
    }

    private Tally peer(Map<String, Tally> known, String name) {
        Tally tally = known.get(name);
        if (tally == null) {
            // two at once may go beyond the bound, by as many as there are threads
            tally = known.computeIfAbsent(known.size() < peersMax ? name : OTHERS, each -> new Tally());
        }
        return tally;
    }

    /** The name is no more: another may have its place. */
    void forget(String name) {
        peers.values().forEach(each -> each.remove(name));
    }

    /** Those that there are numbers of: a container is a proxy, or a peer, or both. */
    List<Side> sides() {
        return Stream.of(Side.values()).filter(each -> roles.test(each) || sides.get(each).all().begun() > 0).toList();
    }

    SideTally side(Side side) {
        return sides.get(side);
    }

    /** By name; empty where peers are not counted. */
    Map<String, Tally> peers(Side side) {
        return new TreeMap<>(peers.get(side));
    }
}
