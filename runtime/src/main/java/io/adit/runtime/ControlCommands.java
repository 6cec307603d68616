package io.adit.runtime;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code adit invite}, {@code names} and so on: short commands that the running proxy of a DIR answers. */
final class ControlCommands {

    private ControlCommands() {
    }

    private abstract static class Control implements Callable<Integer> {

        @Option(names = "--home", required = true, paramLabel = "DIR", description = "The home of the running proxy.")
        private Path home;

        @Override
        public Integer call() throws CommandFailure {
            ask(ControlClient.of(Home.of(home)));
            return 0;
        }

        abstract void ask(ControlClient proxy) throws CommandFailure;

        static void print(List<List<String>> rows) {
            rows.forEach(row -> Terminal.println(String.join("\t", row)));
        }
    }

    /** What an invitation grants; the proxy reads it, and says what is wrong with it. */
    static final class Terms {

        @Option(names = "--expires", paramLabel = "TIME", converter = Converters.OfExpiry.class,
            description = "When it ends: 30d (s, m, h, d, w), 2026-12-31T23:59:59Z, 2026-12-31 or never.")
        private String expires;

        @Option(names = "--notify", paramLabel = "ADDRESS", converter = Converters.OfNotified.class,
            description = "Who is told by e-mail when the peer serves, besides those that it names itself; may be given several times. 'none' for nobody.")
        private List<String> notify;

        @Option(names = "--quota", paramLabel = "QUOTA", converter = Converters.OfQuota.class,
            description = "streams=N,rate=N,bandwidth=N, any of them: requests at a time, requests per second, bytes per second each way (K, M, G). "
                + "'none' for no limit, 'default' for the proxy's.")
        private String quota;

        @Option(names = "--peers", paramLabel = "N", converter = Converters.OfPeers.class, description = "How many peers may serve the name at a time.")
        private Integer peers;

        /** As the members of a request. */
        Map<String, Object> given() {
            Map<String, Object> given = new LinkedHashMap<>();
            if (expires != null) {
                given.put("expires", expires);
            }
            if (notify != null) {
                given.put("notify", notify.stream().filter(address -> !address.equals(Converters.OfNotified.NOBODY)).toList());
            }
            if (quota != null) {
                given.put("quota", quota);
            }
            if (peers != null) {
                given.put("peers", peers);
            }
            return given;
        }
    }

    @Command(name = "invite",
        description = "Makes an invitation for NAME, one line; with it a peer needs no other configuration. An earlier one of the name ends.")
    static final class Invite extends Control {

        @Spec
        private CommandSpec spec;

        @Option(names = "--proxy", description = "NAME is another proxy, which links to this one: adit proxy --registrar INVITATION.")
        private boolean forProxy;

        @Option(names = "--release", description = "Also where NAME is in quarantine: links to the peer that had it may still be around.")
        private boolean release;

        @Mixin
        private Terms terms;

        @Parameters(paramLabel = "NAME", description = "The name that the peer is reachable by.")
        private String name;

        @Override
        void ask(ControlClient proxy) throws CommandFailure {
            Map<String, Object> given = terms.given();
            if (release) {
                given.put("release", true);
            }
            if (forProxy && !given.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "an invitation for a proxy has no terms: --" + String.join(", --", given.keySet()));
            }
            Terminal.println(forProxy ? proxy.inviteProxy(name) : proxy.invite(name, given));
        }
    }

    @Command(name = "change", description = "Changes what the invitation of NAME grants, or renews it; its secret and its session stay.")
    static final class Change extends Control {

        @Spec
        private CommandSpec spec;

        @Mixin
        private Terms terms;

        @Parameters(paramLabel = "NAME", description = "The name to change.")
        private String name;

        @Override
        void ask(ControlClient proxy) throws CommandFailure {
            Map<String, Object> given = terms.given();
            if (given.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "nothing to change: --expires, --notify, --quota or --peers");
            }
            proxy.change(name, given);
        }
    }

    @Command(name = "rename", description = "Gives the peer of NAME another one; it comes back under that by itself. Nobody gets the old one for a while.")
    static final class Rename extends Control {

        @Parameters(index = "0", paramLabel = "NAME", description = "The name as it is.")
        private String name;

        @Parameters(index = "1", paramLabel = "NEW", description = "The name to be.")
        private String to;

        @Override
        void ask(ControlClient proxy) throws CommandFailure {
            proxy.rename(name, to);
        }
    }

    @Command(name = "revoke", description = "Takes NAME away from its peer and ends its session at once. Nobody gets the name for a while.")
    static final class Revoke extends Control {

        @Parameters(paramLabel = "NAME", description = "The name to take away.")
        private String name;

        @Override
        void ask(ControlClient proxy) throws CommandFailure {
            proxy.revoke(name);
        }
    }

    @Command(name = "names",
        description = "Lists the names, one a line: name, state, since, codec, when its invitation expires, its quota, and how many peers serve it.")
    static final class Names extends Control {

        @Option(names = "--quarantine", description = "Lists the names that were given up and are nobody's yet: name, since, until, what it is called now.")
        private boolean quarantine;

        @Override
        void ask(ControlClient proxy) throws CommandFailure {
            print(quarantine ? proxy.quarantine() : proxy.names());
        }
    }

    @Command(name = "proxies", description = "Lists the proxies of a registration server, one a line: name, state, since, tunnel, peers, capacity.")
    static final class Proxies extends Control {

        @Override
        void ask(ControlClient proxy) throws CommandFailure {
            print(proxy.proxies());
        }
    }

    @Command(name = "move", description = "Assigns NAME to another proxy; its peer goes there, and what it serves finishes.")
    static final class Move extends Control {

        @Parameters(index = "0", paramLabel = "NAME", description = "The name to move.")
        private String name;

        @Parameters(index = "1", paramLabel = "PROXY", description = "The proxy, as 'adit proxies' lists it.")
        private String to;

        @Override
        void ask(ControlClient proxy) throws CommandFailure {
            proxy.move(name, to);
        }
    }
}
