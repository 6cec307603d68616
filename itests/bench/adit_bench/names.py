"""Many names at one proxy: the time of their registration, and the memory of the proxy, which is the registration server too."""
import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from adit_bench import console
from adit_bench.environment import OtherWork, describe
from adit_bench.net import LOOPBACK, free_ports
from adit_bench.processes import Children, StartError, cpu_seconds, java_flags, resident_mib
from adit_bench.systems.adit import find_program
from adit_bench.systems.base import START_SECONDS, Skip

PEERS = pathlib.Path(__file__).resolve().parents[1] / "peers" / "Peers.java"
# Of the distribution; what Peers.java is compiled and run with.
JARS = ("bundles/io.adit.api-*", "bundles/io.adit.codec.*", "bundles/io.adit.tunnel-*", "bundles/mina-core-*", "bundles/pax-logging-api-*",
        "lib/org.apache.felix.framework-*")
DOMAIN = "bench.example"
SAMPLES = 100
REGISTER_SECONDS = 900


def main(arguments=None):
    """Runs it; returns the exit code."""
    options = _parser().parse_args(arguments)
    if shutil.which("java") is None or shutil.which("jcmd") is None:
        print("bench: java and jcmd of a JDK are needed", file=sys.stderr)
        return 2
    children = Children()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    directory = pathlib.Path(tempfile.mkdtemp(prefix="adit-bench-"))
    try:
        return _run(options, children, directory)
    except (StartError, Skip, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    finally:
        children.end()
        if options.keep:
            print(f"kept: {directory}")
        else:
            shutil.rmtree(directory)


def _parser():
    parser = argparse.ArgumentParser(prog="names", description="Registers many names at one proxy, over TLS, and measures time and memory.")
    parser.add_argument("--names", type=int, default=5000, metavar="N", help="names (default: %(default)s)")
    parser.add_argument("--peers", type=int, default=500, metavar="N",
                        help="peers in one process, each with its share of the names, one after the other (default: %(default)s)")
    parser.add_argument("--at-once", type=int, default=50, metavar="N",
                        help="handshakes at the same moment: all peers share one process here (default: %(default)s)")
    parser.add_argument("--idle", type=int, default=30, metavar="SECONDS", help="how long the sessions are left alone then (default: %(default)s)")
    parser.add_argument("--console", action="store_true", help="looks at them in the web console, with chromium")
    parser.add_argument("--adit", metavar="PATH", help="the adit program (default: the newest of the tree)")
    parser.add_argument("--java-opts", default="", metavar="OPTIONS", help="JVM options of the proxy (default: none, which is the program's own)")
    parser.add_argument("--keep", action="store_true", help="keeps the run's directory")
    return parser


def _run(options, children, directory):
    for what, value in describe(options.java_opts.split()).items():
        print(f"{what}: {value}")
    program = find_program(options.adit)
    home = directory / "proxy"
    http_port, tunnel_port, admin_port, dns_port = free_ports(4)
    proxy = children.start("proxy", [program, "proxy", "--home", home, "--domain", DOMAIN, "--http-port", http_port, "--tunnel-port", tunnel_port,
                                     "--admin-port", admin_port, "--dns-port", dns_port, "--set", "io.adit.dns:rate.limit=0"],
                           directory / "proxy.log", env={**os.environ, "JAVA_OPTS": options.java_opts})
    proxy.wait_for_line("READY ", START_SECONDS)
    print(f"JVM options of the proxy: {' '.join(java_flags(proxy.tree()))}")
    other = OtherWork()
    rows = []

    started = time.monotonic()
    invitations = directory / "invitations"
    invitations.write_text("".join(_invite(admin_port, home, [f"n{i}" for i in range(options.names)])), encoding="utf-8")
    rows.append((f"{options.names} invitations, one after the other, s", f"{time.monotonic() - started:.1f}"))
    before = _memory(proxy)

    jars = [str(jar) for pattern in JARS for jar in program.parents[1].glob(pattern)]
    cpu = cpu_seconds(proxy.tree())
    peers = children.start("peers", ["java", "-Xss256k", "-Dorg.ops4j.pax.logging.DefaultServiceLog.level=NONE", "-cp", os.pathsep.join(jars), PEERS, invitations,
                                     options.peers, options.at_once, f"{LOOPBACK}:{dns_port}", DOMAIN, SAMPLES], directory / "peers.log", stdin=subprocess.PIPE)
    peers.wait_for_line("done ", REGISTER_SECONDS)
    told = _told(peers)
    cpu = cpu_seconds(proxy.tree()) - cpu
    after = _memory(proxy)
    rows += [
        (f"registered over TLS, by {options.peers} peers, {options.at_once} handshakes at a time", f"{told['registered']} of {options.names}"),
        ("first dial to last REGISTERED, s", f"{float(told['seconds']):.1f}"),
        ("processor time of the proxy for one, ms", f"{cpu * 1000 / options.names:.2f}"),
        ("turned away, and dialled again", told["refused"]),
        ("one registration, dial to REGISTERED: p50, p99, longest, ms", _quantiles(told, "registration_ms")),
        ("REGISTERED to an answer of the name server: p50, p99, longest, ms", _quantiles(told, "resolution_ms")),
        ("living objects in the heap before, after, MiB", f"{before[0]:.0f}, {after[0]:.0f}"),
        ("of these for one name, KiB", f"{(after[0] - before[0]) * 1024 / options.names:.1f}"),
        ("resident memory before, after, MiB", f"{before[1]:.0f}, {after[1]:.0f}"),
        ("threads before, after", f"{before[2]}, {after[2]}"),
    ]
    if options.idle:
        cpu = cpu_seconds(proxy.tree())
        time.sleep(options.idle)
        used = (cpu_seconds(proxy.tree()) - cpu) / options.idle
        rows.append((f"processor of the proxy while all are idle ({options.idle} s), %", f"{used * 100:.1f}"))
    if options.console:
        rows += console.measure(admin_port, home, proxy, children, directory)
    peers.close_input()
    peers.wait_until(lambda: "lost" in _told(peers), 30, "told what it lost")
    rows.append(("sessions lost meanwhile", _told(peers)["lost"]))
    print(f"other work: {other.share():.0%} of the processors\n")
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:{width}}  {value}")
    complete = told["done"] == "true" and _told(peers)["lost"] == "0"
    if not complete:
        print(f"bench: incomplete: {peers.tail(12)}", file=sys.stderr)
    return 0 if complete else 1


def _invite(port, home, names):
    """As `adit invite` asks, without a process for each name."""
    token = (home / "conf" / "admin.token").read_text(encoding="utf-8").strip()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=START_SECONDS)
    try:
        for name in names:
            connection.request("POST", "/adit/api/invitations", json.dumps({"name": name}), headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            if answer.status != 201:
                raise StartError(f"invite {name}: {answer.status} {text.strip()}")
            yield json.loads(text)["invitation"] + "\n"
    finally:
        connection.close()


def _told(peers):
    """What Peers.java printed: {key: value}."""
    with open(peers.log, encoding="utf-8", errors="replace") as text:
        return dict(line.split(" ", 1) for line in text.read().splitlines() if " " in line)


def _quantiles(told, what):
    return ", ".join(f"{float(told[f'{what}_{q}']):.0f}" for q in (50, 99, 100))


def _memory(proxy):
    """(heap that is in use, resident memory, threads) of its JVM; MiB."""
    pid = next(filter(_is_java, proxy.tree()))
    # collects first; what is counted a moment after a collection alone would be mostly what came in that moment
    histogram = subprocess.run(["jcmd", str(pid), "GC.class_histogram"], check=True, stdout=subprocess.PIPE, text=True, timeout=START_SECONDS).stdout
    return live_bytes(histogram) / 1024 / 1024, resident_mib([pid]), len(os.listdir(f"/proc/{pid}/task"))


def live_bytes(histogram):
    """What all living objects take, of what `jcmd PID GC.class_histogram` prints."""
    return int(re.search(r"^Total\s+\d+\s+(\d+)$", histogram, re.MULTILINE).group(1))


def _is_java(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as cmdline:
        return os.path.basename(cmdline.read().split(b"\0")[0]) == b"java"
