package io.adit.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code adit domain}: domains of one's own that lead to names, which the running proxy or registration server of a DIR answers. */
@Command(name = "domain", description = "Domains of one's own that lead to names, after proof by a TXT record.",
    subcommands = {DomainCommand.Add.class, DomainCommand.Check.class, DomainCommand.Remove.class, DomainCommand.All.class})
final class DomainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--home", required = true, scope = ScopeType.INHERIT, paramLabel = "DIR", description = "The home of the running proxy.")
    private Path home;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing: add, check, remove or list");
    }

    private ControlClient proxy() throws CommandFailure {
        return ControlClient.of(Home.of(home));
    }

    private static void print(List<List<String>> rows) {
        rows.forEach(row -> Terminal.println(String.join("\t", row)));
    }

    @Command(name = "add", description = "Prints the TXT record that proves that DOMAIN is to lead to NAME. It does once the record is there.")
    static final class Add implements Callable<Integer> {

        @ParentCommand
        private DomainCommand domain;

        @Parameters(index = "0", paramLabel = "NAME", description = "The name of a peer.")
        private String name;

        @Parameters(index = "1", paramLabel = "DOMAIN", description = "Such as www.example.org.")
        private String wanted;

        @Override
        public Integer call() throws CommandFailure {
            List<String> record = domain.proxy().addDomain(name, wanted);
            // as in a zone file
            Terminal.println(record.get(0) + ". TXT \"" + record.get(1) + "\"");
            return 0;
        }
    }

    @Command(name = "check", description = "Looks for the record of DOMAIN now; prints what 'adit domain list' does. Exit code 1 where DOMAIN leads to no name.")
    static final class Check implements Callable<Integer> {

        @ParentCommand
        private DomainCommand domain;

        @Parameters(paramLabel = "DOMAIN", description = "Such as www.example.org.")
        private String wanted;

        @Override
        public Integer call() throws CommandFailure {
            List<List<String>> rows = domain.proxy().checkDomain(wanted);
            print(rows);
            return rows.stream().anyMatch(row -> !row.get(2).equals("waiting")) ? 0 : CommandFailure.RUN_TIME;
        }
    }

    @Command(name = "remove", description = "DOMAIN leads to NAME no longer; without NAME, to no name.")
    static final class Remove implements Callable<Integer> {

        @ParentCommand
        private DomainCommand domain;

        @Parameters(index = "0", paramLabel = "DOMAIN", description = "Such as www.example.org.")
        private String wanted;

        @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "The name of a peer.")
        private String name;

        @Override
        public Integer call() throws CommandFailure {
            domain.proxy().removeDomain(wanted, name);
            return 0;
        }
    }

    @Command(name = "list", description = "Lists the domains, one a line: domain, name, state (active, waiting, failing), since, what the last look found instead of the record.")
    static final class All implements Callable<Integer> {

        @ParentCommand
        private DomainCommand domain;

        @Override
        public Integer call() throws CommandFailure {
            print(domain.proxy().domains());
            return 0;
        }
    }
}
