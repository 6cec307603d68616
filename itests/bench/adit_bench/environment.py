"""Where a result comes from: without it a number says nothing."""
import datetime
import os
import platform
import shlex
import shutil
import sys
import time

from adit_bench.origin import nginx_program
from adit_bench.processes import CLOCK_TICKS, cpu_seconds, process_tree
from adit_bench.tools import first_line


class OtherWork:
    """How much of the processors went to programs that are not of this benchmark since it was made."""

    def __init__(self):
        self._started = time.monotonic()
        self._before = _busy_seconds() - _own_seconds()

    def share(self):
        """From 0 to 1, of all cores."""
        other = _busy_seconds() - _own_seconds() - self._before
        return max(0.0, other / (time.monotonic() - self._started) / os.cpu_count())


def describe(java_opts):
    """{what: value} of this machine, this moment and the tools."""
    load = os.getloadavg()[0]
    facts = {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "command": shlex.join(sys.argv),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "load average (1 min)": f"{load:.2f}",
        "origin": first_line([nginx_program(), "-v"]) if nginx_program() else "no nginx",
        "wrk": first_line(["wrk", "-v"]),
        "curl": first_line(["curl", "--version"]),
        "python": platform.python_version(),
        "java": first_line(["java", "-version"]) if shutil.which("java") else "no java",
        "JAVA_OPTS given": " ".join(java_opts) or "(none: the JVM's defaults)",
    }
    if load > 0.5:
        facts["note"] = "other work is running here: read the ratios and the spread, not the absolute numbers"
    return facts


def _busy_seconds():
    """Processor time that the whole machine has used since boot: user, nice, system, interrupts, and what its host took."""
    with open("/proc/stat", encoding="utf-8") as text:
        user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, text.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / CLOCK_TICKS


def _own_seconds():
    """Processor time of this process and its living descendants, and of those that have ended."""
    ended = os.times()
    return cpu_seconds(process_tree(os.getpid())) + ended.children_user + ended.children_system


def _processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as text:
            return next((line.partition(":")[2].strip() for line in text if line.startswith("model name")), "unknown")
    except OSError:
        return "unknown"
