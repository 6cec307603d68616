package io.adit.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * What the domain holds at this moment: what was configured, and where the hosts lead. A look-up reads one immutable node and takes no lock, so that
 * thousands of hosts may come and go while it is asked.
 *
 * <p>Thread-safety: look-ups by any thread; changes by one.
 */
final class Zone {

    /** How often a secondary server would ask, if there were transfers; seconds. */
    private static final int REFRESH = 7200;
    private static final int RETRY = 1800;
    private static final int EXPIRE = 1_209_600;

    /**
     * What is configured. Immutable.
     *
     * @param servers at least one; those in the domain have the domain's addresses, unless records say otherwise
     * @param wildcard whether every name there is not leads to the domain's addresses
     * @param ttl of hosts, seconds
     * @param negativeTtl of "there is none", seconds
     * @param recordsTtl of the domain's SOA and NS, seconds
     */
    record Fixed(Name domain, List<Name> servers, Name contact, List<Record> records, boolean wildcard, int ttl, int negativeTtl, int recordsTtl) {
    }

    /** The records of a name by type; none for a name that only has others below it (RFC 8020). */
    private record Node(Map<Integer, List<Record>> records) {

        List<Record> of(int type) {
            return records.getOrDefault(type, List.of());
        }
    }

    private static final Node EMPTY = new Node(Map.of());

    private final Fixed fixed;
    private final Name wildcardName;
    private final LongSupplier epochSeconds;
    private final AtomicLong serial;
    private final Map<Name, Node> hosts = new ConcurrentHashMap<>();
    /** Of the whole of what is configured, made anew when the domain's addresses change. */
    private volatile Map<Name, Node> nodes = Map.of();
    private volatile List<InetAddress> addresses;

    /** @param addresses the domain's */
    Zone(Fixed fixed, List<InetAddress> addresses, LongSupplier epochSeconds) {
        this.fixed = fixed;
        this.wildcardName = DomainNames.child("*", fixed.domain());
        this.epochSeconds = epochSeconds;
        this.serial = new AtomicLong(epochSeconds.getAsLong());
        this.addresses = List.copyOf(addresses);
        this.nodes = nodes();
    }

    Name domain() {
        return fixed.domain();
    }

    /** @param to where the host leads; empty: nowhere */
    void lead(Name host, List<InetAddress> to) {
        Node node = new Node(addressRecords(host, to));
        boolean changed = to.isEmpty() ? hosts.remove(host) != null : !node.equals(hosts.put(host, node));
        if (changed) {
            rise();
        }
    }

    /** The domain's own addresses are these. */
    void addresses(List<InetAddress> now) {
        if (!addresses.equals(now)) {
            addresses = List.copyOf(now);
            nodes = nodes();
            rise();
        }
    }

    private Map<Name, Node> nodes() {
        Map<Name, Map<Integer, List<Record>>> all = new HashMap<>();
        fixed.records().forEach(record -> add(all, record));
        fixed.servers().forEach(server -> add(all, new NSRecord(fixed.domain(), DClass.IN, fixed.recordsTtl(), server)));
        own(all, fixed.domain());
        fixed.servers().stream().filter(server -> server.subdomain(fixed.domain())).forEach(server -> own(all, server));
        if (fixed.wildcard()) {
            own(all, wildcardName);
        }
        Map<Name, Node> nodes = new HashMap<>();
        all.forEach((name, records) -> nodes.put(name, new Node(freeze(records))));
        for (Name name : all.keySet()) {
            // the names between it and the domain are there too
            for (Name above = name; above.labels() > fixed.domain().labels(); above = new Name(above, 1)) {
                nodes.putIfAbsent(above, EMPTY);
            }
        }
        return Map.copyOf(nodes);
    }

    /** Leads to the domain's addresses, unless the operator says where it leads. */
    private void own(Map<Name, Map<Integer, List<Record>>> all, Name name) {
        Map<Integer, List<Record>> records = all.computeIfAbsent(name, n -> new HashMap<>());
        if (!leads(records)) {
            records.putAll(addressRecords(name, addresses));
        }
    }

    private static boolean leads(Map<Integer, List<Record>> records) {
        return records.containsKey(Type.A) || records.containsKey(Type.AAAA) || records.containsKey(Type.CNAME);
    }

    private static void add(Map<Name, Map<Integer, List<Record>>> all, Record record) {
        List<Record> set = all.computeIfAbsent(record.getName(), name -> new HashMap<>())
                .computeIfAbsent(record.getType(), type -> new ArrayList<>());
        if (!set.contains(record)) {
            set.add(record);
        }
    }

    private static Map<Integer, List<Record>> freeze(Map<Integer, List<Record>> records) {
        Map<Integer, List<Record>> frozen = new HashMap<>();
        records.forEach((type, set) -> frozen.put(type, List.copyOf(set)));
        return Map.copyOf(frozen);
    }

    private Map<Integer, List<Record>> addressRecords(Name name, List<InetAddress> to) {
        Map<Integer, List<Record>> records = new HashMap<>();
        for (InetAddress address : to) {
            Record record = address instanceof Inet4Address ? new ARecord(name, DClass.IN, fixed.ttl(), address)
                    : new AAAARecord(name, DClass.IN, fixed.ttl(), address);
            records.computeIfAbsent(record.getType(), type -> new ArrayList<>()).add(record);
        }
        return freeze(records);
    }

    /** RFC 1982: a serial only rises. It keeps up with the clock, so that it rises over a restart too. */
    private void rise() {
        long now = epochSeconds.getAsLong();
        serial.updateAndGet(last -> Math.max(last + 1, now));
    }

    /** The SOA record as answers to the question for it have it. */
    Record soa() {
        return soa(fixed.recordsTtl());
    }

    /** The SOA record for negative answers (RFC 2308 section 3). */
    Record denial() {
        return soa(fixed.negativeTtl());
    }

    private Record soa(long ttl) {
        return new SOARecord(fixed.domain(), DClass.IN, ttl, fixed.servers().get(0), fixed.contact(), serial.get() & 0xFFFFFFFFL, REFRESH, RETRY,
                EXPIRE, fixed.negativeTtl());
    }

    /** Whether the name, which is in the domain, is there, be it without records. */
    boolean exists(Name name) {
        return hosts.containsKey(name) || nodes.containsKey(name);
    }

    /**
     * The records of a name in the domain, those of a wildcard too (RFC 4592), with the name as their owner.
     *
     * @return empty when there is no such name
     */
    Optional<List<Record>> find(Name name, int type) {
        Node host = hosts.get(name);
        Node node = nodes.get(name);
        if (host != null && (node == null || !leads(node.records()))) {
            List<Record> led = host.of(type);
            return Optional.of(led.isEmpty() && node != null ? fixedOf(name, node, type) : led);
        } else if (node != null) {
            return Optional.of(fixedOf(name, node, type));
        }
        return wildcard(name).map(source -> source.of(type).stream().map(record -> owned(record, name)).toList());
    }

    private List<Record> fixedOf(Name name, Node node, int type) {
        return type == Type.SOA && name.equals(fixed.domain()) ? List.of(soa()) : node.of(type);
    }

    /** The wildcard below the closest name above that exists, if it is there. */
    private Optional<Node> wildcard(Name name) {
        Name above = new Name(name, 1);
        while (!exists(above)) {
            above = new Name(above, 1);
        }
        return Optional.ofNullable(nodes.get(above.equals(fixed.domain()) ? wildcardName : DomainNames.child("*", above)));
    }

    private static Record owned(Record record, Name owner) {
        return Record.newRecord(owner, record.getType(), record.getDClass(), record.getTTL(), record.rdataToWireCanonical());
    }
}
