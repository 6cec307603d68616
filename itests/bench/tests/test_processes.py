import pathlib
import sys
import tempfile
import unittest

from adit_bench.processes import Children, StartError, jvm_options, process_tree, start_time

SECONDS = 20
# A process with a child; both would live on for long, and the parent takes no notice of SIGTERM.
STUBBORN = ("import signal, subprocess, sys\n"
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
            "print('READY', child.pid, flush=True)\n"
            "child.wait()\n"
            "signal.pause()\n")


class Processes(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.log = pathlib.Path(directory.name) / "log"
        self.children = Children()
        self.addCleanup(self.children.end)

    def start(self, program):
        return self.children.start("test", [sys.executable, "-c", program], self.log)

    def test_the_whole_tree_is_seen_and_ended_even_when_it_ignores_sigterm(self):
        child = self.start(STUBBORN)
        grandchild = int(child.wait_for_line("READY", SECONDS).split()[1])
        self.assertEqual({child.pid, grandchild}, set(process_tree(child.pid)))
        child.stop(seconds=1)
        self.assertIsNone(start_time(child.pid))
        self.assertIsNone(start_time(grandchild))

    def test_a_program_that_ends_early_is_reported_with_its_code_and_last_words(self):
        child = self.start("import sys; sys.exit('port taken')")
        with self.assertRaisesRegex(StartError, "code 1: port taken"):
            child.wait_for_line("READY", SECONDS)

    def test_a_program_that_does_not_exist_is_reported(self):
        with self.assertRaisesRegex(StartError, "no-such-program"):
            self.children.start("test", ["/no-such-program"], self.log)

    def test_end_ends_all(self):
        started = [self.start("import time; time.sleep(600)") for _ in range(3)]
        self.children.end()
        self.assertEqual([[], [], []], [child.tree() for child in started])


class JvmOptions(unittest.TestCase):
    def test_only_what_tunes_the_jvm(self):
        words = ["-Xmx64m", "-Dfile.encoding=UTF-8", "-cp", "a.jar:b.jar", "--add-opens", "x/y=z", "-XX:+UseSerialGC",
                 "bench.Router", "8080"]
        self.assertEqual(["-Xmx64m", "-XX:+UseSerialGC"], jvm_options(words))

    def test_the_programs_own_arguments_are_not_the_jvms(self):
        self.assertEqual(["-Xss1m"], jvm_options(["-Xss1m", "-jar", "adit.jar", "-X", "proxy"]))


if __name__ == "__main__":
    unittest.main()
