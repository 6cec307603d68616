package io.adit.command;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.adit.api.CodecManager;
import io.adit.api.Diagnosis;
import io.adit.api.DomainManager;
import io.adit.api.DomainManager.Domain;
import io.adit.api.Invitation;
import io.adit.api.ProxyManager;
import io.adit.api.ProxyManager.ProxyInfo;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager;
import io.adit.api.RegistrationManager.NameInfo;
import io.adit.api.Terms;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;

/**
 * What can be asked for over the admin REST endpoint, as {@link #ROUTES} lists it and openapi.json describes it. Thread-safety: thread-safe; what writes
 * waits for the store.
 */
final class Operations {

    /** What is answered. @param body null for none */
    record Answer(int status, JsonObject body, Map<String, String> fields) {

        static Answer ok(JsonObjectBuilder body) {
            return new Answer(200, body.build(), Map.of());
        }

        static Answer created(String location, JsonObjectBuilder body) {
            return new Answer(201, body.build(), Map.of("Location", RestServlet.PATH + location));
        }

        static Answer done() {
            return new Answer(204, null, Map.of());
        }
    }

    /**
     * One request.
     *
     * @param name the part of the path that is a name; null where there is none
     * @param body read when it is asked for
     */
    record Call(String name, Map<String, String[]> query, Body body) {
    }

    /** Gives the body, which may have those members. */
    interface Body {
        JsonObject read(String... members) throws Problem;
    }

    /** Does it. */
    interface Operation {
        Answer run(Operations operations, Call call) throws Problem, RegistrationException;
    }

    /** @param path below {@link RestServlet#PATH}, with {name} for a name */
    record Route(String method, String path, Operation operation) {
    }

    static final List<Route> ROUTES = List.of(
            new Route("GET", "/names", Operations::names),
            new Route("GET", "/names/{name}", Operations::name),
            new Route("PATCH", "/names/{name}", Operations::change),
            new Route("DELETE", "/names/{name}", Operations::revoke),
            new Route("POST", "/names/{name}/rename", Operations::rename),
            new Route("POST", "/names/{name}/move", Operations::move),
            new Route("POST", "/invitations", Operations::invite),
            new Route("GET", "/quarantine", Operations::quarantine),
            new Route("DELETE", "/quarantine/{name}", Operations::release),
            new Route("GET", "/proxies", Operations::proxies),
            new Route("POST", "/proxies", Operations::inviteProxy),
            new Route("DELETE", "/proxies/{name}", Operations::revokeProxy),
            new Route("GET", "/domains", Operations::domains),
            new Route("POST", "/domains", Operations::addDomain),
            new Route("DELETE", "/domains/{name}", Operations::removeDomain),
            new Route("POST", "/domains/{name}/check", Operations::checkDomain),
            new Route("GET", "/codecs", Operations::codecs),
            new Route("PUT", "/codecs/preferred", Operations::prefer),
            new Route("GET", "/diagnosis", Operations::diagnose));

    private static final int PAGE = 100;
    private static final int MOST_PAGE = 1000;
    /** More than all its steps may take with default time-outs. */
    private static final int DIAGNOSIS_SECONDS = 110;
    private static final String[] TERMS = {"expires", "quota", "notify", "peers"};

    private final Supplier<Optional<RegistrationManager>> registrations;
    private final Supplier<Optional<ProxyManager>> proxies;
    private final Supplier<Optional<DomainManager>> domains;
    private final Supplier<Optional<CodecManager>> codecs;
    private final Supplier<Optional<Diagnosis>> diagnosis;

    /**
     * @param registrations empty while the registry is not at work, and so the next two
     * @param codecs empty while the tunnel's bundle is away
     * @param diagnosis empty where nobody makes one
     */
    Operations(Supplier<Optional<RegistrationManager>> registrations, Supplier<Optional<ProxyManager>> proxies, Supplier<Optional<DomainManager>> domains,
            Supplier<Optional<CodecManager>> codecs, Supplier<Optional<Diagnosis>> diagnosis) {
        this.diagnosis = diagnosis;
        this.registrations = registrations;
        this.proxies = proxies;
        this.domains = domains;
        this.codecs = codecs;
    }

    /** @throws Problem while nobody has the names */
    private static <T> T here(Supplier<Optional<T>> service) throws Problem {
        return service.get().orElseThrow(() -> new Problem(503, "the registry is not at work: log/adit.log says why"));
    }

    private RegistrationManager registrations() throws Problem {
        return here(registrations);
    }

    // ---- names

    /** By pages: the next begins after the last name of this one, so that names which come and go meanwhile shift nothing. */
    private Answer names(Call call) throws Problem {
        String after = parameter(call, "after").orElse("");
        int limit = limit(call);
        List<NameInfo> page = registrations().names().stream().filter(info -> info.name().compareTo(after) > 0).limit(limit + 1L).toList();
        JsonArrayBuilder names = Json.array();
        for (NameInfo info : page.subList(0, Math.min(limit, page.size()))) {
            names.add(json(info));
        }
        JsonObjectBuilder body = Json.object().add("names", names);
        if (page.size() > limit) {
            body.add("next", page.get(limit - 1).name());
        }
        return Answer.ok(body);
    }

    private static int limit(Call call) throws Problem {
        String text = parameter(call, "limit").orElse(Integer.toString(PAGE));
        if (text.matches("[0-9]{1,4}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= MOST_PAGE) {
            return Integer.parseInt(text);
        }
        throw Problem.badRequest("limit must be in 1.." + MOST_PAGE + ", not '" + Text.printable(text) + "'");
    }

    private static Optional<String> parameter(Call call, String name) throws Problem {
        String[] values = call.query().getOrDefault(name, new String[0]);
        if (values.length > 1) {
            throw Problem.badRequest(name + " is there twice");
        }
        return values.length == 0 ? Optional.empty() : Optional.of(values[0]);
    }

    private NameInfo info(String name) throws Problem {
        return registrations().name(name).orElseThrow(() -> Problem.notFound("there is no name '" + Text.printable(name) + "'"));
    }

    private JsonObjectBuilder json(NameInfo info) throws Problem {
        return Json.of(info, registrations().quota(info.name()), Instant.now());
    }

    private Answer name(Call call) throws Problem {
        return Answer.ok(json(info(call.name())));
    }

    private Answer invite(Call call) throws Problem, RegistrationException {
        JsonObject body = call.body().read("name", "expires", "quota", "notify", "peers", "release");
        String name = Json.text(body, "name");
        Terms terms = terms(body, Terms.DEFAULT);
        if (Json.flag(body, "release")) {
            registrations().release(name);
        }
        Invitation invitation = registrations().invite(name, terms);
        return Answer.created("/names/" + invitation.name(),
                Json.object().add("invitation", invitation.text()).add("name", json(info(invitation.name()))));
    }

    private Answer change(Call call) throws Problem, RegistrationException {
        info(call.name());
        JsonObject body = call.body().read(TERMS);
        Terms before = info(call.name()).terms();
        terms(body, before); // tells what is wrong with it
        registrations().change(call.name(), terms -> {
            try {
                return terms(body, terms);
            } catch (Problem e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        });
        return name(call);
    }

    private static Terms terms(JsonObject body, Terms before) throws Problem {
        try {
            return Json.terms(body, before, Instant.now());
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.UNPROCESSABLE, e.getMessage());
        }
    }

    private Answer revoke(Call call) throws Problem {
        info(call.name());
        return removed(registrations().revoke(call.name()), call.name());
    }

    private static Answer removed(boolean was, String name) throws Problem {
        if (!was) {
            throw Problem.notFound("there is no name '" + Text.printable(name) + "'");
        }
        return Answer.done();
    }

    private Answer rename(Call call) throws Problem, RegistrationException {
        info(call.name());
        String to = Json.text(call.body().read("to"), "to");
        registrations().rename(call.name(), to);
        NameInfo info = info(to);
        return new Answer(200, json(info).build(), Map.of("Content-Location", RestServlet.PATH + "/names/" + info.name()));
    }

    private Answer move(Call call) throws Problem, RegistrationException {
        info(call.name());
        here(proxies).move(call.name(), Json.text(call.body().read("proxy"), "proxy"));
        return Answer.done();
    }

    private Answer quarantine(Call call) throws Problem {
        JsonArrayBuilder names = Json.array();
        registrations().released().forEach(released -> names.add(Json.of(released)));
        return Answer.ok(Json.object().add("names", names));
    }

    private Answer release(Call call) throws Problem {
        if (!registrations().release(call.name())) {
            throw Problem.notFound("'" + Text.printable(call.name()) + "' is in no quarantine");
        }
        return Answer.done();
    }

    // ---- proxies

    private Answer proxies(Call call) throws Problem {
        JsonArrayBuilder all = Json.array();
        here(proxies).proxies().forEach(info -> all.add(Json.of(info)));
        return Answer.ok(Json.object().add("proxies", all));
    }

    private Answer inviteProxy(Call call) throws Problem, RegistrationException {
        Invitation invitation = here(proxies).inviteProxy(Json.text(call.body().read("name"), "name"));
        return Answer.created("/proxies/" + invitation.name(), Json.object().add("invitation", invitation.text()));
    }

    private Answer revokeProxy(Call call) throws Problem {
        boolean known = here(proxies).proxies().stream().map(ProxyInfo::name).anyMatch(call.name()::equals);
        return removed(known && registrations().name(call.name()).isEmpty() && registrations().revoke(call.name()), call.name());
    }

    // ---- domains

    private static Answer shown(List<Domain> some) {
        JsonArrayBuilder all = Json.array();
        some.forEach(domain -> all.add(Json.of(domain)));
        return Answer.ok(Json.object().add("domains", all));
    }

    private Answer domains(Call call) throws Problem {
        return shown(here(domains).domains());
    }

    private Answer addDomain(Call call) throws Problem, RegistrationException {
        JsonObject body = call.body().read("name", "domain");
        Domain domain = here(domains).add(Json.text(body, "name"), Json.text(body, "domain"));
        return Answer.created("/domains/" + domain.domain(), Json.of(domain));
    }

    private List<String> namesOf(String domain) throws Problem {
        return here(domains).domains().stream().filter(each -> each.domain().equals(domain)).map(Domain::name).toList();
    }

    private Answer checkDomain(Call call) throws Problem, RegistrationException {
        if (namesOf(call.name()).isEmpty()) {
            throw Problem.notFound("no name wants the domain '" + Text.printable(call.name()) + "'");
        }
        return shown(here(domains).check(call.name()));
    }

    private Answer removeDomain(Call call) throws Problem, RegistrationException {
        Optional<String> of = parameter(call, "of");
        List<String> names = of.isPresent() ? List.of(of.get()) : namesOf(call.name());
        boolean was = false;
        for (String name : names) {
            was |= here(domains).remove(name, call.name());
        }
        if (!was) {
            String who = of.map(name -> "'" + Text.printable(name) + "' does not want").orElse("no name wants");
            throw Problem.notFound(who + " the domain '" + Text.printable(call.name()) + "'");
        }
        return Answer.done();
    }

    // ---- codecs

    private CodecManager codecManager() throws Problem {
        return codecs.get().orElseThrow(() -> new Problem(503, "the tunnel's bundle is away"));
    }

    private Answer codecs(Call call) throws Problem {
        CodecManager manager = codecManager();
        Map<Integer, Integer> sessions = manager.sessions();
        JsonArrayBuilder all = Json.array();
        manager.versions().forEach(version -> all.add(Json.object().add("version", version).add("preferred", version == manager.preferred())
                .add("sessions", sessions.getOrDefault(version, 0))));
        return Answer.ok(Json.object().add("codecs", all).add("waiting", sessions.getOrDefault(0, 0)));
    }

    private Answer prefer(Call call) throws Problem {
        CodecManager manager = codecManager();
        int version = Json.number(call.body().read("version"), "version");
        try {
            manager.prefer(version);
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.UNPROCESSABLE, e.getMessage());
        }
        return codecs(call);
    }

    // ---- diagnosis

    private Answer diagnose(Call call) throws Problem {
        Diagnosis here = diagnosis.get().orElseThrow(() -> new Problem(503, "the bundle io.adit.diag is away"));
        try {
            return Answer.ok(Json.of(here.diagnose(parameter(call, "name").orElse("")).toCompletableFuture().get(DIAGNOSIS_SECONDS, TimeUnit.SECONDS)));
        } catch (Diagnosis.BusyException e) {
            throw new Problem(503, e.getMessage());
        } catch (TimeoutException | ExecutionException e) {
            throw new Problem(503, "the diagnosis came to no end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(503, "the endpoint is being stopped");
        }
    }
}
