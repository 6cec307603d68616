package io.adit.shell;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

import io.adit.api.RegistrationException;
import io.adit.api.RegistrationManager;
import io.adit.api.Terms;
import io.adit.api.TermsText;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The Gogo commands for invitations: adit:invite, adit:change, adit:quota, adit:invitations, adit:rename, adit:revoke, adit:quarantine and adit:release.
 * Thread-safety: thread-safe.
 */
@Component(service = InvitationCommands.class, property = {"osgi.command.scope=adit", "osgi.command.function=invite", "osgi.command.function=change",
        "osgi.command.function=quota", "osgi.command.function=invitations", "osgi.command.function=rename", "osgi.command.function=revoke",
        "osgi.command.function=quarantine", "osgi.command.function=release"})
public final class InvitationCommands {

    private static final String EXPIRES = "when it ends: 30d (s, m, h, d, w), 2026-12-31T23:59:59Z, 2026-12-31 or never";
    private static final String NOTIFY = "who is told by e-mail when the peer serves: addresses with commas between, or none";
    private static final String QUOTA = "streams=N,rate=N,bandwidth=N, any of them; K, M, G; none or default";
    private static final String PEERS = "how many peers may serve the name at a time";

    private static final String RELEASE = "also where the name is in quarantine";

    private final RegistrationManager registrations;

    @Activate
    public InvitationCommands(@Reference RegistrationManager registrations) {
        this.registrations = registrations;
    }

    /** A new invitation for the name, as one line that holds the secret; an earlier one ends. */
    @Descriptor("makes an invitation for a name, one line that holds the secret; an earlier one ends")
    public Rows.Invited invite(@Parameter(names = "--expires", absentValue = "") @Descriptor(EXPIRES) String expires,
            @Parameter(names = "--notify", absentValue = "") @Descriptor(NOTIFY) String notify,
            @Parameter(names = "--quota", absentValue = "") @Descriptor(QUOTA) String quota,
            @Parameter(names = "--peers", absentValue = "0") @Descriptor(PEERS) int peers,
            @Parameter(names = "--release", presentValue = "true", absentValue = "false") @Descriptor(RELEASE) boolean release,
            @Descriptor("the name") String name) throws RegistrationException {
        Terms terms = terms(expires, notify, quota, peers).apply(Terms.DEFAULT);
        if (release) {
            registrations.release(name);
        }
        return Rows.Invited.of(registrations.invite(name, terms));
    }

    /** Other terms for a name; its secret and its session stay. */
    @Descriptor("changes what an invitation grants, or renews it; its secret and its session stay")
    public Rows.Invitation change(@Parameter(names = "--expires", absentValue = "") @Descriptor(EXPIRES) String expires,
            @Parameter(names = "--notify", absentValue = "") @Descriptor(NOTIFY) String notify,
            @Parameter(names = "--quota", absentValue = "") @Descriptor(QUOTA) String quota,
            @Parameter(names = "--peers", absentValue = "0") @Descriptor(PEERS) int peers,
            @Descriptor("the name") String name) throws RegistrationException {
        registrations.change(name, terms(expires, notify, quota, peers));
        return row(name);
    }

    /** The quota of a name, which stays as it is where none is given. */
    @Descriptor("changes the quota of a name")
    public Rows.Invitation quota(@Descriptor("the name") String name, @Descriptor(QUOTA) String quota) throws RegistrationException {
        registrations.change(name, terms("", "", quota, 0));
        return row(name);
    }

    private static UnaryOperator<Terms> terms(String expires, String notify, String quota, int peers) {
        Instant now = Instant.now();
        return before -> {
            Terms terms = before;
            if (!expires.isEmpty()) {
                terms = terms.withExpires(TermsText.expires(expires, now));
            }
            if (!notify.isEmpty()) {
                terms = terms.withNotified(notify.equals("none") ? List.of() : List.of(notify.split(",")));
            }
            if (!quota.isEmpty()) {
                terms = terms.withQuota(TermsText.quota(quota, terms.quota()));
            }
            return peers == 0 ? terms : terms.withPeers(peers);
        };
    }

    /** All invitations: name, state, when they expire, how long that is, quota, who is told, peers. */
    @Descriptor("lists the invitations: name, state, end, time left, quota, who is told, peers")
    public List<Rows.Invitation> invitations() {
        Instant now = Instant.now();
        return Listing.of(Rows.Invitation.class, registrations.names().stream().map(info -> Rows.Invitation.of(info, now)));
    }

    private Rows.Invitation row(String name) {
        return Rows.Invitation.of(registrations.name(name).orElseThrow(() -> new IllegalArgumentException("there is no name '" + printable(name) + "'")), Instant.now());
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** Another name for a peer. */
    @Descriptor("gives a peer another name; it comes back under that by itself")
    public String rename(@Descriptor("the name as it is") String from, @Descriptor("the name to be") String to) throws RegistrationException {
        registrations.rename(from, to);
        return "renamed " + printable(from) + " to " + printable(to);
    }

    /** Ends the name and its session at once. */
    @Descriptor("takes a name away from its peer and ends its session at once")
    public String revoke(@Descriptor("the name") String name) {
        String shown = printable(name);
        return registrations.revoke(name) ? "revoked " + shown : "there is no name '" + shown + "'";
    }

    /** The names that were given up and are nobody's yet. */
    @Descriptor("lists the names that were given up and are nobody's yet")
    public List<Rows.Quarantined> quarantine() {
        return Listing.of(Rows.Quarantined.class, registrations.released().stream().map(Rows.Quarantined::of));
    }

    /** Ends the quarantine of a name. */
    @Descriptor("ends the quarantine of a name")
    public String release(@Descriptor("the name") String name) {
        String shown = printable(name);
        return registrations.release(name) ? "released " + shown : "'" + shown + "' is in no quarantine";
    }
}
