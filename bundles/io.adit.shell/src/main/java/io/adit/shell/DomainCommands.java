package io.adit.shell;

import java.util.List;

import io.adit.api.DomainManager;
import io.adit.api.DomainManager.Domain;
import io.adit.api.RegistrationException;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The Gogo commands for domains of one's own: adit:domain NAME DOMAIN, adit:domains, adit:checkdomain DOMAIN, adit:removedomain NAME DOMAIN. Thread-safe.
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
    @Descriptor("prints the TXT record that proves that a domain is to lead to a name; it does once the record is there")
    public String domain(@Descriptor("the name") String name, @Descriptor("such as www.example.org") String domain) throws RegistrationException {
        Domain wanted = domains.add(name, domain);
        return wanted.record() + ". TXT \"" + wanted.value() + "\"";
    }

    /** All of them: domain, name, state, since, what the last look found instead of the record. */
    @Descriptor("lists the domains: name, state, since when, and what is wrong")
    public List<Rows.OwnDomain> domains() {
        return table(domains.domains());
    }

    /** Looks for the record of the domain now, and gives what is known then. */
    @Descriptor("looks for the record of a domain now")
    public List<Rows.OwnDomain> checkdomain(@Descriptor("the domain") String domain) throws RegistrationException {
        return table(domains.check(domain));
    }

    /** The domain leads to the name no longer. */
    @Descriptor("ends that a domain leads to a name")
    public String removedomain(@Descriptor("the name") String name, @Descriptor("the domain") String domain) throws RegistrationException {
        String shown = printable(domain);
        return domains.remove(name, domain) ? "removed " + shown : "'" + printable(name) + "' does not want the domain '" + shown + "'";
    }

    private static List<Rows.OwnDomain> table(List<Domain> some) {
        return Listing.of(Rows.OwnDomain.class, some.stream().map(Rows.OwnDomain::of));
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
