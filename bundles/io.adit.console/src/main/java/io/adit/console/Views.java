package io.adit.console;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.adit.api.DomainManager.Domain;
import io.adit.api.PeerNode;
import io.adit.api.Presence;
import io.adit.api.Quota;
import io.adit.api.RegistrationManager.NameInfo;
import io.adit.api.RegistrationManager.Released;
import io.adit.api.TermsText;

/** What pages ask for, by name. Thread-safe. */
final class Views {

    private static final int MISSING = 404;
    private static final int AWAY = 503;
    private static final int PAGE = 50;

    private final Network network;
    private final OverviewView overview;
    private final PeersView peers;
    private final RequestsView requests;
    private final RequestLog log;
    private final Codecs codecs;
    private final LocalView local;
    private final Supplier<List<PeerNode>> nodes;
    private final String version;

    Views(Network network, OverviewView overview, PeersView peers, RequestLog log, Codecs codecs, LocalView local, Supplier<List<PeerNode>> nodes, String version) {
        this.network = network;
        this.overview = overview;
        this.peers = peers;
        this.requests = new RequestsView(log);
        this.log = log;
        this.codecs = codecs;
        this.local = local;
        this.nodes = nodes;
        this.version = version;
    }

    /**
     * A tree for {@link Json}.
     *
     * @param parameter gives a parameter, or null
     */
    Map<String, Object> get(String name, UnaryOperator<String> parameter) throws Refusal {
        UnaryOperator<String> text = key -> {
            String value = parameter.apply(key);
            return value == null ? "" : value;
        };
        try {
            return switch (name) {
                case "overview" -> overview.now();
                case "peers" -> peers.table(text.apply("q"), text.apply("state"), text.apply("sort"), text.apply("dir").equals("desc"),
                        (int) number(text.apply("from"), 0), (int) number(text.apply("count"), PAGE));
                case "peer" -> found(peers.peer(text.apply("name")), "there is no peer of that name");
                case "requests" -> requests.list(filter(text), number(text.apply("seen"), -1), (int) number(text.apply("count"), PAGE));
                case "request" -> found(requests.details(number(text.apply("id"), -1)), "that request is not kept any more");
                case "har" -> Export.har(log.all(filter(text)), version);
                case "codecs" -> codecs.now();
                case "invitations" -> invitations(text.apply("q"));
                case "domains" -> Json.object("rows", network.findDomains().stream().flatMap(each -> each.domains().stream()).map(Views::domain).toList());
                case "released" -> Json.object("rows", network.registrations().released().stream().limit(4L * PAGE).map(Views::released).toList());
                case "local" -> local.now(nodes.get());
                default -> throw new Refusal(MISSING, "there is nothing of that name");
            };
        } catch (Network.AwayException e) {
            throw new Refusal(AWAY, e.getMessage());
        }
    }

    private static RequestsView.Filter filter(UnaryOperator<String> text) {
        return new RequestsView.Filter(text.apply("peer"), text.apply("q"), text.apply("kind"));
    }

    private Map<String, Object> invitations(String text) {
        List<NameInfo> names = network.names();
        List<NameInfo> matched = names.stream().filter(each -> each.name().contains(text.toLowerCase(Locale.ROOT))).toList();
        return Json.object("total", names.size(), "matched", matched.size(), "rows", matched.stream().limit(4L * PAGE).map(this::invitation).toList());
    }

    private Map<String, Object> invitation(NameInfo info) {
        return Json.object("name", info.name(), "state", info.state(), "since", info.since().toEpochMilli(), "url",
                network.presence(info.name()).map(Presence::url).orElse(""), "expires", info.terms().expires().map(Instant::toEpochMilli).orElse(null),
                "online", info.peers(), "peers", info.terms().peers(), "quota", info.terms().quota().equals(Quota.DEFAULTS) ? "" : TermsText.of(info.terms().quota()), "notify", String.join(", ", info.terms().notified()));
    }

    private static Map<String, Object> domain(Domain domain) {
        return Json.object("domain", domain.domain(), "name", domain.name(), "record", domain.record(), "value", domain.value(), "state", domain.state(),
                "since", domain.since().toEpochMilli(), "problem", domain.problem());
    }

    private static Map<String, Object> released(Released name) {
        return Json.object("name", name.name(), "since", name.since().toEpochMilli(), "until", name.until().toEpochMilli(), "renamed", name.renamed());
    }

    private static Map<String, Object> found(Map<String, Object> tree, String otherwise) throws Refusal {
        if (tree == null) {
            throw new Refusal(MISSING, otherwise);
        }
        return tree;
    }

    private static long number(String text, long otherwise) {
        return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : otherwise;
    }
}
