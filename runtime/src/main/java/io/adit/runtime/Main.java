package io.adit.runtime;

import java.util.List;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code adit}. Exit codes: 0 = done or drained, 1 = it did not work, 2 = the arguments are wrong. */
@Command(name = "adit", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
    description = "Lets a browser into a web server behind a firewall, over one outbound connection.")
public final class Main implements Runnable {

    /** As {@code --help} lists them. */
    private static final List<Class<?>> COMMANDS = List.of(DemoCommand.class, ProxyCommand.class, RegistryCommand.class,
        ControlCommands.Invite.class, ControlCommands.Change.class, ControlCommands.Rename.class, ControlCommands.Revoke.class,
        ControlCommands.Names.class, ControlCommands.Proxies.class, ControlCommands.Move.class,
        DomainCommand.class, PeerCommand.class, DiagCommand.class);

    @Spec
    private CommandSpec spec;

    private Main() {
    }

    /** Never returns: the process ends with the command's exit code. */
    public static void main(String[] arguments) {
        // The web console's page of system properties, and so the archive that people mail, would show the command line and what is secret in it.
        System.setProperty("sun.java.command", Main.class.getName());
        int code = execute(arguments);
        System.out.flush();
        System.err.flush();
        // Not exit(): whatever thread a bundle left behind, and whatever hook, the command is done.
        Runtime.getRuntime().halt(code);
    }

    static int execute(String... arguments) {
        return commandLine(arguments).execute(arguments);
    }

    /** @param arguments the first may be the name of a command: then the others are left out, as to read all their options takes long */
    static CommandLine commandLine(String... arguments) {
        CommandLine line = new CommandLine(new Main());
        List<Class<?>> named = COMMANDS.stream().filter(each -> arguments.length > 0 && nameOf(each).equals(arguments[0])).toList();
        (named.isEmpty() ? COMMANDS : named).forEach(line::addSubcommand);
        line.getSubcommands().values().forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
        line.getSubcommands().values().forEach(command -> command.getCommandSpec().versionProvider(new Version()));
        // An argument @FILE belongs to --invite.
        line.setExpandAtFiles(false);
        line.setParameterExceptionHandler((failure, given) -> {
            String command = failure.getCommandLine().getCommandSpec().qualifiedName();
            Terminal.complain(Failures.oneLine(failure.getMessage()) + " (" + command + " --help tells more)");
            return CommandFailure.USAGE;
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            // The stack trace goes to the log of the container; a short command has none and shows its line only.
            if (System.err != Terminal.standardError()) {
                failure.printStackTrace();
            }
            Terminal.complain(Failures.oneLine(failure));
            return failure instanceof CommandFailure known ? known.exitCode() : CommandFailure.RUN_TIME;
        });
        return line;
    }

    private static String nameOf(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
            "a command is missing: demo, proxy, registry, invite, change, rename, revoke, names, proxies, move, domain, peer or diag");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"adit " + Distribution.version()};
        }
    }
}
