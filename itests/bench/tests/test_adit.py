import pathlib
import sys
import tempfile
import types
import unittest

from adit_bench.processes import Children, StartError
from adit_bench.systems.adit import Adit, AditPlain, find_program
from adit_bench.systems.base import Skip

# Notes its arguments, one command a line, and behaves like adit as far as the benchmark sees it.
FAKE = """#!{python}
import signal, sys
with open({calls!r}, "a") as calls:
    print(*sys.argv[1:], file=calls)
if sys.argv[1] == "invite":
    print({invitation!r})
    sys.exit({code})
elif sys.argv[1] == "--version":
    print("adit 0")
else:
    print("READY what=ever", flush=True)
    signal.pause()
"""


class AditTest(unittest.TestCase):
    """The commands that the benchmark gives are the command line's contract, in its order."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)
        self.calls = self.directory / "calls"
        self.children = Children()
        self.addCleanup(self.children.end)

    def make(self, kind, invitation="secret", code=0):
        program = self.directory / "dist" / "bin" / "adit"
        program.parent.mkdir(parents=True)
        program.write_text(FAKE.format(python=sys.executable, calls=str(self.calls), invitation=invitation, code=code))
        program.chmod(0o755)
        origin = types.SimpleNamespace(url="http://127.0.0.1:1")
        return kind(types.SimpleNamespace(directory=self.directory, children=self.children, java_opts=[], adit=program,
                                          origin=origin))

    def test_proxy_then_invitation_then_peer(self):
        system = self.make(Adit)
        system.start()
        home = self.directory / "adit"
        proxy, invite, peer = self.calls.read_text().splitlines()
        self.assertRegex(proxy, rf"^proxy --home {home}/proxy --bind 127.0.0.1 --http-port {system.port} "
                                r"--tunnel-port \d+ --admin-port \d+$")
        self.assertEqual(f"invite --home {home}/proxy bench", invite)
        self.assertEqual(f"peer --home {home}/peer --invite @{home}/invitation --origin http://127.0.0.1:1", peer)
        self.assertEqual("secret\n", (home / "invitation").read_text())
        self.assertEqual(0o600, (home / "invitation").stat().st_mode & 0o777)
        self.assertIsNone(system.obituary())

    def test_a_program_that_ends_is_reported(self):
        system = self.make(Adit)
        system.start()
        self.children.stop(system.peer_side)
        self.assertRegex(system.obituary(), r"^adit peer ended with code -15: READY what=ever$")

    def test_plain_switches_the_tunnels_tls_off(self):
        self.make(AditPlain).start()
        self.assertTrue(self.calls.read_text().splitlines()[0].endswith(" --tunnel-tls off"))

    def test_a_failed_invitation_is_a_failure(self):
        with self.assertRaisesRegex(StartError, "invite ended with code 1"):
            self.make(Adit, code=1).start()

    def test_an_invitation_of_two_lines_is_a_failure(self):
        with self.assertRaisesRegex(StartError, "invite"):
            self.make(Adit, invitation="one\ntwo").start()

    def test_a_given_program_that_is_not_there_is_a_failure_not_a_skip(self):
        with self.assertRaises(StartError):
            find_program(self.directory / "nothing")


class Tree(unittest.TestCase):
    def test_the_trees_own_program_or_a_reason(self):
        try:
            self.assertEqual("adit", find_program(None).name)
        except Skip as reason:
            self.assertIn("runtime/target/adit-", str(reason))


if __name__ == "__main__":
    unittest.main()
