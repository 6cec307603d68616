"""What is measured: each measure puts one load on one system, once a round, and gives the values of its metrics."""
import contextlib
import dataclasses
import os
import time

from adit_bench.origin import PAGE_BYTES, SMALL_BYTES
from adit_bench.processes import StartError
from adit_bench.tools import Invalid, curl, download, upload, wrk

CONNECTIONS = 64
# A bulk transfer may take this long; a slow system gets fewer transfers a round, not a longer run.
BULK_LIMIT_SECONDS = 60
BULK_TRANSFERS = 3
# The paced load of the mixed measure: at most 8 / 10 ms = 800 requests/s, which leaves the processors to the downloads.
PACED_CONNECTIONS = 8
PACED_DELAY_MS = 10
MIXED_DOWNLOADS = 2
MIXED_LEAD_SECONDS = 0.5


@dataclasses.dataclass(frozen=True)
class Metric:
    """One row of the table. better is 'higher' or 'lower'."""
    key: str
    title: str
    better: str
    digits: int


@dataclasses.dataclass(frozen=True)
class Measure:
    """run(system, context) returns {metric key: value}, or raises Invalid."""
    name: str
    run: object
    metrics: tuple


def small(system, context):
    cpu = system.cpu()
    seen = wrk(f"{system.url}/small", CONNECTIONS, context.seconds, SMALL_BYTES)
    return {"small_rps": _rate(seen), "small_p50": seen["p50"] / 1000, "small_p99": seen["p99"] / 1000,
            "small_p999": seen["p999"] / 1000, "small_cpu": (system.cpu() - cpu) * 1e6 / seen["requests"]}


def page(system, context):
    return {"page_rps": _rate(wrk(f"{system.url}/page", CONNECTIONS, context.seconds, PAGE_BYTES))}


def serial(system, context):
    seen = wrk(f"{system.url}/small", 1, context.seconds, SMALL_BYTES)
    return {"serial_p50": seen["p50"] / 1000, "serial_p99": seen["p99"] / 1000}


def bulk_down(system, context):
    size = context.origin.bulk_bytes
    return {"down": _best_of(context, lambda: download(f"{system.url}/bulk", size, BULK_LIMIT_SECONDS))}


def bulk_up(system, context):
    origin = context.origin
    return {"up": _best_of(context, lambda: upload(f"{system.url}/upload/count", origin.bulk_file, origin.bulk_bytes,
                                                  BULK_LIMIT_SECONDS))}


def mixed(system, context):
    """The same paced load twice: alone, then beside downloads that never end."""
    def paced():
        return wrk(f"{system.url}/small", PACED_CONNECTIONS, context.seconds, SMALL_BYTES, PACED_DELAY_MS)["p99"] / 1000

    idle = paced()
    with contextlib.ExitStack() as stack:
        downloads = [stack.enter_context(_endless_download(system, context, number)) for number in range(MIXED_DOWNLOADS)]
        time.sleep(MIXED_LEAD_SECONDS)
        before, started = sum(map(_written_mib, downloads)), time.monotonic()
        busy = paced()
        rate = (sum(map(_written_mib, downloads)) - before) / (time.monotonic() - started)
    return {"mixed_idle": idle, "mixed_busy": busy, "mixed_down": rate}


MEASURES = (
    Measure("small", small, (
        Metric("small_rps", "small requests/s", "higher", 0),
        Metric("small_p50", "small p50, ms", "lower", 2),
        Metric("small_p99", "small p99, ms", "lower", 2),
        Metric("small_p999", "small p99.9, ms", "lower", 2),
        Metric("small_cpu", "small CPU, us/request", "lower", 0))),
    Measure("page", page, (Metric("page_rps", "100 KiB pages/s", "higher", 0),)),
    Measure("serial", serial, (
        Metric("serial_p50", "serial p50, ms", "lower", 3),
        Metric("serial_p99", "serial p99, ms", "lower", 3))),
    Measure("download", bulk_down, (Metric("down", "download, MiB/s", "higher", 0),)),
    Measure("upload", bulk_up, (Metric("up", "upload, MiB/s", "higher", 0),)),
    Measure("mixed", mixed, (
        Metric("mixed_idle", "paced p99 alone, ms", "lower", 2),
        Metric("mixed_busy", "paced p99 beside bulk, ms", "lower", 2),
        Metric("mixed_down", "that bulk, MiB/s", "higher", 0))),
)

# Taken once, not once a round, and so without a measure.
MEMORY = (
    Metric("rss_proxy_start", "RSS proxy side, start, MiB", "lower", 0),
    Metric("rss_proxy_end", "RSS proxy side, end, MiB", "lower", 0),
    Metric("rss_peer_start", "RSS peer side, start, MiB", "lower", 0),
    Metric("rss_peer_end", "RSS peer side, end, MiB", "lower", 0),
)


def expected_seconds(seconds):
    """About how long all measures of one system take in one round, of a system that is not slow."""
    return 5 * seconds + 2 * MIXED_LEAD_SECONDS + 2 * BULK_TRANSFERS


def _rate(seen):
    return seen["requests"] / seen["microseconds"] * 1e6


def _best_of(context, transfer):
    """The best of a few transfers, since a single short one is mostly noise; fewer when they are slow."""
    started = time.monotonic()
    best = transfer()
    for _ in range(BULK_TRANSFERS - 1):
        if time.monotonic() - started > context.seconds:
            break
        best = max(best, transfer())
    return best


@contextlib.contextmanager
def _endless_download(system, context, number):
    """A curl that fetches the bulk file again and again until the block ends; Invalid when one of its transfers failed."""
    log = context.directory / f"{system.name}-download-{number}.log"
    # The query only makes curl repeat; --output is /dev/null for each.
    try:
        child = context.children.start("curl", [*curl(context.seconds + BULK_LIMIT_SECONDS), "--fail-early", "--fail",
                                                "--output", os.devnull, f"{system.url}/bulk?[1-1000000]"], log)
    except StartError as error:
        raise Invalid(str(error)) from error
    try:
        yield child
        ended = not child.is_alive()
    finally:
        context.children.stop(child)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    wrong = [line for line in lines if not line.startswith(f"200 {context.origin.bulk_bytes} ")]
    if ended or wrong:
        raise Invalid("the download beside it failed: " + (wrong or ["ended early"])[0])


def _written_mib(child):
    """What a curl has written so far; --output /dev/null goes through write(2), which the kernel counts."""
    try:
        with open(f"/proc/{child.pid}/io", encoding="utf-8") as counters:
            return int(dict(line.split(": ") for line in counters)["wchar"]) / (1 << 20)
    except OSError as error:
        raise Invalid("the download beside it ended early: " + child.tail()) from error
