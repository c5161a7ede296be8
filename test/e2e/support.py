"""A folder, a state and the program under test: what every end-to-end test stands on.

The program is named by CFY_RUN. Nothing here sleeps for a fixed time: wait_for() looks until a
condition holds and fails, with what was printed so far, at its deadline.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

PROGRAM = os.environ.get("CFY_RUN", "")
DEADLINE_S = 60


class Case(unittest.TestCase):
    def setUp(self):
        self.assertTrue(PROGRAM, "CFY_RUN names the program to test")
        self.folder = tempfile.mkdtemp(prefix="cfy-e2e-")
        self.environment = dict(os.environ, CFY_RUN_HOME=self.path("state"), NO_COLOR="1")
        self.started = []

    def tearDown(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)

    def expect_crashes(self):
        """A crash ends a process by its signal, under a sanitizer, too."""
        options = [self.environment.get("ASAN_OPTIONS", ""), "handle_segv=0"]
        self.environment["ASAN_OPTIONS"] = ":".join(filter(None, options))

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb" if isinstance(text, bytes) else "w") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def read(self, name):
        try:
            with open(self.path(name)) as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def run_cfy(self, *arguments, timeout=DEADLINE_S, **options):
        """Run to the end; stdout, stderr and returncode as text."""
        return subprocess.run([PROGRAM, *arguments], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True, errors="replace", timeout=timeout,
                              stdin=subprocess.DEVNULL, **options)

    def start_cfy(self, *arguments):
        """Start in a session of its own, as another terminal would."""
        out = open(self.path("stdout"), "w")
        err = open(self.path("stderr"), "w")
        process = subprocess.Popen([PROGRAM, *arguments], cwd=self.folder, env=self.environment,
                                   stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                   start_new_session=True)
        out.close()
        err.close()
        self.started.append(process)
        return process

    def wait_for(self, condition, what):
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.01)
        self.fail(f"{what}: not within {DEADLINE_S} s\n--- stdout\n{self.read('stdout')}"
                  f"--- stderr\n{self.read('stderr')}")

    def wait_for_file(self, name):
        return self.wait_for(lambda: os.path.exists(self.path(name)), f"file {name}")

    def wait_for_end(self, process):
        try:
            return process.wait(DEADLINE_S)
        except subprocess.TimeoutExpired:
            self.fail(f"the run does not end\n{self.read('stdout')}\n{self.read('stderr')}")

    def json(self, *arguments):
        result = self.run_cfy(*arguments, "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def execution(self):
        """The only execution there is."""
        executions = self.json("executions", "list")
        self.assertEqual(len(executions), 1, executions)
        return executions[0]

    def assert_refused(self, result, code, *texts):
        """Exit code and words; never a crash, never anything started."""
        said = result.stdout + result.stderr
        self.assertEqual(result.returncode, code, said)
        for text in texts:
            self.assertIn(text, said)
        self.assertNotIn("internal error", said)
        self.assertNotIn("terminate called", said)
        self.assertNotIn("Starting '", said)


def is_running(pid):
    """Whether the process lives; a zombie does not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def interrupt(process):
    process.send_signal(signal.SIGINT)


def main():
    unittest.main(verbosity=1)
