"""Who works on a deployment, and what others may do meanwhile: a run that is refused has changed
nothing, another container is no other world, and whoever comes first wins."""

import os
import shutil
import signal
import socket
import subprocess
import time
import unittest

import support

BLUEPRINT = """
tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
inputs: {size: {default: 1}}
node_templates:
  a:
    type: cloudify.nodes.Root
    interfaces:
      cloudify.interfaces.lifecycle:
        create: {implementation: op.sh, max_retries: 2, retry_interval: 0}
"""

WAITS = """#!/bin/sh
echo "begin" >> "$HERE/trace"
until [ -e "$HERE/go" ]; do sleep 0.05; done
echo "end" >> "$HERE/trace"
"""


def in_container(*command):
    """With processes of its own, on the same folders."""
    return ["unshare", "--pid", "--fork", "--mount-proc", *command]


def can_make_containers():
    return (shutil.which("unshare") is not None and
            subprocess.run(in_container("true"), capture_output=True).returncode == 0)


class Runners(support.Case):
    def setUp(self):
        super().setUp()
        self.environment["HERE"] = self.folder
        self.write("blueprint.yaml", BLUEPRINT)
        self.write("op.sh", WAITS, 0o755)

    def tearDown(self):
        self.write("go", "")
        super().tearDown()

    def begin(self, *arguments):
        process = self.start_cfy("install", "-d", "x", *arguments)
        self.wait_for(lambda: "begin" in self.read("trace"), "the operation begins")
        return process

    def inputs(self):
        return self.json("deployments", "get", "x")["inputs"]

    def test_a_refused_run_has_changed_nothing(self):
        process = self.begin("-i", "size=1")
        for command in (["install"], ["execute", "uninstall"], ["init", "blueprint.yaml"],
                        ["update", "blueprint.yaml"]):
            with self.subTest(command=command):
                refused = self.run_cfy(*command, "-d", "x", "-i", "size=99")
                self.assert_refused(refused, 5, "is in use by execution")
                self.assertEqual(self.inputs(), {"size": 1})
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 0)

    def test_a_run_beside_another_has_the_definitions_that_it_was_given(self):
        process = self.begin()
        self.write("go", "")
        beside = self.run_cfy("execute", "uninstall", "-d", "x", "-i", "size=2", "--force")
        self.assertEqual(beside.returncode, 0, beside.stderr)
        self.assertEqual(self.inputs(), {"size": 2})
        self.wait_for_end(process)

    @unittest.skipUnless(can_make_containers(), "containers cannot be made here")
    def test_a_run_in_another_container_is_seen(self):
        process = subprocess.Popen(in_container(support.PROGRAM, "install", "-d", "x"),
                                   cwd=self.folder, env=self.environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.started.append(process)
        self.wait_for(lambda: "begin" in self.read("trace"), "the operation begins")
        execution = self.execution()
        self.assertFalse(execution["runner_died"])
        refused = subprocess.run(in_container(support.PROGRAM, "install", "-d", "x"),
                                 cwd=self.folder, env=self.environment, capture_output=True,
                                 text=True, timeout=60)
        self.assert_refused(refused, 5, "is in use by execution")
        for command in (["resume", execution["id"]], ["deployments", "delete", "x", "--force"]):
            self.assertEqual(self.run_cfy(*command).returncode, 5)
        # It hears a cancel from outside as well.
        asked = self.run_cfy("cancel", execution["id"], "--kill", "--wait")
        self.assertEqual(asked.returncode, 0, asked.stderr)
        self.assertEqual(process.wait(60), 130)
        self.assertEqual(self.read("trace"), "begin\n")

    @unittest.skipUnless(can_make_containers(), "containers cannot be made here")
    def test_a_container_that_died_does_not_hold_a_deployment(self):
        process = subprocess.Popen(in_container(support.PROGRAM, "install", "-d", "x"),
                                   cwd=self.folder, env=self.environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True)
        self.started.append(process)
        self.wait_for(lambda: "begin" in self.read("trace"), "the operation begins")
        with open(f"/proc/{process.pid}/task/{process.pid}/children") as file:
            os.kill(int(file.read()), signal.SIGKILL)  # the first process: all others go with it
        process.wait(60)
        self.write("go", "")
        resumed = self.run_cfy("resume", self.execution()["id"])
        self.assertEqual(resumed.returncode, 0, resumed.stderr)

    def test_a_file_system_without_locks_is_refused(self):
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None or os.environ.get("CFY_SANITIZE"):
            self.skipTest("no C compiler, or a sanitizer that must be loaded first")
        self.write("nolocks.c", "#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <fcntl.h>\n"
                   "#include <stdarg.h>\nint fcntl64(int fd, int command, ...) {\n"
                   "va_list list; va_start(list, command); void* argument = va_arg(list, void*);\n"
                   "va_end(list);\n"
                   "if (command == F_OFD_SETLK) return 0;\n"
                   "int (*real)(int, int, ...) = dlsym(RTLD_NEXT, \"fcntl64\");\n"
                   "return real(fd, command, argument);\n}\n"
                   "int fcntl(int fd, int command, ...) {\n"
                   "va_list list; va_start(list, command); void* argument = va_arg(list, void*);\n"
                   "va_end(list); return fcntl64(fd, command, argument);\n}\n")
        library = self.path("nolocks.so")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, self.path("nolocks.c"), "-ldl"],
                       check=True)
        self.environment["LD_PRELOAD"] = library
        refused = self.run_cfy("install", "-d", "x")
        self.assert_refused(refused, 5, "locks do not work", "--state-dir")

    def test_a_state_folder_that_is_removed_is_missed(self):
        process = self.begin()
        shutil.rmtree(self.path("state"))
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 5)
        self.assertIn("was removed or replaced while it was in use", self.read("stderr"))

    def test_a_state_folder_that_is_replaced_is_missed(self):
        process = self.begin()
        os.rename(self.path("state"), self.path("moved"))
        shutil.copytree(self.path("moved"), self.path("state"),
                        ignore=shutil.ignore_patterns("run"))
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 5)
        self.assertIn("was removed or replaced while it was in use", self.read("stderr"))

    def test_a_state_database_that_is_cut_off_is_missed(self):
        process = self.begin()
        os.truncate(self.path("state/state.db"), 0)
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 5)

    def sockets(self):
        folder = self.path("state/run")
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

    def kill_all(self, runner):
        with open(f"/proc/{runner.pid}/stat"):
            pass
        children = []
        for task in os.listdir(f"/proc/{runner.pid}/task"):
            with open(f"/proc/{runner.pid}/task/{task}/children") as file:
                children += [int(pid) for pid in file.read().split()]
        runner.kill()
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        runner.wait()

    def test_a_socket_goes_with_its_execution(self):
        for end in (["cancel", "{}"], ["resume", "{}"], ["deployments", "delete", "x", "--force"],
                    ["install", "-d", "y"]):
            with self.subTest(end=end):
                shutil.rmtree(self.path("state"), ignore_errors=True)
                self.write("trace", "")
                if os.path.exists(self.path("go")):
                    os.remove(self.path("go"))
                runner = self.begin()
                execution = self.execution()["id"]
                self.assertEqual(self.sockets(), [f"{execution}.sock"])
                self.kill_all(runner)
                self.write("go", "")
                if end[0] == "install":  # what a run that is not known any more has left
                    left = self.path("state/run/00000000-0000-4000-8000-000000000000.sock")
                    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
                        listening.bind(left)
                result = self.run_cfy(*[word.format(execution) for word in end])
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertEqual(self.sockets(), [])

    def test_a_worker_that_is_killed_at_once_costs_one_attempt(self):
        self.write("op.sh", "#!/bin/sh\necho \"$(ctx operation retry_number)\" >> \"$HERE/trace\"\n",
                   0o755)
        for i in range(5):
            self.write("trace", "")
            runner = self.start_cfy("install", "-d", f"x{i}")
            killed = self.kill_first_child(runner)
            self.assertEqual(self.wait_for_end(runner), 0, self.read("stdout"))
            attempts = self.read("trace").split()
            self.assertEqual(len(attempts), 1)
            if killed and attempts == ["1"]:
                return
        self.skipTest("no worker could be killed before it was ready")

    @staticmethod
    def kill_first_child(runner):
        end = time.monotonic() + 10
        while time.monotonic() < end and runner.poll() is None:
            for task in os.listdir(f"/proc/{runner.pid}/task"):
                try:
                    with open(f"/proc/{runner.pid}/task/{task}/children") as file:
                        for pid in file.read().split():
                            if "worker" not in open(f"/proc/{pid}/cmdline").read().split("\0"):
                                continue
                            os.kill(int(pid), signal.SIGKILL)
                            return True
                except OSError:
                    pass
        return False

    def test_a_cancel_of_a_dead_run_and_its_resume_agree(self):
        """Many races: whoever wins, the row, the lock and the run say the same."""
        self.write("op.sh", "#!/bin/sh\nsleep 0.2\n", 0o755)
        for i in range(10):
            runner = self.start_cfy("install", "-d", f"x{i}")
            self.wait_for(lambda: any(one["deployment_id"] == f"x{i}"
                                      for one in self.json("executions", "list")), "a row")
            self.kill_all(runner)
            execution, = [one["id"] for one in self.json("executions", "list")
                          if one["deployment_id"] == f"x{i}"]
            resumed = self.start_cfy("resume", execution)
            cancelled = self.run_cfy("cancel", execution)
            code = self.wait_for_end(resumed)
            now = self.json("executions", "get", execution)["status"]
            said = (cancelled.returncode, code, now, self.read("stderr"))
            self.assertIn(code, (0, 130), said)
            self.assertEqual(now, "terminated" if code == 0 else "cancelled", said)
            again = self.run_cfy("execute", "uninstall", "-d", f"x{i}")
            self.assertEqual(again.returncode, 0, again.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
