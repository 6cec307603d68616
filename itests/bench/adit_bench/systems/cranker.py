"""Cranker: the nearest Java system, HTTP messages over one WebSocket from connector to router."""
import os
import pathlib
import shutil
import subprocess
import xml.etree.ElementTree

from adit_bench.check import answers
from adit_bench.net import LOOPBACK, free_ports
from adit_bench.processes import StartError
from adit_bench.systems.base import START_SECONDS, Skip, System

PROJECT = pathlib.Path(__file__).resolve().parents[2] / "cranker"
BUILD_SECONDS = 300
PROTOCOL = "cranker_3.0"


class Cranker(System):
    name = "cranker"
    description = f"mu-cranker-router and cranker-connector, {PROTOCOL}, WebSocket in clear"
    scheme = "ws"

    def start(self):
        if shutil.which("java") is None:
            raise Skip("no java")
        build()
        self.port, registration_port = free_ports(2)
        self.directory.mkdir()
        self.proxy_side = self._java("Router", self.port, registration_port, self.scheme)
        self.proxy_side.wait_for_line("READY", START_SECONDS)
        self.peer_side = self._java("Connector", f"{self.scheme}://{LOOPBACK}:{registration_port}",
                                    self.context.origin.url, PROTOCOL)
        self.peer_side.wait_for_line("READY", START_SECONDS)
        # The connector does not tell when the router has taken its registration.
        self.peer_side.wait_until(lambda: answers(self.port), START_SECONDS, "registered")

    def version(self):
        names = {"m": "http://maven.apache.org/POM/4.0.0"}
        found = xml.etree.ElementTree.parse(PROJECT / "pom.xml").findall("m:dependencies/m:dependency", names)
        return ", ".join(f"{each.findtext('m:artifactId', namespaces=names)} {each.findtext('m:version', namespaces=names)}"
                         for each in found if not each.findtext("m:scope", namespaces=names))

    def _java(self, main, *arguments):
        command = ["java", *self.context.java_opts, "-cp", f"{PROJECT}/target/classes:{PROJECT}/target/lib/*", f"bench.{main}"]
        return self.context.children.start(f"{self.name} {main}", [*command, *arguments], self.directory / f"{main}.log")


class CrankerTls(Cranker):
    name = "cranker-tls"
    description = f"the same, {PROTOCOL}, WebSocket over TLS"
    scheme = "wss"


def build():
    """Builds itests/bench/cranker when it is not built, or older than its sources."""
    sources = [path.stat().st_mtime for path in (PROJECT / "pom.xml", *(PROJECT / "src").rglob("*.*"))]
    jars = list((PROJECT / "target").glob("bench-cranker-*.jar"))
    if jars and max(sources) <= max(path.stat().st_mtime for path in jars):
        return
    if shutil.which("mvn") is None:
        raise Skip("not built, and no mvn to build it with")
    print("bench: building itests/bench/cranker", flush=True)
    try:
        built = subprocess.run(["mvn", "-q", "-B", "-f", PROJECT / "pom.xml", "package"], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=BUILD_SECONDS,
                               env={**os.environ, "MAVEN_ARGS": ""}, check=False)
    except subprocess.TimeoutExpired as error:
        raise StartError(f"mvn package in {PROJECT} took more than {BUILD_SECONDS} s") from error
    if built.returncode != 0:
        errors = [line for line in built.stdout.splitlines() if "ERROR" in line]
        raise Skip("mvn package in itests/bench/cranker failed: " + (errors or ["?"])[0])
