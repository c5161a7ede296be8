"""Operations that fail in every way: each costs its own task, and the cause is shown."""

import json
import subprocess

import support
import topology


class Operations(support.Case):
    def execute(self, script, *arguments, inputs=None):
        self.write("scripts/a.sh", script)
        self.write("scripts/b.sh", "#!/bin/sh\necho ran >> \"$(dirname \"$0\")/../b\"\n")
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("a", "scripts/a.sh", inputs=inputs),
            topology.node("b", "scripts/b.sh"),
            topology.node("after_a", "scripts/b.sh", depends_on=["a"])))
        return self.run_cfy("execute", "my_workflow", "-p", "operation=configure",
                            "--task-retries", "0", *arguments)

    def assert_failed(self, result, *texts):
        said = result.stdout + result.stderr
        self.assertEqual(result.returncode, 1, said)
        for text in texts:
            self.assertIn(text, said)
        # What does not depend on the failed one ran, what does was skipped.
        self.assertEqual(self.read("b"), "ran\n")
        self.assertIn("skipped", said)

    def test_a_failure_shows_exit_status_and_stderr(self):
        result = self.execute("#!/bin/sh\necho 'bind: address in use' >&2\nexit 7\n")
        self.assert_failed(result, "exit", "7", "bind: address in use", "scripts/a.sh")

    def test_a_signal_is_told_from_an_exit_status(self):
        self.assert_failed(self.execute("#!/bin/sh\nkill -SEGV $$\n"), "SIGSEGV")

    def test_abort_ends_the_operation_without_retries(self):
        result = self.execute("#!/bin/sh\nset -e\necho x >> \"$(dirname \"$0\")/../tries\"\n"
                              "ctx abort-operation 'no way'\n", "--task-retries", "3",
                              "--task-retry-interval", "0")
        self.assert_failed(result, "no way")
        self.assertEqual(self.read("tries"), "x\n")

    def test_retries_stop_at_their_total(self):
        result = self.execute("#!/bin/sh\necho x >> \"$(dirname \"$0\")/../tries\"\nexit 1\n",
                              "--task-retries", "2", "--task-retry-interval", "0")
        self.assert_failed(result, "[retry 2/2]")
        self.assertEqual(self.read("tries"), "x\nx\nx\n")

    def test_an_operation_may_ask_to_be_tried_again(self):
        result = self.execute(
            "#!/bin/sh\nset -e\nn=$(ctx operation retry-number)\n"
            "if [ \"${n:-0}\" -lt 2 ]; then ctx retry-operation 'not yet' @0; fi\n"
            "ctx returns finished\n", "--task-retries", "5", "--task-retry-interval", "0")
        said = result.stdout + result.stderr
        self.assertEqual(result.returncode, 0, said)
        self.assertIn("Task rescheduled", said)
        self.assertIn("not yet", said)
        self.assertIn("- finished [retry 2/5]", said)

    def test_inputs_become_environment_variables(self):
        result = self.execute(
            "#!/bin/sh\n{ echo \"$text|$number|$truth|$list\"; } > \"$(dirname \"$0\")/../env\"\n",
            inputs={"text": "a b", "number": 5, "truth": "true", "list": "[1, x]"})
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        text, number, truth, items = self.read("env").strip().split("|")
        self.assertEqual((text, number, truth), ("a b", "5", "true"))
        self.assertEqual(json.loads(items), [1, "x"])

    def test_runtime_properties_of_a_failed_operation_are_kept(self):
        result = self.execute("#!/bin/sh\nctx instance runtime-properties a.b @7\nexit 1\n")
        self.assert_failed(result)
        properties = [i["runtime_properties"] for i in self.json("node-instances", "list")
                      if i["node_id"] == "a"]
        self.assertEqual(properties, [{"a": {"b": 7}}])

    def test_logs_and_output_lines_are_events(self):
        result = self.execute("#!/bin/sh\nctx logger warning 'mind the gap'\necho hello\n"
                              "printf 'no newline'\n")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("WARNING: mind the gap", result.stdout)
        self.assertIn("INFO: <out> hello", result.stdout)
        self.assertIn("INFO: <out> no newline", result.stdout)

    def test_a_missing_plugin_of_the_workflow_is_refused_before_anything_starts(self):
        self.write("scripts/a.sh", "#!/bin/sh\n")
        text = topology.blueprint(topology.node("a", "scripts/a.sh")).replace(
            "my_workflow_plugin_name", "no_such_plugin")
        self.write("blueprint.yaml", text)
        self.assert_refused(self.run_cfy("execute", "my_workflow", "-p", "operation=configure"), 4,
                            "no_such_plugin")

    def test_a_missing_function_of_the_plugin_is_refused_with_a_suggestion(self):
        self.write("scripts/a.sh", "#!/bin/sh\n")
        text = topology.blueprint(topology.node("a", "scripts/a.sh")).replace(
            "run_operation", "run_operatio")
        self.write("blueprint.yaml", text)
        self.assert_refused(self.run_cfy("execute", "my_workflow", "-p", "operation=configure"), 4,
                            "run_operatio", "my_workflow_module_name.run_operation")

    def test_a_failing_run_is_summed_up(self):
        result = self.execute("#!/bin/sh\nexit 1\n")
        self.assertIn("1 task failed", result.stderr)
        self.assertIn("cfy-run events", result.stderr)

    def test_json_prints_records_and_nothing_else(self):
        result = self.execute("#!/bin/sh\nexit 1\n", "--json")
        records = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual(records[0]["event_type"], "workflow_started")
        self.assertEqual(records[-1]["type"], "execution")
        self.assertEqual(records[-1]["status"], "failed")
        self.assertTrue(records[-1]["error"])
        self.assertEqual(self.run_cfy("executions", "get", records[-1]["id"][:6]).returncode, 0)

    def test_a_reader_that_goes_away_does_not_end_the_run(self):
        self.execute("#!/bin/sh\ntrue\n")
        command = f'"{support.PROGRAM}" execute my_workflow -p operation=configure | head -n 1'
        subprocess.run(["bash", "-c", command], cwd=self.folder, env=self.environment,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_for(lambda: [e["status"] for e in self.json("executions", "list")] ==
                      ["terminated", "terminated"], "the end of both executions")

    def test_closed_standard_streams_do_no_harm(self):
        self.execute("#!/bin/sh\ntrue\n")
        command = f'"{support.PROGRAM}" execute my_workflow -p operation=configure <&- >&- 2>&-'
        done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=self.environment)
        self.assertEqual(done.returncode, 0)

    def test_output_that_cannot_be_written_is_an_error(self):
        self.execute("#!/bin/sh\ntrue\n")
        command = f'"{support.PROGRAM}" executions list >/dev/full'
        done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 5)
        self.assertIn("could not be written", done.stderr)

    def test_only_work_is_counted_as_done(self):
        result = self.execute("#!/bin/sh\ntrue\n")
        self.assertIn("terminated: 3 done", result.stderr)
        result = self.run_cfy("execute", "my_workflow", "-p", "operation=no.such")
        self.assertIn("terminated: 0 done", result.stderr)


if __name__ == "__main__":
    support.main()
