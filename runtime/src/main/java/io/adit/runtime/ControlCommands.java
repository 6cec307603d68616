package io.adit.runtime;

import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code adit invite}, {@code revoke}, {@code names}, {@code proxies} and {@code move}: short commands that the running proxy of a DIR answers. */
final class ControlCommands {

    private ControlCommands() {
    }

    private abstract static class Control implements Callable<Integer> {

        @Option(names = "--home", required = true, paramLabel = "DIR", description = "The home of the running proxy.")
        private Path home;

        @Override
        public Integer call() throws CommandFailure {
            String answer = ask(ControlClient.of(Home.of(home))).stripTrailing();
            if (!answer.isEmpty()) {
                Terminal.println(answer);
            }
            return 0;
        }

        abstract String ask(ControlClient proxy) throws CommandFailure;
    }

    @Command(name = "invite",
        description = "Makes an invitation for NAME, one line; with it a peer needs no other configuration.")
    static final class Invite extends Control {

        @Option(names = "--proxy", description = "NAME is another proxy, which links to this one: adit proxy --registrar INVITATION.")
        private boolean forProxy;

        @Parameters(paramLabel = "NAME", description = "The name that the peer is reachable by.")
        private String name;

        @Override
        String ask(ControlClient proxy) throws CommandFailure {
            return forProxy ? proxy.inviteProxy(name) : proxy.invite(name);
        }
    }

    @Command(name = "revoke", description = "Takes NAME away from its peer and ends its session at once.")
    static final class Revoke extends Control {

        @Parameters(paramLabel = "NAME", description = "The name to take away.")
        private String name;

        @Override
        String ask(ControlClient proxy) throws CommandFailure {
            return proxy.revoke(name);
        }
    }

    @Command(name = "names", description = "Lists the names, one a line: name, state, since, codec, and how many peers serve it.")
    static final class Names extends Control {

        @Override
        String ask(ControlClient proxy) throws CommandFailure {
            return proxy.names();
        }
    }

    @Command(name = "proxies", description = "Lists the proxies of a registration server, one a line: name, state, since, tunnel, peers, capacity.")
    static final class Proxies extends Control {

        @Override
        String ask(ControlClient proxy) throws CommandFailure {
            return proxy.proxies();
        }
    }

    @Command(name = "move", description = "Assigns NAME to another proxy; its peer goes there, and what it serves finishes.")
    static final class Move extends Control {

        @Parameters(index = "0", paramLabel = "NAME", description = "The name to move.")
        private String name;

        @Parameters(index = "1", paramLabel = "PROXY", description = "The proxy, as 'adit proxies' lists it.")
        private String to;

        @Override
        String ask(ControlClient proxy) throws CommandFailure {
            return proxy.move(name, to);
        }
    }
}
