"""cfy-run resume: what it goes on with, what it waits for, and what it refuses."""

import os
import shutil
import signal
import sqlite3
import unittest

import support
import topology

BUILD = os.environ.get("CFY_BUILD", "")
WAITS = """#!/bin/sh
here=$(dirname "$0")/..
echo started >> "$here/tries"
echo $$ > "$here/pid.new"; mv "$here/pid.new" "$here/pid"
i=0
while [ ! -e "$here/go" ] && [ $i -lt 12000 ]; do i=$((i + 1)); sleep 0.05; done
ctx instance runtime-properties waited yes
"""
RAN = "#!/bin/sh\necho ran >> \"$(dirname \"$0\")/../second\"\n"
FAILS = "#!/bin/sh\nhere=$(dirname \"$0\")/..\necho x >> \"$here/tries\"\ntest -e \"$here/go\"\n"


def misbehaves(source):
    return f"""  misbehaves:
    executor: central_deployment_agent
    install: false
    source: {source}
"""


class Resume(support.Case):
    def lay(self, script, plugins=""):
        self.write("scripts/first.sh", script)
        self.write("scripts/ran.sh", RAN)
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("first", "scripts/first.sh"),
            topology.node("second", "scripts/ran.sh", depends_on=["first"]),
            workflow=plugins + topology.WORKFLOW))

    def fail_once(self):
        self.lay(FAILS)
        result = self.run_cfy("execute", "my_workflow", "-p", "operation=configure",
                              "--task-retries", "0")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)

    def begin_and_kill(self):
        """The runner dies while its first operation runs."""
        self.lay(WAITS)
        process = self.start_cfy("execute", "my_workflow", "-p", "operation=configure")
        self.wait_for_file("pid")
        process.kill()
        process.wait()

    def resume(self, *options, **more):
        return self.run_cfy("resume", self.execution()["id"][:8], *options, **more)

    def assert_done(self, result):
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.execution()["status"], "terminated")
        self.assertEqual(self.read("second"), "ran\n")

    def events(self):
        return self.run_cfy("events", self.execution()["id"]).stdout

    def test_what_failed_runs_again(self):
        self.fail_once()
        self.assertEqual(self.resume().returncode, 1)
        self.write("go", "")
        result = self.resume()
        self.assert_done(result)
        self.assertIn("Resuming 'my_workflow' workflow execution", result.stdout)
        self.assertEqual(self.read("tries"), "x\nx\nx\n")

    def test_another_folder_makes_no_difference(self):
        self.fail_once()
        self.write("go", "")
        os.mkdir(self.path("elsewhere"))
        execution = self.execution()["id"]
        self.folder, folder = self.path("elsewhere"), self.folder
        try:
            result = self.run_cfy("resume", execution)
        finally:
            self.folder = folder
        self.assert_done(result)

    def test_a_cancelled_run_goes_on(self):
        self.lay(WAITS)
        process = self.start_cfy("execute", "my_workflow", "-p", "operation=configure")
        self.wait_for_file("pid")
        self.run_cfy("cancel", self.execution()["id"])
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 130)
        self.assert_done(self.resume())
        self.assertEqual(self.read("tries"), "started\n")

    def test_an_operation_that_outlived_its_runner_is_waited_for_and_counts(self):
        self.begin_and_kill()
        listed = self.run_cfy("executions", "list")
        self.assertIn("started (its runner died)", listed.stdout)
        self.assertTrue(self.execution()["runner_died"])
        tail = self.run_cfy("events", self.execution()["id"], "--tail")
        self.assertIn("the runner of execution", tail.stderr)
        refused = self.run_cfy("execute", "my_workflow", "-p", "operation=configure")
        self.assert_refused(refused, 5, "are running still", "--kill")
        self.assertEqual(self.read("tries"), "started\n")
        process = self.start_cfy("resume", self.execution()["id"])
        self.wait_for(lambda: "waiting for operations that the runner left running"
                      in self.read("stderr"), "the message")
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 0, self.read("stderr"))
        self.assertEqual(self.read("tries"), "started\n")
        self.assertEqual(self.read("second"), "ran\n")
        events = self.events()
        self.assertEqual(events.count("configure] Task started"), 2)
        self.assertEqual(events.count("configure] Task succeeded"), 2)

    def test_kill_reaches_the_operations_of_a_dead_runner(self):
        self.begin_and_kill()
        script = int(self.read("pid"))
        result = self.run_cfy("cancel", self.execution()["id"], "--kill")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("operations that it left were killed", result.stdout)
        self.assertFalse(support.is_running(script))
        self.assertEqual(self.execution()["status"], "cancelled")
        self.assertIn("'my_workflow' workflow execution cancelled", self.events())
        self.write("go", "")
        self.assert_done(self.resume())
        self.assertEqual(self.read("tries"), "started\nstarted\n")

    def test_an_operation_knows_that_it_was_cut_off_before(self):
        self.lay(WAITS.replace("echo started", "echo resume=$(ctx -j resume)"))
        self.write("scripts/ran.sh", RAN.replace("echo ran", "echo resume=$(ctx -j resume)"))
        process = self.start_cfy("execute", "my_workflow", "-p", "operation=configure")
        self.wait_for_file("pid")
        process.kill()
        process.wait()
        self.run_cfy("cancel", self.execution()["id"], "--kill")
        self.write("go", "")
        result = self.resume()
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.read("tries"), "resume=false\nresume=true\n")
        self.assertEqual(self.read("second"), "resume=false\n")

    def test_kill_reaches_what_a_forced_cancel_left(self):
        self.lay(WAITS)
        process = self.start_cfy("execute", "my_workflow", "-p", "operation=configure")
        self.wait_for_file("pid")
        self.run_cfy("cancel", self.execution()["id"], "--force")
        self.assertEqual(self.wait_for_end(process), 130)
        script = int(self.read("pid"))
        self.assertTrue(support.is_running(script))
        result = self.run_cfy("cancel", self.execution()["id"], "--kill")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertFalse(support.is_running(script))

    def test_an_operation_that_is_not_resumable_runs_again_only_when_told_so(self):
        plugin = os.path.join(BUILD, "test/plugins/misbehaves.so")
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("n", "misbehaves.tasks.hangs"),
            workflow=misbehaves(plugin) + topology.WORKFLOW))
        command = ("-p", "operation=configure")
        process = self.start_cfy("execute", "my_workflow", *command)
        self.wait_for(lambda: "Task started" in self.read("stdout"), "start")
        process.kill()
        process.wait()
        self.run_cfy("cancel", self.execution()["id"], "--kill")
        result = self.resume()
        self.assert_refused(result, 5, "cloudify.interfaces.lifecycle.configure of n_",
                            "misbehaves.tasks.hangs", "not resumable", "--reset-operations")
        self.assertEqual(self.execution()["status"], "cancelled")
        process = self.start_cfy("resume", self.execution()["id"], "--reset-operations")
        self.wait_for(lambda: "Task started" in self.read("stdout"), "start")
        self.run_cfy("cancel", self.execution()["id"], "--kill", "--wait")
        self.assertEqual(self.wait_for_end(process), 130)

    def test_what_has_nothing_to_go_on_with_is_refused(self):
        self.fail_once()
        self.write("go", "")
        self.assert_done(self.resume())
        self.assert_refused(self.resume(), 5, "is complete: there is nothing to resume")
        self.assert_refused(self.run_cfy("resume", "0123"), 5, "there is no execution '0123'")

    def test_a_dry_run_is_refused(self):
        self.lay(FAILS)
        self.run_cfy("init")
        self.run_cfy("execute", "my_workflow", "-p", "operation=configure", "--dry-run")
        self.assert_refused(self.resume(), 5, "is a dry run: it did nothing that could go on")

    def test_what_still_runs_is_refused(self):
        self.lay(WAITS)
        process = self.start_cfy("execute", "my_workflow", "-p", "operation=configure")
        self.wait_for_file("pid")
        self.assert_refused(self.resume(), 5, f"runs still (process {process.pid})")
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 0)

    def test_a_workflow_that_is_not_resumable_is_refused(self):
        plugin = os.path.join(BUILD, "test/plugins/misbehaves.so")
        self.write("blueprint.yaml", topology.HEAD + misbehaves(plugin) + """workflows:
  throws: misbehaves.workflows.throws
node_templates: {}
""")
        self.assertEqual(self.run_cfy("execute", "throws").returncode, 1)
        self.assert_refused(self.resume(), 5, "the workflow 'throws' (misbehaves.workflows.throws) "
                            "is not resumable", "cfy-run execute throws")

    def test_a_blueprint_that_changed_is_named(self):
        self.fail_once()
        self.write("go", "")
        self.write("blueprint.yaml", self.read("blueprint.yaml") + "# changed\n")
        self.assert_refused(self.resume(), 5, "changed since execution",
                            f"the blueprint {self.path('blueprint.yaml')}", "--force")
        self.assert_done(self.resume("--force"))

    def test_a_plugin_that_changed_is_named(self):
        plugin = shutil.copy(os.path.join(BUILD, "lib/cfy-run/plugins/my_workflow_plugin_name.so"),
                             self.path("tutorial.so"))
        self.lay(FAILS)
        self.write("blueprint.yaml", self.read("blueprint.yaml").replace(
            "  my_workflow_plugin_name:\n", "  my_workflow_plugin_name:\n    source: tutorial.so\n"))
        result = self.run_cfy("execute", "my_workflow", "-p", "operation=configure",
                              "--task-retries", "0")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        with open(plugin, "ab") as file:
            file.write(b"\0")
        self.write("go", "")
        self.assert_refused(self.resume(), 5,
                            f"changed since execution {self.execution()['id']} ran: plugin "
                            f"'my_workflow_plugin_name' ({plugin})", "--force")
        self.assert_done(self.resume("--force"))

    def test_a_plugin_that_is_not_used_any_more_is_named(self):
        plugin = os.path.join(BUILD, "test/plugins/misbehaves.so")
        self.lay(FAILS, misbehaves(plugin))
        with_it = self.read("blueprint.yaml").replace(
            "node_templates:\n", "node_templates:\n" + topology.node("third", "misbehaves.tasks.works"))
        self.write("blueprint.yaml", with_it)
        result = self.run_cfy("execute", "my_workflow", "-p", "operation=configure",
                              "--task-retries", "0")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.write("blueprint.yaml", with_it.replace("misbehaves.tasks.works", "scripts/ran.sh"))
        self.write("go", "")
        self.assert_refused(self.resume(), 5, "plugin 'misbehaves', which is gone", "--force")

    def test_a_workflow_that_is_gone_is_named(self):
        self.fail_once()
        self.write("blueprint.yaml", self.read("blueprint.yaml").replace(
            "  my_workflow:\n", "  her_workflow:\n"))
        self.assert_refused(self.resume(), 5,
                            "does not declare the workflow 'my_workflow' any more")

    def test_two_resumes_at_once_do_not_meet(self):
        self.lay(WAITS)
        process = self.start_cfy("execute", "my_workflow", "-p", "operation=configure")
        self.wait_for_file("pid")
        process.kill()
        process.wait()
        self.run_cfy("cancel", self.execution()["id"], "--kill")
        os.remove(self.path("pid"))
        process = self.start_cfy("resume", self.execution()["id"])
        self.wait_for_file("pid")
        self.assert_refused(self.resume(), 5, f"runs still (process {process.pid})")
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 0)


class Disk(support.Case):
    """A state that cannot be written: the error is clear, and what was there stays."""

    def lay(self, script="#!/bin/sh\necho x >> \"$(dirname \"$0\")/../tries\"\n"):
        self.write("scripts/runs.sh", script)
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("n", "scripts/runs.sh", instances=40)))

    def execute(self, *options, **more):
        return self.run_cfy("execute", "my_workflow", "-p", "operation=configure", *options, **more)

    def assert_intact(self):
        database = sqlite3.connect(self.path("state/state.db"))
        self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        database.close()

    def test_a_full_disk_ends_the_run_and_it_can_be_resumed(self):
        # RLIMIT_FSIZE stands in for the full disk: no file may grow beyond it.
        import resource
        self.lay()
        self.assertEqual(self.run_cfy("init").returncode, 0)
        size = max(os.path.getsize(self.path(f"state/{name}"))
                   for name in os.listdir(self.path("state"))
                   if os.path.isfile(self.path(f"state/{name}")))

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40_000, size + 40_000))

        result = self.execute(preexec_fn=limit)
        said = result.stdout + result.stderr
        self.assertEqual(result.returncode, 5, said)
        self.assertRegex(said, "(no space left to write|cannot read or write) the state database "
                         f"'{self.path('state/state.db')}'")
        self.assertNotIn("internal error", said)
        self.assert_intact()
        executions = self.json("executions", "list")
        if executions:  # it may not even have come so far
            result = self.run_cfy("resume", executions[0]["id"])
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_read_only_state_is_told(self):
        self.lay()
        self.assertEqual(self.run_cfy("init").returncode, 0)
        for name in os.listdir(self.path("state")):
            os.chmod(self.path(f"state/{name}"), 0o400)
        os.chmod(self.path("state"), 0o500)
        try:
            result = self.execute()
        finally:
            os.chmod(self.path("state"), 0o700)
        self.assert_refused(result, 5, "state.db", "read-only")


if __name__ == "__main__":
    support.main()
