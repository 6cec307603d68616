"""What every measured system has in common."""
from adit_bench.net import LOOPBACK
from adit_bench.processes import cpu_seconds, java_flags, resident_mib

START_SECONDS = 60


class Skip(Exception):
    """This system cannot be measured here: a program is missing. The message says which."""


class System:
    """A way from an HTTP port to the origin.

    Subclasses start their programs in start() and leave the HTTP port in self.port, the program on the visitors' side in
    self.proxy_side, and the one on the origin's side in self.peer_side (None when the system has no such side).
    """

    name = None
    description = None

    def __init__(self, context):
        self.context = context
        self.directory = context.directory / self.name
        self.port = None
        self.proxy_side = None
        self.peer_side = None

    @property
    def url(self):
        return f"http://{LOOPBACK}:{self.port}"

    def start(self):
        """Starts all programs and returns when requests can be sent. Skip when one is missing, StartError when one fails."""
        raise NotImplementedError

    def version(self):
        """The version of the measured program, one line."""
        raise NotImplementedError

    def obituary(self):
        """Which of its programs have ended, and how; None while all live."""
        ended = [child.obituary() for child in (self.proxy_side, self.peer_side) if child and not child.is_alive()]
        return "; ".join(ended) or None

    def resident(self):
        """Resident memory now, in MiB: (proxy side, peer side); the latter None without such a side."""
        return tuple(child and resident_mib(child.tree()) for child in (self.proxy_side, self.peer_side))

    def cpu(self):
        """Processor time of all its processes since their start, in seconds."""
        return sum(cpu_seconds(child.tree()) for child in (self.proxy_side, self.peer_side) if child)

    def java_flags(self):
        """The JVM options of (proxy side, peer side), each a list."""
        return tuple(java_flags(child.tree()) if child else [] for child in (self.proxy_side, self.peer_side))
