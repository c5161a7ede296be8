"""timeout, timeout_recoverable, max_retries and retry_interval of an operation, over the run's."""

import os

import support
import topology

TRIES = "#!/bin/sh\necho x >> \"$(dirname \"$0\")/../tries\"\n"


class Retries(support.Case):
    def execute(self, script, settings, *arguments):
        self.write("scripts/a.sh", script)
        node = topology.node("a", "scripts/a.sh").rstrip("\n")
        node += "".join(f"\n          {key}: {value}" for key, value in settings.items()) + "\n"
        self.write("blueprint.yaml", topology.blueprint(node))
        return self.run_cfy("execute", "my_workflow", "-p", "operation=configure", *arguments)

    def assert_tries(self, result, tries, code=1):
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        self.assertEqual(self.read("tries"), "x\n" * tries)

    def test_an_operations_own_retries_win_over_those_of_the_run(self):
        # An interval of the run's length would not end within the test's time.
        result = self.execute(TRIES + "exit 1\n", {"max_retries": 1, "retry_interval": 0},
                              "--task-retries", "9", "--task-retry-interval", "9999")
        self.assert_tries(result, 2)
        self.assertIn("[retry 1/1]", result.stdout)

    def test_a_failed_run_tells_whom_it_waits_for(self):
        self.write("scripts/bad.sh", "#!/bin/sh\nexit 3\n")
        self.write("scripts/slow.sh", "#!/bin/sh\nhere=$(dirname \"$0\")/..\ni=0\n"
                   "while [ ! -e \"$here/go\" ] && [ $i -lt 2400 ]; do i=$((i + 1)); sleep 0.05; "
                   "done\n")
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("bad", "scripts/bad.sh"), topology.node("slow", "scripts/slow.sh")))
        process = self.start_cfy("execute", "my_workflow", "-p", "operation=configure",
                                 "--task-retries", "0", "--wait-after-fail", "50")
        self.wait_for(lambda: "waiting for what still runs, at most 50 s: slow_"
                      in self.read("stdout"), "the message")
        self.write("go", "")
        self.assertEqual(self.wait_for_end(process), 1)

    def test_no_retries_are_none(self):
        self.assert_tries(self.execute(TRIES + "exit 1\n", {"max_retries": 0},
                                       "--task-retries", "9"), 1)

    def test_endless_retries_go_on_past_those_of_the_run(self):
        result = self.execute(
            TRIES + "[ $(wc -l < \"$(dirname \"$0\")/../tries\") -ge 4 ]\n",
            {"max_retries": -1, "retry_interval": 0}, "--task-retries", "0")
        self.assert_tries(result, 4, code=0)
        self.assertIn("[retry 3]", result.stdout)

    def test_a_wanted_delay_wins_over_the_interval(self):
        result = self.execute(
            TRIES + "[ $(wc -l < \"$(dirname \"$0\")/../tries\") -ge 2 ] ||"
            " ctx retry-operation soon @0\n", {"retry_interval": 9999})
        self.assert_tries(result, 2, code=0)

    def assert_timeouts(self, result, tries):
        """On a slow machine a try may end before its script has done anything."""
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertEqual(result.stdout.count("Task started"), tries)

    def test_a_timeout_ends_the_operation_for_good(self):
        result = self.execute(TRIES + "exec sleep 9999\n", {"timeout": 0.3}, "--task-retries", "9",
                              "--task-retry-interval", "0")
        self.assert_timeouts(result, 1)
        self.assertIn("0.3", result.stdout)

    def test_a_timeout_may_be_tried_again(self):
        result = self.execute(TRIES + "exec sleep 9999\n", {"timeout": 0.3, "max_retries": 1,
                                                            "retry_interval": 0,
                                                            "timeout_recoverable": "true"})
        self.assert_timeouts(result, 2)
        self.assertIn("[retry 1/1]", result.stdout)

    def test_nothing_is_left_of_an_inline_script_that_was_killed(self):
        os.mkdir(self.path("tmp"))
        self.environment["TMPDIR"] = self.path("tmp")
        node = topology.node("a", "|\n            #!/bin/sh\n            exec sleep 9999")
        self.write("blueprint.yaml", topology.blueprint(node + "          timeout: 0.3\n"))
        self.assert_timeouts(self.run_cfy("execute", "my_workflow", "-p", "operation=configure",
                                          "--task-retries", "0"), 1)
        self.assertEqual(os.listdir(self.path("tmp")), [])

    def test_a_timeout_of_0_is_none(self):
        self.assert_tries(self.execute(TRIES, {"timeout": 0}), 1, code=0)


if __name__ == "__main__":
    support.main()
