"""Operations written in C++, in the ways they can end: a crash costs its own task and no more.

CFY_BUILD is the build folder, where the test plugins are."""

import os

import support
import topology

PLUGIN = os.path.join(os.environ.get("CFY_BUILD", ""), "test/plugins/misbehaves.so")

PLUGINS = f"""  misbehaves:
    executor: central_deployment_agent
    install: false
    source: {PLUGIN}
"""


class NativeOperations(support.Case):
    def execute(self, *functions, options=(), settings=""):
        """Run `configure` of nodes n0, n1, ... that are mapped to these functions, in parallel.
        Settings are those of n0's operation."""
        nodes = [topology.node(f"n{i}", f"misbehaves.tasks.{name}")
                 for i, name in enumerate(functions)]
        if settings:
            nodes[0] = nodes[0].rstrip("\n") + f"\n          {settings}\n"
        self.write("blueprint.yaml", topology.blueprint(
            *nodes, workflow=PLUGINS + topology.WORKFLOW))
        return self.run_cfy("execute", "my_workflow", "-p", "operation=configure",
                            "--task-retries", "0", *options)

    def properties(self):
        return {i["node_id"]: i["runtime_properties"]
                for i in self.json("node-instances", "list")}

    def assert_fails(self, function, *words):
        result = self.execute(function)
        said = result.stdout + result.stderr
        self.assertEqual(result.returncode, 1, said)
        for word in words:
            self.assertIn(word, said)

    def test_a_result_and_nested_runtime_properties_are_kept(self):
        result = self.execute("works")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("INFO: working", result.stdout)
        self.assertIn("- worked", result.stdout)
        self.assertEqual(self.properties(), {"n0": {"worked": {"times": 1}}})

    def test_operations_that_change_the_same_property_at_once_lose_nothing(self):
        """Ten relationships to one target, whose operations each add one to the same counter."""
        sources = "".join(
            f"  s{i}:\n    type: cloudify.nodes.Root\n    relationships:\n"
            "      - type: cloudify.relationships.depends_on\n        target: t\n"
            "        source_interfaces:\n"
            "          cloudify.interfaces.relationship_lifecycle:\n"
            "            establish: misbehaves.tasks.counts\n" for i in range(10))
        self.write("blueprint.yaml", topology.blueprint(
            "  t:\n    type: cloudify.nodes.Root\n", sources,
            workflow=PLUGINS + topology.WORKFLOW))
        result = self.run_cfy("execute", "my_workflow", "-p", "operation=establish", "-p",
                              "is_node_operation=false", "-j", "8", "--task-retries", "0")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.properties()["t"], {"count": 10})

    def test_a_crash_fails_its_own_task_and_says_so(self):
        self.expect_crashes()
        result = self.execute("crashes", "works")
        said = result.stdout + result.stderr
        self.assertEqual(result.returncode, 1, said)
        self.assertIn("SIGSEGV", said)
        self.assertEqual(self.properties()["n1"], {"worked": {"times": 1}})

    def test_an_abort_and_an_exit_fail_their_tasks(self):
        self.assert_fails("aborts", "SIGABRT")
        self.assert_fails("exits", "9")

    def assert_costs_only_itself(self, function, *words, settings=""):
        """It fails, whereas the operation before it and the one after it in its worker do not."""
        result = self.execute(function, "works", "works", "works", settings=settings,
                              options=("-j", "2", "--wait-after-fail", "600"))
        said = result.stdout + result.stderr
        self.assertEqual(result.returncode, 1, said)
        for word in words:
            self.assertIn(word, said)
        worked = {"worked": {"times": 1}}
        self.assertEqual(self.properties(), {"n0": {}, "n1": worked, "n2": worked, "n3": worked})

    def test_an_exit_in_the_middle_is_no_success(self):
        self.assert_costs_only_itself("exits_well", "exit status 0")

    def test_a_loop_ends_at_its_timeout(self):
        self.assert_costs_only_itself("hangs", "0.2", settings="timeout: 0.2")

    def test_a_loop_that_ignores_sigterm_ends_at_its_timeout(self):
        self.assert_costs_only_itself("hangs_on", "0.2", settings="timeout: 0.2")

    def test_closing_all_descriptors_costs_the_operation_alone(self):
        self.assert_costs_only_itself("closes_everything", "closed its worker's connection")

    def test_writing_into_all_descriptors_costs_the_operation_alone(self):
        self.assert_costs_only_itself("babbles")

    def assert_is_no_harm(self, function):
        result = self.execute(function, "works", "works", options=("-j", "2", "-q"))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(len(self.properties()), 3)

    def test_a_fork_that_returns_twice_is_no_harm(self):
        self.assert_is_no_harm("doubles")

    def test_a_folder_that_is_gone_is_no_harm(self):
        self.assert_is_no_harm("loses_its_folder")

    def test_much_output_on_both_streams_is_no_harm(self):
        self.assert_is_no_harm("prints")
        events = self.run_cfy("events", self.execution()["id"])
        self.assertEqual(events.stdout.count("x" * 999 + "\n"), 50000)

    def test_an_exception_is_named_with_its_type(self):
        self.assert_fails("throws", "std::out_of_range")
        self.assert_fails("throws_a_number", "not a std::exception")

    def test_a_final_failure_keeps_what_was_changed_before(self):
        self.assert_fails("gives_up", "there is no way")
        self.assertEqual(self.properties(), {"n0": {"gave_up": True}})

    def test_an_operation_that_asks_is_run_again(self):
        result = self.execute("asks_again", options=("--task-retries", "1"))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("not yet", result.stdout)
        self.assertIn("- second time", result.stdout)

    def test_a_function_that_breaks_the_contract_says_how(self):
        self.assert_fails("unguarded", "let an exception out: nobody catches this")
        self.assert_fails("odd_result", "not JSON")

    def test_an_unknown_operation_function_is_named_with_a_suggestion(self):
        self.assert_fails("wroks", "tasks.wroks", "did you mean 'tasks.works'?")


if __name__ == "__main__":
    support.main()
