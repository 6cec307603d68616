"""Adit, by its real command line: a proxy, an invitation, a peer with the origin behind it."""
import os
import pathlib
import subprocess

from adit_bench.net import LOOPBACK, free_ports
from adit_bench.processes import StartError
from adit_bench.systems.base import START_SECONDS, Skip, System
from adit_bench.tools import HOST, first_line

TREE = pathlib.Path(__file__).resolve().parents[4]
DISTRIBUTION = "runtime/target/adit-*/bin/adit"


class Adit(System):
    name = "adit"
    description = "tunnel over TLS"
    proxy_options = ()

    def start(self):
        program = find_program(self.context.adit)
        self.port, tunnel_port, admin_port = free_ports(3)
        self.directory.mkdir()
        proxy_home, peer_home = self.directory / "proxy", self.directory / "peer"
        self.proxy_side = self._adit("proxy", program, "--home", proxy_home, "--bind", LOOPBACK, "--http-port", self.port,
                                     "--tunnel-port", tunnel_port, "--admin-port", admin_port, *self.proxy_options)
        self.proxy_side.wait_for_line("READY ", START_SECONDS)
        invitation = self._invite(program, proxy_home)
        self.peer_side = self._adit("peer", program, "--home", peer_home, "--invite", f"@{invitation}",
                                    "--origin", self.context.origin.url)
        self.peer_side.wait_for_line("READY ", START_SECONDS)

    def version(self):
        program = find_program(self.context.adit)
        return f"{program.parents[1].name} ({first_line([program, '--version'], env=self._env())})"

    def _adit(self, command, program, *options):
        return self.context.children.start(f"{self.name} {command}", [program, command, *options],
                                           self.directory / f"{command}.log", env=self._env())

    def _invite(self, program, home):
        """Asks the running proxy for an invitation; returns the file it is in."""
        try:
            made = subprocess.run([program, "invite", "--home", home, HOST.partition(".")[0]], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self._env(),
                                  timeout=START_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise StartError(f"{self.name}: invite took more than {START_SECONDS} s") from error
        if made.returncode != 0 or len(made.stdout.splitlines()) != 1:
            raise StartError(f"{self.name}: invite ended with code {made.returncode}: {made.stderr.strip() or made.stdout!r}")
        invitation = self.directory / "invitation"
        invitation.write_text(made.stdout, encoding="utf-8")
        invitation.chmod(0o600)
        return invitation

    def _env(self):
        return {**os.environ, "JAVA_OPTS": " ".join(self.context.java_opts)}


class AditPlain(Adit):
    name = "adit-plain"
    description = "--tunnel-tls off"
    proxy_options = ("--tunnel-tls", "off")


def find_program(given):
    """The adit script: as given by --adit, or the newest distribution built in this tree."""
    if given:
        program = pathlib.Path(given).resolve()
        if not os.access(program, os.X_OK):
            raise StartError(f"--adit {given}: no such program")
        return program
    built = sorted(TREE.glob(DISTRIBUTION), key=lambda path: path.stat().st_mtime)
    if not built:
        raise Skip(f"not built: no {DISTRIBUTION} in the tree (mvn package, or --adit PATH)")
    return built[-1]
