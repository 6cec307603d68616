package io.adit.shell;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.adit.api.Check;
import io.adit.api.DomainManager.Domain;
import io.adit.api.ProxyManager.ProxyInfo;
import io.adit.api.RegistrationManager.NameInfo;
import io.adit.api.RegistrationManager.Released;
import io.adit.api.SessionInfo;
import io.adit.api.StreamInfo;
import io.adit.api.Terms;
import io.adit.api.TermsText;

/** The kinds of rows that commands return. Immutable. */
final class Rows {

    private Rows() {
    }

    private static String codec(int version) {
        return version == 0 ? "" : "v" + version;
    }

    /** A name. @param peers how many serve it now */
    record Name(String name, String state, Instant since, String codec, int peers) implements Row {

        static Name of(NameInfo info) {
            return new Name(info.name(), info.state(), info.since(), Rows.codec(info.codec()), info.peers());
        }

        @Override
        public String toString() {
            return Table.line(this);
        }
    }

    /**
     * A session, at either end.
     *
     * @param rttMicros the lowest round trip of the last probes, microseconds; 0 when none is known
     * @param total streams since the start
     */
    record Session(String name, String session, String state, String remote, Instant since, String codec, long rttMicros, int streams, long total, long bytesIn,
            long bytesOut) implements Row {

        static Session of(String name, SessionInfo info) {
            return new Session(name, info.id(), info.state(), info.remote(), info.since(), Rows.codec(info.codec()), info.roundTripMicros(), info.streams(),
                    info.totalStreams(), info.bytesIn(), info.bytesOut());
        }

        @Override
        public String toString() {
            return Table.line(this);
        }
    }

    /** A stream. @param target without its query, which may hold secrets */
    record Stream(String name, String session, int id, String method, String target, long ageMillis, long stallMillis, String waitsFor, long bytesIn, long bytesOut,
            long buffered, int window, long credit) implements Row {

        static Stream of(String name, String session, StreamInfo info) {
            return new Stream(name, session, info.id(), info.method(), info.target().replaceFirst("\\?.*", "?..."), info.ageMillis(), info.stallMillis(), info.waitsFor(),
                    info.bytesIn(), info.bytesOut(), info.buffered(), info.window(), info.credit());
        }

        @Override
        public String toString() {
            return Table.line(this);
        }
    }

    /**
     * All of one peer.
     *
     * @param url empty where it is not known here
     * @param reason why it is not connected, as a peer knows of itself
     */
    record Peer(String name, String state, Instant since, String url, String proxy, String reason, String expires, String quota, List<String> notified, int peers,
            Listing<Session> sessions, Listing<Stream> streams) implements Row {

        @Override
        public String toString() {
            return Table.line(this);
        }
    }

    /** A codec version. @param version none for the sessions that wait for one */
    record Codec(String codec, String state, int sessions) implements Row {
        @Override
        public String toString() {
            return Table.line(this);
        }
    }

    /** What an invitation grants, and no secret. @param left how long until it ends */
    record Invitation(String name, String state, String expires, String left, String quota, List<String> notified, int peers) implements Row {

        static Invitation of(NameInfo info, Instant now) {
            Terms terms = info.terms();
            return new Invitation(info.name(), info.state(), terms.expires().map(Instant::toString).orElse("never"), terms.left(now).map(Rows::left).orElse(""),
                    TermsText.of(terms.quota()), terms.notified(), terms.peers());
        }

        @Override
        public String toString() {
            return Table.line(this);
        }
    }

    private static String left(Duration left) {
        return left.toDays() > 1 ? left.toDays() + "d" : left.toHours() > 1 ? left.toHours() + "h" : left.toSeconds() + "s";
    }

    /** A new invitation; prints as the one line that is to be handed on. @param invitation holds the secret */
    record Invited(String name, String invitation) implements Row {

        static Invited of(io.adit.api.Invitation made) {
            return new Invited(made.name(), made.text());
        }

        @Override
        public String whole() {
            return invitation;
        }

        @Override
        public String toString() {
            return invitation;
        }
    }

    /** A proxy of the network. */
    record Proxy(String proxy, String state, Instant since, String tunnel, int peers, int capacity) implements Row {

        static Proxy of(ProxyInfo info) {
            return new Proxy(info.name(), info.state(), info.since(), info.tunnel(), info.peers(), info.capacity());
        }

        @Override
        public String toString() {
            return Table.line(this);
        }
    }

    /** A domain of somebody's own. */
    record OwnDomain(String domain, String name, String state, Instant since, String problem) implements Row {

        static OwnDomain of(Domain domain) {
            return new OwnDomain(domain.domain(), domain.name(), domain.state(), domain.since(), domain.problem());
        }

        @Override
        public String toString() {
            return Table.line(this);
        }
    }

    /** A name in quarantine. */
    record Quarantined(String name, Instant since, Instant until, String renamed) implements Row {

        static Quarantined of(Released released) {
            return new Quarantined(released.name(), released.since(), released.until(), released.renamed());
        }

        @Override
        public String toString() {
            return Table.line(this);
        }
    }

    /** Totals of this container; bytes and streams are those of the sessions that are there. */
    record Stats(int names, int online, int sessions, int streams, long totalStreams, long bytesIn, long bytesOut, long heapUsedMib, long heapMaxMib,
            long uptimeSeconds) implements Row {
        @Override
        public String toString() {
            return Table.line(this);
        }
    }

    /** A leg of a probe, or a step of a diagnosis. @param millis empty where that makes no sense */
    record Step(String state, String check, String millis, String found, String advice) implements Row {

        static Step of(Check check) {
            return new Step(check.state().toString(), check.name(), check.millis() < 0 ? "" : String.format(java.util.Locale.ROOT, "%.1f", check.millis()), check.text(),
                    check.advice());
        }

        @Override
        public String toString() {
            return Table.line(this);
        }
    }

    /** A probe or a diagnosis. */
    record Report(String subject, boolean ok, String verdict, Listing<Step> steps) implements Row {

        static Report of(io.adit.api.CheckReport report) {
            return new Report(report.subject(), report.ok(), report.verdict(), Listing.of(Step.class, report.checks().stream().map(Step::of)));
        }

        @Override
        public String whole() {
            return steps + "\n" + verdict;
        }

        @Override
        public String toString() {
            return verdict;
        }
    }
}
