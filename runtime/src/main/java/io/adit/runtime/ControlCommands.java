package io.adit.runtime;

import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code adit invite}, {@code revoke} and {@code names}: short commands that the running proxy of a DIR answers. */
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

        @Parameters(paramLabel = "NAME", description = "The name that the peer is reachable by.")
        private String name;

        @Override
        String ask(ControlClient proxy) throws CommandFailure {
            return proxy.invite(name);
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

    @Command(name = "names", description = "Lists the names, one a line: name, state, since, codec.")
    static final class Names extends Control {

        @Override
        String ask(ControlClient proxy) throws CommandFailure {
            return proxy.names();
        }
    }
}
