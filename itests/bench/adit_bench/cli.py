"""The command line and the order of a run: start all, check all, warm up, then round robin."""
import argparse
import contextlib
import dataclasses
import pathlib
import shlex
import signal
import sys
import tempfile

from adit_bench import report, systems
from adit_bench.check import Wrong, check
from adit_bench.environment import OtherWork, describe
from adit_bench.measures import MEASURES, MEMORY, expected_seconds
from adit_bench.origin import Origin
from adit_bench.processes import Children, StartError
from adit_bench.results import Results
from adit_bench.systems.base import Skip
from adit_bench.tools import Invalid, missing_tools

# For starting and checking one system, in the estimate of the whole time.
START_ALLOWANCE_SECONDS = 20
THOROUGH = {"rounds": 5, "seconds": 5, "warmup": 10}
QUICK = {"rounds": 2, "seconds": 2, "warmup": 3}
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)


class Stopped(BaseException):
    """Ctrl-C, a signal, or the end of the time that the run may take."""


@dataclasses.dataclass
class Context:
    """What systems and measures need of a run."""
    directory: pathlib.Path
    children: Children
    seconds: int
    java_opts: list
    adit: str
    origin: Origin = None


def arguments(words=None):
    names = [system.name for system in systems.ALL]
    parser = argparse.ArgumentParser(prog="run", description="Measures Adit beside nginx, OpenSSH -R and Cranker: see README.md.")
    parser.add_argument("--rounds", type=_positive, help="rounds over all systems (5)")
    parser.add_argument("--seconds", type=_positive, help="length of each load (5)")
    parser.add_argument("--warmup", type=_positive, help="seconds of each system's warm-up with small requests (10)")
    parser.add_argument("--bulk", type=_positive, default=256, metavar="MIB", help="size of the bulk transfers (256)")
    parser.add_argument("--only", metavar="NAMES", type=lambda text: _chosen(text, names, parser),
                        default=[system.name for system in systems.DEFAULT],
                        help=f"systems, with commas between, of: {','.join(names)} "
                             f"(default: {','.join(system.name for system in systems.DEFAULT)})")
    parser.add_argument("--adit", metavar="PATH", help="the adit program (default: the tree's runtime/target/adit-*/bin/adit)")
    parser.add_argument("--java-opts", metavar="OPTIONS", default="",
                        help="JVM options for all Java systems, as --java-opts=-Xmx256m (none)")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write everything there as JSON, too")
    parser.add_argument("--limit", metavar="MINUTES", type=float, help="end the run after this time (three times the expected)")
    parser.add_argument("--quick", action="store_true",
                        help="a look in short: the defaults are 2 rounds of 2 seconds, 3 seconds of warm-up")
    parser.add_argument("--keep", action="store_true",
                        help="keep the run's directory (logs, configurations) and print where it is")
    options = parser.parse_args(words)
    defaults = QUICK if options.quick else THOROUGH
    for name, value in defaults.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    return options


def main(words=None):
    """Runs the benchmark; returns the exit code: 0 all valid, 1 something failed or is invalid, 2 nothing could be measured."""
    options = arguments(words)
    missing = missing_tools()
    if missing:
        print(f"bench: missing: {', '.join(missing)} (Debian: apt-get install nginx wrk curl openssh-server)", file=sys.stderr)
        return 2
    environment = describe(shlex.split(options.java_opts))
    for name, value in environment.items():
        print(f"{name}: {value}")
    results, children = Results(), Children()
    run = Run(options, results, environment)
    with contextlib.ExitStack() as stack:
        directory = pathlib.Path(stack.enter_context(_directory(options.keep)))
        # Registered later than the directory, so done before it goes.
        stack.callback(children.end)
        complete = run.all(Context(directory, children, options.seconds, shlex.split(options.java_opts), options.adit))
    if run.measured:
        print("\n" + report.tables(results, run.measured))
        print(f"\nother work on this machine: {environment.get('other work', 'unknown')}")
        if not complete:
            print("\nThe run was cut short: this is what there was until then.")
        if options.json:
            options.json.write_text(report.as_json(environment, results, run.measured, complete), encoding="utf-8")
    if not run.measured:
        return 2
    return 0 if complete and not run.failed and not results.errors else 1


class Run:
    """One run. measured: the names of the systems in the table; failed: whether a system that is here did not work."""

    def __init__(self, options, results, environment):
        self._options = options
        self._results = results
        self._environment = environment
        self._systems = []
        self.failed = False

    @property
    def measured(self):
        return [system.name for system in self._systems]

    def all(self, context):
        """Does everything; returns whether it came to its end."""
        other_work = None
        try:
            _stop_on_signals(self._limit_seconds())
            context.origin = Origin(context.directory / "origin", self._options.bulk, context.children)
            self._start(context)
            self._warm_up(context)
            other_work = OtherWork()
            for number in range(1, self._options.rounds + 1):
                self._round(number, context)
            self._memory("end")
        except Stopped as reason:
            print(f"bench: {reason}", file=sys.stderr)
            return False
        except StartError as error:
            print(f"bench: {error}", file=sys.stderr)
            return False
        finally:
            # From here on all is about to end anyway: a second Ctrl-C changes nothing.
            signal.setitimer(signal.ITIMER_REAL, 0)
            _ignore_signals()
            if other_work:
                self._environment["other work"] = f"{other_work.share():.0%} of the processors, during the rounds"
        return True

    def _limit_seconds(self):
        count = len(self._options.only)
        expected = count * (START_ALLOWANCE_SECONDS + 2 * self._options.warmup
                            + (self._options.rounds + 1) * expected_seconds(self._options.seconds))
        limit = self._options.limit * 60 if self._options.limit else 3 * expected
        print(f"expected time: {expected / 60:.0f} min, ended after {limit / 60:.0f} min at the latest", flush=True)
        return limit

    def _start(self, context):
        """Starts and checks the chosen systems; those that are left are measured."""
        for kind in systems.ALL:
            if kind.name not in self._options.only:
                continue
            system = kind(context)
            try:
                system.start()
                self._environment[system.name] = f"{system.version()}; {system.description}"
                # Before the first request; a system without a peer side has None for it, which is left out.
                self._systems.append(system)
                self._memory("start", system)
                check(system.port, context.origin)
                self._note_java_flags(system)
                print(f"{system.name}: {self._environment[system.name]}", flush=True)
            except Skip as reason:
                print(f"{system.name}: SKIPPED: {reason}", flush=True)
            except (StartError, Wrong) as error:
                self.failed = True
                self._systems = [other for other in self._systems if other is not system]
                print(f"{system.name}: FAILED: {error}", flush=True)

    def _note_java_flags(self, system):
        flags = [" ".join(side) or "(defaults)" for side in system.java_flags()]
        if any(side != "(defaults)" for side in flags):
            self._environment[system.name] += f"; JVM options: proxy side {flags[0]}, peer side {flags[1]}"

    def _memory(self, moment, only=None):
        for system in [only] if only else self._systems:
            obituary = system.obituary()
            if obituary:
                metrics = [metric.key for metric in MEMORY if metric.key.endswith(moment)]
                self._results.add_error(system.name, self._options.rounds, "memory", metrics, obituary)
                continue
            proxy, peer = system.resident()
            self._results.add(system.name, 0, {f"rss_proxy_{moment}": proxy, f"rss_peer_{moment}": peer})

    def _warm_up(self, context):
        """Every load once, unmeasured, so that each JVM has compiled what it will need. Small requests for longer, and again at the
        end: after the other loads a JVM throws away what it compiled on the first one's evidence."""
        warm = dataclasses.replace(context, seconds=self._options.warmup)
        for measure in (*MEASURES, MEASURES[0]):
            for system in self._systems:
                print(f"warm-up: {measure.name}, {system.name}", flush=True)
                try:
                    self._measure(measure, system, warm if measure is MEASURES[0] else context)
                except Invalid as error:
                    print(f"warm-up: {measure.name}, {system.name}: {error}", flush=True)

    @staticmethod
    def _measure(measure, system, context):
        """One load on one system; Invalid also when one of the system's programs is no longer there."""
        if system.obituary():
            raise Invalid(system.obituary())
        try:
            return measure.run(system, context)
        except Invalid as error:
            # That a program has ended tells more than how its clients saw it.
            raise Invalid(f"{error}; {system.obituary()}" if system.obituary() else str(error)) from error

    def _round(self, number, context):
        """One round: measure by measure, all systems one after the other. Each round begins with another system."""
        turn = (number - 1) % max(1, len(self._systems))
        for measure in MEASURES:
            for system in self._systems[turn:] + self._systems[:turn]:
                try:
                    values = self._measure(measure, system, context)
                except Invalid as error:
                    self._results.add_error(system.name, number, measure.name, [metric.key for metric in measure.metrics],
                                            str(error))
                    print(f"round {number}: {measure.name}, {system.name}: INVALID: {error}", flush=True)
                    continue
                self._results.add(system.name, number, values)
                figures = ", ".join(f"{metric.title} {report.number(values[metric.key], metric.digits)}"
                                    for metric in measure.metrics)
                print(f"round {number}: {system.name}: {figures}", flush=True)


def _stop_on_signals(seconds):
    """From here on, Ctrl-C, the usual signals and the end of the time raise Stopped in the main thread."""
    def stop(number, _frame):
        raise Stopped("the time is over" if number == signal.SIGALRM else f"stopped by {signal.Signals(number).name}")

    for number in STOP_SIGNALS:
        # What is ignored from the start (SIGHUP under nohup) stays so.
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _ignore_signals():
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def _directory(keep):
    """The run's own directory. nginx's workers may run as another user, who has to get in."""
    if keep:
        directory = tempfile.mkdtemp(prefix="adit-bench-")
        print(f"directory: {directory}")
        pathlib.Path(directory).chmod(0o755)
        yield directory
    else:
        with tempfile.TemporaryDirectory(prefix="adit-bench-") as directory:
            pathlib.Path(directory).chmod(0o755)
            yield directory


def _positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value


def _chosen(text, names, parser):
    chosen = [name for name in text.split(",") if name]
    unknown = [name for name in chosen if name not in names]
    if unknown or not chosen:
        parser.error(f"--only: no such system: {', '.join(unknown) or '(none)'}; there are: {', '.join(names)}")
    return chosen
