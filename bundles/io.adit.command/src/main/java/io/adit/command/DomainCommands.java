package io.adit.command;

import java.util.ArrayList;
import java.util.List;

import io.adit.api.DomainManager;
import io.adit.api.DomainManager.Domain;
import io.adit.api.RegistrationException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The Gogo commands for domains of one's own: adit:domain NAME DOMAIN, adit:domains, adit:checkdomain DOMAIN, adit:removedomain NAME DOMAIN. They return
 * text, which a shell prints and pipes. Thread-safety: thread-safe.
 */
@Component(service = DomainCommands.class, property = {"osgi.command.scope=adit", "osgi.command.function=domain", "osgi.command.function=domains",
        "osgi.command.function=checkdomain", "osgi.command.function=removedomain"})
public final class DomainCommands {

    private final DomainManager domains;

    @Activate
    public DomainCommands(@Reference DomainManager domains) {
        this.domains = domains;
    }

    /** The domain is to lead to the name; gives the TXT record that proves it, as in a zone file. */
    public String domain(String name, String domain) throws RegistrationException {
        Domain wanted = domains.add(name, domain);
        return wanted.record() + ". TXT \"" + wanted.value() + "\"";
    }

    /** All of them: domain, name, state, since, what the last look found instead of the record. */
    public String domains() {
        return table(domains.domains());
    }

    /** Looks for the record of the domain now, and gives what is known then. */
    public String checkdomain(String domain) throws RegistrationException {
        return table(domains.check(domain));
    }

    /** The domain leads to the name no longer. */
    public String removedomain(String name, String domain) throws RegistrationException {
        String shown = Text.printable(domain);
        return domains.remove(name, domain) ? "removed " + shown : "'" + Text.printable(name) + "' does not want the domain '" + shown + "'";
    }

    private static String table(List<Domain> some) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("DOMAIN", "NAME", "STATE", "SINCE", "PROBLEM"));
        some.forEach(each -> rows.add(List.of(each.domain(), each.name(), each.state(), each.since().toString(), each.problem().isEmpty() ? "-" : each.problem())));
        return Text.table(rows);
    }
}
