package io.adit.metrics;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;

import io.adit.api.MetricSource;
import io.adit.api.PeerManager;
import io.adit.api.PeerNode;
import io.adit.api.PeerSession;
import io.adit.api.RequestListener.Side;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The management beans, while this bundle runs. Thread-safe. */
final class Beans implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Beans.class);
    private static final double NANOS_PER_MILLI = 1e6;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final List<ObjectName> names = new ArrayList<>();

    /**
     * @param peers gives the registry's manager; null while there is none
     * @param nodes the peers of this container
     * @param sources give those that are there now
     * @param sessionsMax how many sessions are listed
     */
    Beans(Requests requests, Supplier<PeerManager> peers, Collection<PeerNode> nodes, Supplier<Collection<? extends MetricSource>> sources, int sessionsMax) {
        for (Side side : Side.values()) {
            register("type=Requests,side=" + Own.label(side), new RequestsBean(requests.side(side).all()), RequestsMXBean.class);
        }
        register("type=Tunnel", new TunnelBean(peers, nodes, sources, sessionsMax), TunnelMXBean.class);
    }

    private <T> void register(String key, T bean, Class<T> type) {
        try {
            ObjectName name = new ObjectName("io.adit:" + key);
            server.registerMBean(new StandardMBean(bean, type, true), name);
            names.add(name);
        } catch (JMException e) {
            LOG.warn("there is no management bean {}", key, e); // another container in this JVM has it
        }
    }

    @Override
    public void close() {
        for (ObjectName name : names) {
            try {
                server.unregisterMBean(name);
            } catch (JMException e) {
                LOG.debug("{} was gone", name, e);
            }
        }
    }

    private record RequestsBean(Tally tally) implements RequestsMXBean {

        @Override
        public long getRequests() {
            return Tally.STATUSES.stream().mapToLong(tally::status).sum();
        }

        @Override
        public int getInFlight() {
            return (int) tally.underWay();
        }

        @Override
        public Map<String, Long> getRequestsByStatus() {
            Map<String, Long> counts = new TreeMap<>();
            Tally.STATUSES.forEach(status -> counts.put(status, tally.status(status)));
            return counts;
        }

        @Override
        public Map<String, Long> getErrors() {
            Map<String, Long> counts = new TreeMap<>();
            tally.failures((failure, count) -> counts.put(failure.kind() + "/" + failure.error(), count));
            return counts;
        }

        @Override
        public long getRequestBytes() {
            return tally.requestBytes();
        }

        @Override
        public long getResponseBytes() {
            return tally.responseBytes();
        }

        @Override
        public double getMeanDurationMillis() {
            return tally.duration().meanNanos() / NANOS_PER_MILLI;
        }
    }

    private record TunnelBean(Supplier<PeerManager> peers, Collection<PeerNode> nodes, Supplier<Collection<? extends MetricSource>> sources, int sessionsMax)
            implements TunnelMXBean {

        @Override
        public List<Session> getSessions() {
            List<Session> all = new ArrayList<>();
            PeerManager manager = peers.get();
            if (manager != null) {
                new TreeMap<>(manager.connected()).forEach((name, sessions) -> add(all, name, sessions));
            }
            nodes.forEach(node -> add(all, node.status().name(), node.session().stream().toList()));
            return all;
        }

        private void add(List<Session> all, String name, List<PeerSession> sessions) {
            sessions.stream().limit(Math.max(0, sessionsMax - all.size())).forEach(session -> all.add(new Session(name, session.info())));
        }

        @Override
        public List<Peer> getPeers() {
            return nodes.stream().map(node -> new Peer(node.status())).toList();
        }

        @Override
        public Map<String, Double> getFigures() {
            Map<String, Double> figures = new TreeMap<>();
            Exposition.families(sources.get(), (source, failure) -> LOG.debug("{} has no numbers", source, failure)).forEach((name, family) ->
                    family.forEach((labels, metric) -> figures.put(name + text(labels), metric.value())));
            return figures;
        }

        private static String text(Map<String, String> labels) {
            List<String> all = new TreeMap<>(labels).entrySet().stream().map(each -> each.getKey() + "=\"" + each.getValue() + "\"").toList();
            return all.isEmpty() ? "" : "{" + String.join(",", all) + "}";
        }
    }
}
