"""Child processes: started in a session of their own, looked at through /proc, always ended, by process id."""
import contextlib
import ctypes
import os
import signal
import subprocess
import time

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 0.05
JAVA_OPTIONS_WITH_A_WORD = {"-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path", "--add-modules",
                            "--add-opens", "--add-exports", "--add-reads", "--enable-native-access", "--source"}
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


class StartError(Exception):
    """A program could not be started, or did not become ready in time."""


class Child:
    """One program that we started, with its descendants. Its output goes to a file."""

    def __init__(self, name, command, log, env=None, stdin=subprocess.DEVNULL):
        self.name = name
        self.command = [str(word) for word in command]
        self.log = log
        with open(log, "wb") as output:
            try:
                # A session of its own, so that Ctrl-C reaches the benchmark alone, which then ends its children in order.
                self._process = subprocess.Popen(
                    self.command, stdin=stdin, stdout=output, stderr=subprocess.STDOUT, env=env,
                    start_new_session=True, preexec_fn=_die_with_parent)
            except OSError as error:
                raise StartError(f"{name}: {error}") from error

    @property
    def pid(self):
        return self._process.pid

    def is_alive(self):
        return self._process.poll() is None

    def obituary(self):
        """How the program ended, with its last words; None while it lives."""
        return None if self.is_alive() else f"{self.name} ended with code {self._process.returncode}: {self.tail()}"

    def tail(self, lines=5):
        """The last lines that the program printed, joined to one line."""
        with open(self.log, encoding="utf-8", errors="replace") as text:
            return " | ".join(line.strip() for line in text.readlines()[-lines:]) or "(no output)"

    def wait_until(self, ready, seconds, what):
        """Polls ready() until it returns something true, which is returned; StartError when it does not, or the child ends."""
        deadline = time.monotonic() + seconds
        while True:
            result = ready()
            if result:
                return result
            if not self.is_alive():
                raise StartError(self.obituary())
            if time.monotonic() > deadline:
                raise StartError(f"{self.name}: not {what} after {seconds} s: {self.tail()}")
            time.sleep(POLL_SECONDS)

    def wait_for_line(self, prefix, seconds):
        """Waits for an output line that begins with prefix and returns it."""
        def find():
            with open(self.log, encoding="utf-8", errors="replace") as text:
                return next((line.strip() for line in text if line.startswith(prefix) and line.endswith("\n")), None)
        return self.wait_until(find, seconds, f"printed '{prefix}'")

    def tree(self):
        """The ids of the process and of all its living descendants."""
        return process_tree(self.pid)

    def close_input(self):
        """Ends the program's standard input, which was asked for with stdin=PIPE."""
        self._process.stdin.close()

    def stop(self, seconds=10):
        """SIGTERM to the process; SIGKILL, after a time, to whatever is left of it and its descendants."""
        family = {pid: start_time(pid) for pid in self.tree()}
        if self._process.poll() is None:
            self._process.terminate()
        if not self._wait_for_end_of(family, seconds):
            for pid, started in family.items():
                if _is_same(pid, started):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            self._wait_for_end_of(family, seconds)
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(timeout=seconds)

    def _wait_for_end_of(self, family, seconds):
        """Waits until none of the processes {pid: start time} lives; False when one still does after that time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._process.poll()
            if not any(_is_same(pid, started) for pid, started in family.items()):
                return True
            time.sleep(POLL_SECONDS)
        return False


class Children:
    """All programs of a run; end() stops them in the reverse order of their start, whatever happened."""

    def __init__(self):
        self._running = []

    def start(self, name, command, log, **options):
        child = Child(name, command, log, **options)
        self._running.append(child)
        return child

    def stop(self, child):
        self._running.remove(child)
        child.stop()

    def end(self):
        while self._running:
            child = self._running.pop()
            try:
                child.stop()
            except (OSError, subprocess.TimeoutExpired) as error:
                print(f"bench: could not end {child.name} (pid {child.pid}): {error}")


def _die_with_parent():
    """Should the benchmark be killed with SIGKILL, the kernel still ends its children. Kept across exec."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def process_tree(root):
    """The id of root and of all its living descendants."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            fields = _stat(name)
            if fields and fields[0] != "Z":
                parents[int(name)] = int(fields[1])
    family = [root] if root in parents else []
    for pid in family:
        family.extend(child for child, parent in parents.items() if parent == pid)
    return family


def start_time(pid):
    """When the process started, in clock ticks since boot (with the id it names a process for good), or None."""
    fields = _stat(pid)
    return None if fields is None or fields[0] == "Z" else int(fields[19])


def cpu_seconds(pids):
    """User and system time that these processes have used so far."""
    stats = [fields for fields in map(_stat, pids) if fields]
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / CLOCK_TICKS


def resident_mib(pids):
    """Sum of the resident memory of these processes, in MiB; pages that several share count for each."""
    kib = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            with open(f"/proc/{pid}/status", encoding="utf-8") as status:
                kib += next((int(line.split()[1]) for line in status if line.startswith("VmRSS:")), 0)
    return kib / 1024


def java_flags(pids):
    """The JVM options, as they stand on the command lines of those of the processes that are a JVM."""
    flags = []
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            with open(f"/proc/{pid}/cmdline", "rb") as cmdline:
                words = cmdline.read().decode(errors="replace").split("\0")
            if os.path.basename(words[0]) == "java":
                flags += jvm_options(words[1:])
    return flags


def jvm_options(words):
    """Of a java command line's arguments, those that tune the JVM: no paths, properties or main class."""
    options = []
    rest = iter(words)
    for word in rest:
        if word in JAVA_OPTIONS_WITH_A_WORD:
            next(rest, None)
        elif word == "-jar" or not word.startswith("-"):
            break
        elif word.startswith("-X") or word in ("-server", "-client"):
            options.append(word)
    return options


def _stat(pid):
    """The fields of /proc/PID/stat after the command name (index 0 is the state), or None when there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _is_same(pid, started):
    return started is not None and start_time(pid) == started
