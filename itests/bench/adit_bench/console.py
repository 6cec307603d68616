"""The page of all peers in the web console, in a real browser, with the peers of this run: when the first rows are there, and what an open page costs."""
import pathlib
import shutil
import time
import urllib.parse

from adit_bench.net import LOOPBACK, free_ports
from adit_bench.processes import cpu_seconds
from adit_bench.systems.base import Skip

PROGRAM = "chromium"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
FIRST_ROWS = pathlib.Path(__file__).resolve().parents[1] / "console" / "FirstRows.java"
LOADS = 6
SECONDS = 20
PATIENCE_SECONDS = 120


def measure(port, home, proxy, children, directory):
    """Rows for the table."""
    if shutil.which(PROGRAM) is None:
        raise Skip(f"{PROGRAM} is not installed")
    password = (home / "conf" / "admin.password").read_text(encoding="utf-8").strip()
    page = f"http://admin:{urllib.parse.quote(password)}@{LOOPBACK}:{port}/system/console/adit-peers"
    tools, = free_ports(1)
    browser = children.start("browser", [PROGRAM, *FLAGS, f"--user-data-dir={directory / 'browser'}", f"--remote-debugging-port={tools}", "about:blank"],
                             directory / "browser.log")
    browser.wait_for_line("DevTools listening", PATIENCE_SECONDS)
    loads = children.start("first-rows", ["java", FIRST_ROWS, tools, page, LOADS], directory / "first-rows.log")
    loads.wait_for_line("done", PATIENCE_SECONDS)
    times = milliseconds(loads.log.read_text(encoding="utf-8"))
    idle = _cpu(proxy)
    children.start("page", ["java", FIRST_ROWS, tools, page + "?open", "1", "open"], directory / "page.log").wait_for_line("done", PATIENCE_SECONDS)
    updates = _cpu(proxy)
    return [
        ("page of all peers: first rows in a browser just started, ms", times[0]),
        ("the same in further tabs, ms", ", ".join(map(str, times[1:]))),
        (f"processor of the proxy for the updates of an open page ({SECONDS} s), % of a core", f"{(updates - idle) * 100 / SECONDS:.1f}"),
    ]


def _cpu(proxy):
    before = cpu_seconds(proxy.tree())
    time.sleep(SECONDS)
    return cpu_seconds(proxy.tree()) - before


def milliseconds(told):
    """Of what FirstRows.java printed."""
    return [int(line.split()[1]) for line in told.splitlines() if line.startswith("rows ")]
