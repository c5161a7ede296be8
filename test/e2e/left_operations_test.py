"""Operations that run still when their runner is gone, with or without their worker: whoever comes
next sees them, and takes nothing else for one."""

import os
import shutil
import signal
import subprocess
import unittest

import support

BLUEPRINT = """
tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
node_templates:
  a:
    type: cloudify.nodes.Root
    interfaces:
      cloudify.interfaces.lifecycle:
        create: {implementation: create.sh, max_retries: 0}
        start: {implementation: start.sh, max_retries: 0}
"""

# Goes on when the file `go` is there.
WAITS = """#!/bin/sh
echo "begin $$" >> "$HERE/trace"
until [ -e "$HERE/go" ]; do sleep 0.05; done
echo "end $$" >> "$HERE/trace"
"""


class LeftOperations(support.Case):
    def setUp(self):
        super().setUp()
        self.environment["HERE"] = self.folder
        self.write("blueprint.yaml", BLUEPRINT)
        self.write("create.sh", "#!/bin/sh\n", 0o755)
        self.write("start.sh", WAITS, 0o755)
        self.servers = []

    def tearDown(self):
        self.write("go", "")
        for pid in self.servers + self.traced("begin"):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        super().tearDown()

    def traced(self, word):
        return [int(line.split()[1]) for line in self.read("trace").splitlines()
                if line.startswith(word)]

    def kill_run(self, runner, workers_too=True):
        """With kill -9; its scripts live on."""
        workers = []
        for task in os.listdir(f"/proc/{runner.pid}/task"):
            with open(f"/proc/{runner.pid}/task/{task}/children") as file:
                workers += [int(pid) for pid in file.read().split()]
        runner.kill()
        if workers_too:
            for pid in workers:
                os.kill(pid, signal.SIGKILL)
        runner.wait()

    def start_and_kill(self, **how):
        runner = self.start_cfy("install", "-d", "x")
        self.wait_for(lambda: self.traced("begin"), "the operation begins")
        # Where it runs is noted in a moment; what is not noted is found by its mark.
        self.kill_run(runner, **how)
        return self.execution()["id"]

    def resume_in_background(self, execution):
        resumed = self.start_cfy("resume", execution)
        self.wait_for(lambda: "waiting for operations" in self.read("stderr"), "it waits")
        return resumed

    def assert_waited_for(self):
        execution = self.start_and_kill()
        script, = self.traced("begin")
        resumed = self.resume_in_background(execution)
        self.assertIn(str(script), self.read("stderr"))
        self.assertEqual(self.traced("begin"), [script])
        self.write("go", "")
        self.assertEqual(self.wait_for_end(resumed), 0, self.read("stderr"))
        begins, ends = self.traced("begin"), self.traced("end")
        self.assertEqual(begins, ends)  # one after the other, not beside each other
        self.assertEqual(len(begins), 2)

    def test_a_resume_waits_for_a_script_without_worker(self):
        self.assert_waited_for()

    def test_also_for_one_without_environment(self):
        self.write("start.sh", "#!/bin/sh\nexec env -i HERE=\"$HERE\" PATH=\"$PATH\" "
                               "sh \"$HERE/waits.sh\"\n", 0o755)
        self.write("waits.sh", WAITS, 0o755)
        runner = self.start_cfy("install", "-d", "x")
        self.wait_for(lambda: self.traced("begin"), "the operation begins")
        self.wait_for(lambda: self.noted_calls() == 1, "its place is noted")
        self.kill_run(runner)
        resumed = self.resume_in_background(self.execution()["id"])
        self.write("go", "")
        self.assertEqual(self.wait_for_end(resumed), 0, self.read("stderr"))

    def noted_calls(self):
        import sqlite3
        with sqlite3.connect(f"file:{self.path('state/state.db')}?mode=ro", uri=True) as database:
            return database.execute("SELECT count(*) FROM calls").fetchone()[0]

    def test_also_for_one_in_a_session_of_its_own(self):
        self.write("start.sh", "#!/bin/sh\nsetsid --wait sh \"$HERE/waits.sh\"\n", 0o755)
        self.write("waits.sh", WAITS, 0o755)
        self.assert_waited_for()

    def test_a_new_run_is_refused(self):
        execution = self.start_and_kill()
        refused = self.run_cfy("execute", "uninstall", "-d", "x")
        self.assert_refused(refused, 5, "are running still", f"cfy-run cancel {execution} --kill")

    def test_a_deployment_is_not_forgotten_under_them(self):
        self.start_and_kill()
        self.assert_refused(self.run_cfy("deployments", "delete", "x"), 5, "are running still")

    def test_a_kill_ends_them(self):
        execution = self.start_and_kill()
        script, = self.traced("begin")
        self.assertEqual(self.run_cfy("cancel", execution, "--kill").returncode, 0)
        self.assertFalse(support.is_running(script))
        self.assertEqual(self.execution()["status"], "cancelled")
        self.write("go", "")
        self.assertEqual(self.run_cfy("resume", execution).returncode, 0)

    def test_a_kill_finds_them_whatever_the_clock_says(self):
        if shutil.which("faketime") is None:
            self.skipTest("there is no faketime")
        for step in ("-1h", "+1h"):
            with self.subTest(step=step):
                shutil.rmtree(self.path("state"), ignore_errors=True)
                self.write("trace", "")
                execution = self.start_and_kill(workers_too=False)
                script, = self.traced("begin")
                result = subprocess.run(
                    ["faketime", "-f", step, support.PROGRAM, "cancel", execution, "--kill"],
                    env=self.environment, capture_output=True, text=True, timeout=60)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertFalse(support.is_running(script))

    def test_a_kill_spares_servers_of_operations_that_have_ended(self):
        self.write("create.sh", "#!/bin/sh\nsleep 1000 > /dev/null 2>&1 &\n"
                                "echo $! > \"$HERE/server\"\n", 0o755)
        execution = self.start_and_kill()
        self.servers.append(int(self.read("server")))
        self.assertEqual(self.run_cfy("cancel", execution, "--kill").returncode, 0)
        self.assertTrue(support.is_running(self.servers[0]))
        self.write("go", "")
        resumed = self.run_cfy("resume", execution)  # and nobody waits for it
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        self.assertNotIn("waiting", resumed.stderr)

    def test_a_server_of_an_operation_that_was_cut_off_is_not_waited_for(self):
        self.write("start.sh", "#!/bin/sh\nif [ ! -e \"$HERE/server\" ]; then\n"
                               "sleep 1000 > /dev/null 2>&1 &\necho $! > \"$HERE/server\"; fi\n"
                               + WAITS.split("\n", 1)[1], 0o755)
        execution = self.start_and_kill()
        self.servers.append(int(self.read("server")))
        resumed = self.resume_in_background(execution)
        self.write("go", "")
        self.assertEqual(self.wait_for_end(resumed), 0, self.read("stderr"))

    def test_a_server_with_pipes_of_its_own_is_not_waited_for(self):
        self.write("start.sh", "#!/bin/sh\nif [ ! -e \"$HERE/server\" ]; then\n"
                               "sleep 1000 2>&1 | cat > /dev/null 2>&1 &\n"
                               "echo $! > \"$HERE/server\"; fi\n" + WAITS.split("\n", 1)[1], 0o755)
        execution = self.start_and_kill()
        self.servers.append(int(self.read("server")))
        resumed = self.resume_in_background(execution)
        self.write("go", "")
        self.assertEqual(self.wait_for_end(resumed), 0, self.read("stderr"))

    def test_a_child_that_outlives_its_script_is_waited_for(self):
        self.write("start.sh", "#!/bin/sh\nsh \"$HERE/waits.sh\"\n", 0o755)
        self.write("waits.sh", WAITS, 0o755)
        runner = self.start_cfy("install", "-d", "x")
        child, = self.wait_for(lambda: self.traced("begin"), "the operation begins")
        with open(f"/proc/{child}/stat") as file:
            script = int(file.read().rsplit(")", 1)[1].split()[1])
        self.kill_run(runner)
        os.kill(script, signal.SIGKILL)
        resumed = self.resume_in_background(self.execution()["id"])
        self.assertIn(str(child), self.read("stderr"))
        self.write("go", "")
        self.assertEqual(self.wait_for_end(resumed), 0, self.read("stderr"))

    def test_scripts_beside_native_operations_of_the_runner_as_well(self):
        runner = self.start_cfy("install", "-d", "x", "--isolation", "none")
        self.wait_for(lambda: self.traced("begin"), "the operation begins")
        self.kill_run(runner)
        resumed = self.resume_in_background(self.execution()["id"])
        self.write("go", "")
        self.assertEqual(self.wait_for_end(resumed), 0, self.read("stderr"))
        self.assertEqual(len(self.traced("begin")), 2)

    def test_a_cancel_while_a_resume_waits_is_heard(self):
        execution = self.start_and_kill()
        resumed = self.resume_in_background(execution)
        asked = self.run_cfy("cancel", execution)
        self.assertEqual(asked.returncode, 0, asked.stderr)
        self.assertEqual(self.wait_for_end(resumed), 130, self.read("stderr"))
        self.assertEqual(self.execution()["status"], "cancelled")
        self.write("go", "")


if __name__ == "__main__":
    unittest.main(verbosity=1)
