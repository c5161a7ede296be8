"""Plugins that are wrong, through the binary: each has its own refusal and exit code 4, nothing is
started. And what `plugins info` shows of one that is right.

CFY_BUILD is the build folder, where the test plugins are."""

import os
import shutil
import signal

import support
import topology

PLUGINS = os.path.join(os.environ.get("CFY_BUILD", ""), "test/plugins")

WRONG = {
    "wrong_magic": "0x46474849",
    "newer_minor": "needs ABI 1.7, this cfy-run offers 1.1",
    "newer_major": "needs ABI 2.1",
    "older_major": "built for ABI 0.1",
    "null_table": "gave no table",
    "truncated_table": "24 bytes",
    "truncated_entry": "16 bytes",
    "no_symbol": "no symbol cfy_plugin_v1",
    "throws_at_load": "no licence file",
    "throws_in_entry": "the table is not ready",
    "crashes_at_load": "while it was loaded",
    "exits_at_load": "exit status 7",
    "unresolved_symbol": "undefined symbol: defined_nowhere",
}


def fixture(name):
    return os.path.join(PLUGINS, name + ".so")


class BadPlugin(support.Case):
    def setUp(self):
        super().setUp()
        self.write("scripts/run.sh", "#!/bin/sh\n")

    def lay(self, source, function="my_workflow_module_name.run_operation"):
        """A blueprint whose workflow is in the plugin `mine` with that source."""
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("a", "scripts/run.sh"),
            workflow=f"  mine:\n    executor: central_deployment_agent\n    install: false\n"
                     f"    source: {source}\n"
                     f"workflows:\n  my_workflow: mine.{function}\n"))

    def refused(self, *words):
        self.assert_refused(self.run_cfy("execute", "my_workflow"), 4, "mine", *words)

    def test_each_wrong_plugin_has_its_own_refusal(self):
        for name, words in WRONG.items():
            with self.subTest(name):
                self.lay(fixture(name))
                self.refused(name + ".so", words)
                self.assert_refused(self.run_cfy("plugins", "info", fixture(name)), 4, words)

    def test_a_file_that_is_no_library_is_refused(self):
        self.lay(self.write("text.so", "#!/bin/sh\n"))
        self.refused("text.so", "is not a shared library")

    def test_a_plugin_that_is_nowhere_is_refused_with_the_places(self):
        self.lay("nowhere/mine.so")
        self.refused("nowhere/mine.so (no such file)", "--plugin-path")

    def test_an_unknown_function_is_refused_with_a_suggestion(self):
        self.lay(fixture("misbehaves"), "workflows.retunrs")
        self.assert_refused(self.run_cfy("execute", "my_workflow"), 4, "misbehaves.so",
                            "workflows.retunrs", "did you mean 'workflows.returns'?")


class GoodPlugin(support.Case):
    def test_info_shows_what_a_plugin_offers(self):
        info = self.json("plugins", "info", fixture("misbehaves"))
        self.assertEqual((info["name"], info["version"], info["abi"]),
                         ("misbehaves", "1.2.3", "1.1"))
        self.assertIn({"name": "tasks.works", "resumable": True}, info["operations"])
        self.assertIn({"name": "workflows.returns", "resumable": False}, info["workflows"])
        text = self.run_cfy("plugins", "info", fixture("misbehaves"))
        self.assertEqual(text.returncode, 0, text.stderr)
        self.assertIn("workflows.returns", text.stdout)

    def test_a_plugin_in_c_runs_and_gives_its_result(self):
        shutil.copy(fixture("good_table"), self.path("table.so"))
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("a", "''"),
            workflow="  table:\n    executor: central_deployment_agent\n    install: false\n"
                     "workflows:\n  my_workflow: table.c.first\n"))
        result = self.run_cfy("execute", "my_workflow", "--plugin-path", self.folder, "--json")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn('"done in C"', result.stdout.splitlines()[-1])

    def test_a_workflow_that_crashes_says_so_and_what_to_do(self):
        self.expect_crashes()
        if os.environ.get("CFY_SANITIZE"):
            self.skipTest("a sanitizer has its own last words")
        for function in ("crashes", "uses_up_its_stack"):
            with self.subTest(function):
                self.write("blueprint.yaml", topology.blueprint(
                    topology.node("a", "''"),
                    workflow="  misbehaves:\n    executor: central_deployment_agent\n"
                             "    install: false\nworkflows:\n"
                             f"  my_workflow: misbehaves.workflows.{function}\n"))
                result = self.run_cfy("execute", "my_workflow", "--plugin-path",
                                      os.path.dirname(fixture("misbehaves")))
                self.assertEqual(result.returncode, -signal.SIGSEGV)
                self.assertIn("error: the run crashed: segmentation fault (SIGSEGV)",
                              result.stderr)
                row = self.json("executions", "list")[-1]
                self.assertIn(f"cfy-run resume {row['id']}", result.stderr)
                self.assertTrue(row["runner_died"])


if __name__ == "__main__":
    support.main()
