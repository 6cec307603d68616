package io.adit.console;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import io.adit.api.DomainManager.Domain;
import io.adit.api.Invitation;
import io.adit.api.Quota;
import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager;
import io.adit.api.RegistrationManager.NameInfo;
import io.adit.api.Terms;
import io.adit.api.TermsText;

/** What an operator does with names: invitations, terms, domains, the proxy of a peer. Thread-safe; waits for the store. */
final class NameActions {

    private final Network network;

    NameActions(Network network) {
        this.network = network;
    }

    /** As {@link Actions#act}. */
    Map<String, Object> act(String action, UnaryOperator<String> field) throws Refusal {
        String name = action.equals("domain-check") ? "" : Actions.required(field, "name");
        return switch (action) {
            case "move" -> move(name, Actions.required(field, "proxy"));
            case "revoke" -> revoke(name);
            case "invite" -> invite(name, field);
            case "terms" -> terms(name, field);
            case "rename" -> rename(name, Actions.required(field, "to"));
            case "release" -> release(name);
            case "domain-add" -> addDomain(name, Actions.required(field, "domain"));
            case "domain-check" -> checkDomain(Actions.required(field, "domain"));
            case "domain-remove" -> removeDomain(name, Actions.required(field, "domain"));
            default -> throw new IllegalArgumentException(action);
        };
    }

    private Map<String, Object> move(String name, String proxy) throws Refusal {
        try {
            network.proxies().move(name, proxy);
        } catch (RegistrationException e) {
            throw new Refusal(Actions.CONFLICT, e.getMessage());
        }
        return Actions.done("'" + name + "' is assigned to " + proxy + ".");
    }

    private Map<String, Object> revoke(String name) throws Refusal {
        boolean existed;
        try {
            existed = network.registrations().revoke(name);
        } catch (IllegalStateException e) {
            throw new Refusal(Actions.CONFLICT, e.getMessage());
        }
        if (!existed) {
            throw new Refusal(Actions.GONE, "there is no name '" + Actions.printable(name) + "'");
        }
        return Actions.done("'" + name + "' was revoked.");
    }

    /** A name that is invited again keeps its terms where none are given. */
    private Map<String, Object> invite(String name, UnaryOperator<String> field) throws Refusal {
        Invitation invitation;
        try {
            if ("proxy".equals(field.apply("role"))) {
                invitation = network.proxies().inviteProxy(name);
            } else {
                RegistrationManager registrations = network.registrations();
                invitation = registrations.invite(name, changed(registrations.name(name).map(NameInfo::terms).orElse(Terms.DEFAULT), field));
            }
        } catch (RegistrationException e) {
            throw new Refusal(Actions.CONFLICT, e.getMessage());
        }
        return Json.object("ok", true, "name", name, "invitation", invitation.text(), "qr", Qr.of(invitation.text()));
    }

    private Map<String, Object> terms(String name, UnaryOperator<String> field) throws Refusal {
        changed(Terms.DEFAULT, field); // what is wrong is said before anything is done
        try {
            network.registrations().change(name, before -> {
                try {
                    return changed(before, field);
                } catch (Refusal e) {
                    throw new IllegalArgumentException(e.getMessage(), e);
                }
            });
        } catch (RegistrationException | IllegalArgumentException e) {
            throw new Refusal(Actions.CONFLICT, e.getMessage());
        }
        return Actions.done("The terms of '" + name + "' were changed.");
    }

    private Map<String, Object> rename(String name, String to) throws Refusal {
        try {
            network.registrations().rename(name, to);
        } catch (RegistrationException e) {
            throw new Refusal(Actions.CONFLICT, e.getMessage());
        }
        return Actions.done("'" + name + "' is called '" + to + "' now; its peer comes back under that name by itself.");
    }

    private Map<String, Object> release(String name) throws Refusal {
        if (!network.registrations().release(name)) {
            throw new Refusal(Actions.GONE, "'" + Actions.printable(name) + "' is not in quarantine");
        }
        return Actions.done("Anybody may be invited to '" + name + "' again.");
    }

    private Map<String, Object> addDomain(String name, String domain) throws Refusal {
        try {
            Domain added = network.domains().add(name, domain);
            return Actions.done("Set the TXT record " + added.record() + " now: it proves whose the domain is.");
        } catch (RegistrationException e) {
            throw new Refusal(Actions.CONFLICT, e.getMessage());
        }
    }

    private Map<String, Object> checkDomain(String domain) throws Refusal {
        try {
            return Actions.done(network.domains().check(domain).stream()
                    .map(each -> each.domain() + " of " + each.name() + " is " + each.state() + (each.problem().isEmpty() ? "." : ": " + each.problem()))
                    .collect(Collectors.joining(" ")));
        } catch (RegistrationException e) {
            throw new Refusal(Actions.CONFLICT, e.getMessage());
        }
    }

    private Map<String, Object> removeDomain(String name, String domain) throws Refusal {
        try {
            if (!network.domains().remove(name, domain)) {
                throw new Refusal(Actions.GONE, Actions.printable(domain) + " does not lead to '" + Actions.printable(name) + "'");
            }
        } catch (RegistrationException e) {
            throw new Refusal(Actions.CONFLICT, e.getMessage());
        }
        return Actions.done(domain + " does not lead to '" + name + "' any more.");
    }

    /** Of {@code expires}, {@code peers}, {@code quota} ({@link TermsText}) and {@code notify} (addresses, or none), those that are given. */
    private static Terms changed(Terms before, UnaryOperator<String> field) throws Refusal {
        Terms terms = before;
        String expires = field.apply("expires");
        String peers = field.apply("peers");
        String quota = field.apply("quota");
        String notify = field.apply("notify");
        try {
            if (expires != null && !expires.isEmpty()) {
                terms = terms.withExpires(TermsText.expires(expires, Instant.now()));
            }
            if (peers != null && !peers.isEmpty()) {
                terms = terms.withPeers(Integer.parseInt(peers));
            }
            if (quota != null && !quota.isBlank()) {
                terms = terms.withQuota(quota.strip().equals("default") ? Quota.DEFAULTS : TermsText.quota(quota.strip(), Quota.DEFAULTS));
            }
            if (notify != null && !notify.isBlank()) {
                terms = terms.withNotified(notify.strip().equals("none") ? List.of() : List.of(notify.strip().split("[,\\s]+")));
            }
        } catch (NumberFormatException e) {
            throw new Refusal(Actions.BAD, "peers must be in 1.." + Terms.MOST_PEERS + ", not '" + Actions.printable(peers) + "'");
        } catch (IllegalArgumentException e) {
            throw new Refusal(Actions.BAD, e.getMessage());
        }
        return terms;
    }
}
