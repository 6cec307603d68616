package io.adit.shell;

import java.util.List;

import io.adit.api.RegistrationManager;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The command adit:names, at a proxy. Thread-safe. */
@Component(service = NameCommands.class, property = {"osgi.command.scope=adit", "osgi.command.function=names"})
public final class NameCommands {

    private final RegistrationManager registrations;

    @Activate
    public NameCommands(@Reference RegistrationManager registrations) {
        this.registrations = registrations;
    }

    /** All names. */
    @Descriptor("lists the names: state, since when, codec version, and how many peers serve each")
    public List<Rows.Name> names() {
        return Listing.of(Rows.Name.class, registrations.names().stream().map(Rows.Name::of));
    }
}
