package io.adit.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.adit.api.Check;
import io.adit.api.Check.State;
import io.adit.api.CheckReport;
import io.adit.api.Invitation;
import io.adit.way.ProxyVariables;
import io.adit.way.Via;
import io.adit.way.check.Limits;
import io.adit.way.check.TunnelCheck;
import io.adit.way.check.Verdict;
import io.adit.way.check.VisitorCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code adit diag}: of a peer, made here, so that it works whether it runs or not; of a proxy, made by the one that runs. */
@Command(name = "diag", description = "Tries all that has to work for the peer or proxy of DIR, step by step, and says in words what does not. "
    + "Ends with 1 when something does not work.")
final class DiagCommand implements Callable<Integer> {

    private static final String CONNECTOR = "io.adit.connector~main";
    private static final String ENVIRONMENT = "env";

    @Option(names = "--home", required = true, paramLabel = "DIR", description = "The home of a peer, running or not, or of a running proxy.")
    private Path directory;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "At a proxy: also the way to the peer of this name.")
    private String name;

    @Override
    public Integer call() throws CommandFailure {
        Home home = Home.of(directory);
        if (Files.notExists(home.etc())) {
            throw CommandFailure.runTime(home.root() + " is no home of a peer or a proxy: it has no etc/");
        }
        EtcFolder etc = new EtcFolder(home.etc());
        ConfigFile connector = etc.file(CONNECTOR);
        if (connector.existed() && name != null) {
            throw CommandFailure.usage(home.root() + " is the home of a peer: NAME is for a proxy's");
        }
        return print(connector.existed() ? peer(home, connector, new KeptInvitation(etc, connector, PeerCommand.INVITATION_FILE)) : ControlClient.of(home).diagnosis(name == null ? "" : name));
    }

    private static CheckReport peer(Home home, ConfigFile connector, KeptInvitation kept) throws CommandFailure {
        Invitation invitation;
        try {
            invitation = Invitation.parse(kept.text());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.runTime(kept.where() + ": " + e.getMessage());
        }
        List<Check> checks = new ArrayList<>();
        try {
            Optional<RunFile> run = RunFile.read(home.runFile());
            Optional<String> url = run.flatMap(file -> file.url(invitation.name()));
            checks.add(run.map(file -> new Check("Peer", State.OK, "'" + invitation.name() + "' runs, process " + file.pid(), "", -1))
                .orElseGet(() -> new Check("Peer", State.FAIL, "'" + invitation.name() + "' does not run, or was not connected since its start",
                    "Start it, unless it runs; what it says, and " + home.log() + ", tell why it does not connect.", -1)));
            Via via = via(connector, invitation.host());
            checks.addAll(new TunnelCheck(invitation.host(), invitation.port(), invitation.fingerprint(), via, Limits.DEFAULT).run());
            if (url.isEmpty() || via != null) {
                checks.add(new Check("Visitor", State.SKIPPED, url.isEmpty() ? "not tried, since the peer does not run, or was not connected since its start"
                    : "not tried through a forward proxy: open " + url.get() + " from elsewhere", "", -1));
            } else {
                checks.addAll(new VisitorCheck(url.get(), invitation.secret(), Limits.DEFAULT).run());
            }
        } catch (IOException e) {
            throw CommandFailure.runTime("cannot read " + home.root() + ": " + Failures.oneLine(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.runTime("interrupted", e);
        }
        return new CheckReport(invitation.name(), Verdict.of(checks), checks);
    }

    /** As the connector reads it; null for none. */
    private static Via via(ConfigFile connector, String host) throws CommandFailure {
        String text = connector.text("dial.via").strip();
        try {
            return text.isEmpty() ? null : text.equals(ENVIRONMENT) ? ProxyVariables.find(System.getenv(), host).map(ProxyVariables.Found::via).orElse(null) : Via.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.runTime("dial.via: " + e.getMessage());
        }
    }

    private static int print(CheckReport report) {
        int width = report.checks().stream().mapToInt(check -> check.name().length()).max().orElse(0);
        for (Check check : report.checks()) {
            String took = check.millis() < 0 ? "" : String.format(Locale.ROOT, " (%.1f ms)", check.millis());
            Terminal.println(String.format(Locale.ROOT, "%-7s  %-" + width + "s  %s%s", check.state(), check.name(), check.text(), took));
            if (!check.advice().isEmpty()) {
                Terminal.println(" ".repeat(width + 11) + check.advice());
            }
        }
        Terminal.println(report.verdict());
        return report.ok() ? 0 : CommandFailure.RUN_TIME;
    }
}
