"""OpenSSH -R: a remote port forwarding, TCP bytes over one encrypted connection. Server, keys and settings are our own.

sshd switches Nagle's algorithm off on its connection when a session is opened on it. With -N there is no session, and every
second small answer then waits 40 ms for a delayed acknowledgement. So that ssh is measured at its best, Ssh opens a session
(cat, which ends with its connection); SshNoSession is ssh -N.
"""
import getpass
import os
import pathlib
import shutil
import subprocess

from adit_bench.net import LOOPBACK, free_ports, is_open
from adit_bench.processes import StartError
from adit_bench.systems.base import START_SECONDS, Skip, System
from adit_bench.tools import first_line

SERVER_CONFIG = """
ListenAddress {host}
Port {port}
HostKey {directory}/host_key
AuthorizedKeysFile {directory}/user_key.pub
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication yes
PermitRootLogin prohibit-password
StrictModes no
AllowTcpForwarding remote
GatewayPorts no
"""

CLIENT_CONFIG = """
Host *
    IdentityFile {directory}/user_key
    IdentitiesOnly yes
    IdentityAgent none
    UserKnownHostsFile {directory}/known_hosts
    GlobalKnownHostsFile none
    StrictHostKeyChecking yes
    BatchMode yes
    ExitOnForwardFailure yes
    Compression no
"""

PRIVSEP_DIRECTORY = pathlib.Path("/run/sshd")


class Ssh(System):
    name = "ssh-R"
    description = "OpenSSH remote port forwarding with a session (cat), default ciphers, no compression"
    session = True

    def start(self):
        ssh, sshd = _program("ssh"), _program("sshd")
        keygen = _program("ssh-keygen")
        server_port, self.port = free_ports(2)
        self.directory.mkdir()
        for key in ("host_key", "user_key"):
            subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-C", "bench", "-f", self.directory / key],
                           check=True, stdin=subprocess.DEVNULL, timeout=START_SECONDS)
        host_key = (self.directory / "host_key.pub").read_text(encoding="utf-8")
        self._write("known_hosts", f"[{LOOPBACK}]:{server_port} {host_key}")
        self._write("sshd_config", SERVER_CONFIG.format(host=LOOPBACK, port=server_port, directory=self.directory))
        self._write("ssh_config", CLIENT_CONFIG.format(directory=self.directory))

        children = self.context.children
        self.proxy_side = children.start(
            "sshd", _server_command([sshd, "-D", "-e", "-f", self.directory / "sshd_config"]), self.directory / "sshd.log")
        self.proxy_side.wait_until(lambda: is_open(server_port), START_SECONDS, "listening")
        self.peer_side = children.start(
            "ssh", [ssh, *(["-T"] if self.session else ["-N"]), "-F", self.directory / "ssh_config", "-p", server_port,
                    "-R", f"{LOOPBACK}:{self.port}:{LOOPBACK}:{self.context.origin.port}",
                    f"{getpass.getuser()}@{LOOPBACK}", *(["cat"] if self.session else [])],
            self.directory / "ssh.log", stdin=subprocess.PIPE)
        try:
            self.peer_side.wait_until(lambda: is_open(self.port), START_SECONDS, "forwarding")
        except StartError as error:
            raise StartError(f"{error}; sshd: {self.proxy_side.tail()}") from error

    def version(self):
        return first_line([_program("ssh"), "-V"])

    def _write(self, name, text):
        (self.directory / name).write_text(text, encoding="utf-8")


class SshNoSession(Ssh):
    name = "ssh-N"
    description = "the same without a session (-N), where Nagle's algorithm stays on"
    session = False


def _server_command(command):
    """As root, sshd insists on an empty /run/sshd. Where it is absent we show it one in a mount namespace of its own."""
    if os.geteuid() != 0 or PRIVSEP_DIRECTORY.is_dir():
        return command
    if shutil.which("unshare") is None:
        raise Skip(f"sshd as root needs the directory {PRIVSEP_DIRECTORY} (mkdir -m 755), or unshare to do without")
    prepare = f'mount -t tmpfs none {PRIVSEP_DIRECTORY.parent} && mkdir -m 755 {PRIVSEP_DIRECTORY} && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", prepare, "sh", *command]


def _program(name):
    """The absolute path, which sshd asks for; it is often only in root's PATH."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if path is None:
        raise Skip(f"no {name} (Debian: openssh-server, openssh-client)")
    return path
