"""Cancel from a second process, in all three degrees, and Ctrl-C: with operations that would run
for minutes if nobody stopped them."""

import os
import signal

import support
import topology

# Tells its pid, then waits for a file that the test may write; ends by itself after ten minutes.
WAITS = """#!/bin/sh
here=$(dirname "$0")/..
echo $$ > "$here/pid.new"; mv "$here/pid.new" "$here/pid"
i=0
while [ ! -e "$here/go" ] && [ $i -lt 12000 ]; do i=$((i + 1)); sleep 0.05; done
ctx instance runtime-properties waited yes
echo done > "$here/waited"
"""
STUBBORN = """#!/bin/sh
trap '' TERM
here=$(dirname "$0")/..
echo $$ > "$here/pid.new"; mv "$here/pid.new" "$here/pid"
i=0
while [ $i -lt 12000 ]; do i=$((i + 1)); sleep 0.05; done
"""
CLEANS_UP = """#!/bin/bash
here=$(dirname "$0")/..
trap 'echo cleaning; echo yes > "$here/cleaned"; exit 0' TERM
echo $$ > "$here/pid.new"; mv "$here/pid.new" "$here/pid"
i=0
while [ $i -lt 12000 ]; do i=$((i + 1)); sleep 0.05; done
"""
RAN = "#!/bin/sh\necho ran > \"$(dirname \"$0\")/../second\"\n"


class Cancel(support.Case):
    def begin(self, script=WAITS):
        """Start a run whose first operation waits; give the process."""
        self.write("scripts/waits.sh", script)
        self.write("scripts/ran.sh", RAN)
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("first", "scripts/waits.sh"),
            topology.node("second", "scripts/ran.sh", depends_on=["first"])))
        process = self.start_cfy("execute", "my_workflow", "-p", "operation=configure")
        self.wait_for_file("pid")
        return process

    def operation_pid(self):
        return int(self.read("pid"))

    def cancel(self, *options):
        result = self.run_cfy("cancel", self.execution()["id"][:8], *options)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result

    def wait_for_status(self, status):
        self.wait_for(lambda: self.execution()["status"] == status, f"status {status}")

    def test_graceful_lets_running_operations_end_and_starts_nothing(self):
        process = self.begin()
        self.cancel()
        self.assertEqual(self.execution()["status"], "cancelling")
        self.assertTrue(support.is_running(self.operation_pid()))
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 130)
        self.assertEqual(self.execution()["status"], "cancelled")
        self.assertEqual(self.read("waited"), "done\n")
        self.assertEqual(self.read("second"), "")
        self.assertIn("'my_workflow' workflow execution cancelled", self.read("stdout"))

    def test_force_ends_the_run_and_the_operation_records_its_result_alone(self):
        process = self.begin()
        self.cancel("--force")
        self.assertEqual(self.wait_for_end(process), 130)
        self.assertEqual(self.execution()["status"], "cancelled")
        self.assertTrue(support.is_running(self.operation_pid()))
        self.write("go", "")
        self.wait_for_file("waited")

        def properties():
            instances = self.json("node-instances", "list")
            return [i for i in instances if i["runtime_properties"].get("waited") == "yes"]

        self.wait_for(properties, "the property that the operation set")
        self.assertEqual(self.read("second"), "")

    def test_what_a_forced_cancel_left_ends_before_the_next_run(self):
        process = self.begin()
        self.cancel("--force")
        self.assertEqual(self.wait_for_end(process), 130)
        left = self.execution()["id"]
        self.assertIn(f"cfy-run cancel {left} --kill", self.read("stderr"))
        again = ("execute", "my_workflow", "-p", "operation=configure")
        self.assert_refused(self.run_cfy(*again), 5, "are running still", left)
        self.write("go", "")
        self.wait_for_file("waited")
        self.wait_for(lambda: self.run_cfy(*again).returncode == 0, "a run")

    def test_kill_afterwards_lets_scripts_clean_up(self):
        process = self.begin(CLEANS_UP)
        self.cancel("--force")
        self.assertEqual(self.wait_for_end(process), 130)
        self.cancel("--kill")
        self.assertEqual(self.read("cleaned"), "yes\n")
        self.assertFalse(support.is_running(self.operation_pid()))

    def test_kill_ends_the_operation_too(self):
        process = self.begin()
        self.cancel("--kill")
        self.assertEqual(self.wait_for_end(process), 130)
        self.assertEqual(self.execution()["status"], "cancelled")
        self.wait_for(lambda: not support.is_running(self.operation_pid()), "end of the script")
        self.assertEqual(self.read("waited"), "")
        self.assertIn("the operation was killed", self.read("stderr"))

    def test_the_summary_counts_what_was_killed_inside_a_lifecycle(self):
        self.write("scripts/waits.sh", WAITS)
        self.write("blueprint.yaml", topology.blueprint(topology.node("one", "scripts/waits.sh")))
        process = self.start_cfy("install")
        self.wait_for_file("pid")
        self.cancel("--kill")
        self.assertEqual(self.wait_for_end(process), 130)
        self.assertRegex(self.read("stderr"), r"cancelled: 1 failed or killed, .*0 done")

    def test_kill_ends_an_operation_that_ignores_sigterm(self):
        process = self.begin(STUBBORN)
        self.cancel("--kill")
        self.assertEqual(self.wait_for_end(process), 130)
        self.wait_for(lambda: not support.is_running(self.operation_pid()), "end of the script")

    def test_a_stronger_cancel_follows_a_weaker_one(self):
        process = self.begin()
        self.cancel()
        self.cancel("--kill", "--wait")
        self.assertEqual(self.wait_for_end(process), 130)
        self.wait_for(lambda: not support.is_running(self.operation_pid()), "end of the script")

    def test_wait_returns_when_it_has_ended(self):
        self.begin()
        result = self.cancel("--force", "--wait")
        self.assertIn("cancelled", result.stdout)
        self.assertEqual(self.execution()["status"], "cancelled")
        self.write("go", "")
        self.wait_for_file("waited")

    def test_ctrl_c_escalates_through_the_three_degrees(self):
        process = self.begin()
        support.interrupt(process)
        self.wait_for_status("cancelling")
        self.assertTrue(support.is_running(self.operation_pid()))
        self.assertIsNone(process.poll())
        support.interrupt(process)
        self.assertEqual(self.wait_for_end(process), 130)
        self.assertEqual(self.execution()["status"], "cancelled")
        self.write("go", "")
        self.wait_for_file("waited")

    def test_ctrl_c_three_times_kills(self):
        process = self.begin()
        support.interrupt(process)
        self.wait_for_status("cancelling")
        support.interrupt(process)
        self.wait_for(lambda: "ending now" in self.read("stderr"), "the second degree")
        support.interrupt(process)
        self.assertEqual(self.wait_for_end(process), 130)
        self.assertFalse(support.is_running(self.operation_pid()))
        self.assertEqual(self.read("waited"), "")

    def test_a_retry_that_waits_does_not_start_after_a_cancel(self):
        self.write("scripts/fails.sh", "#!/bin/sh\nhere=$(dirname \"$0\")/..\n"
                   "echo x >> \"$here/tries\"\nexit 3\n")
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("first", "scripts/fails.sh")))
        process = self.start_cfy("execute", "my_workflow", "-p", "operation=configure",
                                 "--task-retry-interval", "600")
        self.wait_for(lambda: "Task rescheduled" in self.read("stdout")
                      or "Task failed" in self.read("stdout"), "the first failure")
        self.cancel()
        self.assertEqual(self.wait_for_end(process), 130)
        self.assertEqual(self.read("tries"), "x\n")

    def test_an_unknown_and_a_finished_execution_are_refused(self):
        self.assert_refused(self.run_cfy("cancel", "0123"), 5, "0123")
        process = self.begin()
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 0)
        self.assert_refused(self.run_cfy("cancel", self.execution()["id"]), 5, "terminated")

    def test_a_second_run_of_the_deployment_is_refused_with_the_holder(self):
        process = self.begin()
        result = self.run_cfy("execute", "my_workflow", "-p", "operation=configure")
        self.assert_refused(result, 5, str(process.pid), self.execution()["id"])
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 0)

    def test_an_execution_whose_runner_died_can_be_cancelled(self):
        process = self.begin()
        process.send_signal(signal.SIGKILL)
        process.wait()
        result = self.cancel()
        self.assertIn("cancelled", result.stdout)
        self.assertEqual(self.execution()["status"], "cancelled")
        self.write("go", "")
        self.wait_for_file("waited")

    def test_no_socket_is_left_behind(self):
        process = self.begin()
        self.write("go", "")
        self.wait_for_end(process)
        self.assertEqual(os.listdir(self.path("state/run")), [])


if __name__ == "__main__":
    support.main()
