"""Wrong input of every kind: a clear message, the right exit code, nothing started, no crash."""

import os
import unittest

import support
import topology

SCRIPT = "#!/bin/sh\necho ran >> \"$(dirname \"$0\")/../ran\"\n"


class BadBlueprint(support.Case):
    def refused(self, text, *words, code=3):
        self.write("blueprint.yaml", text)
        for command in (("validate",), ("execute", "my_workflow", "-p", "operation=configure")):
            self.assert_refused(self.run_cfy(*command), code, *words)

    def test_an_empty_file_lacks_its_version(self):
        self.refused("", "tosca_definitions_version", "blueprint.yaml")

    def test_a_binary_file_is_no_yaml(self):
        self.refused(bytes(range(256)) * 40, "blueprint.yaml")

    def test_ten_megabytes_of_brackets_are_too_deep(self):
        self.refused("[" * 10_000_000, "blueprint.yaml")

    def test_a_billion_laughs_are_too_many(self):
        lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
        for i in range(1, 12):
            lines.append(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]")
        self.refused("dsl_definitions:\n  " + "\n  ".join(lines) + "\n", "alias")

    def test_a_folder_is_no_blueprint(self):
        os.mkdir(self.path("folder"))
        self.assert_refused(self.run_cfy("validate", "folder"), 3, "folder")

    def test_a_missing_file_is_named(self):
        self.assert_refused(self.run_cfy("validate", "none.yaml"), 3, "none.yaml")

    @unittest.skipIf(os.geteuid() == 0, "root reads everything")
    def test_an_unreadable_file_is_named(self):
        self.write("blueprint.yaml", "x: 1", mode=0)
        self.assert_refused(self.run_cfy("validate"), 3, "Permission denied")

    def test_all_mistakes_are_told_at_once(self):
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("a", "scripts/none.sh", depends_on=["b"]),
            "  c:\n    type: cloudify.nodes.WebServr\n"))
        result = self.run_cfy("validate")
        self.assert_refused(result, 3, "did you mean 'cloudify.nodes.WebServer'?", "^",
                            "scripts/none.sh", "blueprint.yaml:", "3 errors")


class BadParameters(support.Case):
    PARAMETERS = """workflows:
  my_workflow:
    mapping: my_workflow_plugin_name.my_workflow_module_name.run_operation
    parameters:
      operation:
        description: the operation to run
      count:
        type: integer
      type_name:
        default: cloudify.nodes.Root
      operation_kwargs:
        default: {}
      is_node_operation:
        type: boolean
        default: true
"""

    def setUp(self):
        super().setUp()
        self.write("scripts/run.sh", SCRIPT)
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("a", "scripts/run.sh"), workflow=self.PARAMETERS))

    def refused(self, *arguments, words):
        self.assert_refused(self.run_cfy("execute", "my_workflow", *arguments), 3, *words)
        self.assertEqual(self.read("ran"), "")

    def test_all_missing_ones_are_listed(self):
        self.refused(words=["operation", "count"])

    def test_an_unknown_one_gets_a_suggestion(self):
        self.refused("-p", "operation=configure", "-p", "count=1", "-p", "typename=x",
                     words=["typename", "did you mean 'type_name'?"])

    def test_one_of_a_wrong_type_says_both_types(self):
        self.refused("-p", "operation=configure", "-p", "count=80a",
                     words=["count", "integer", "80a"])

    def test_unknown_ones_pass_when_allowed(self):
        result = self.run_cfy("execute", "my_workflow", "-p", "operation=configure", "-p",
                              "count=1", "-p", "more=x", "--allow-custom-parameters")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.read("ran"), "ran\n")

    def test_an_unknown_workflow_gets_a_suggestion(self):
        self.assert_refused(self.run_cfy("execute", "my_workflw"), 3, "my_workflw",
                            "did you mean 'my_workflow'?")

    def test_a_wrong_option_is_a_usage_error(self):
        self.assert_refused(self.run_cfy("execute", "my_workflow", "--no-such-option"), 2)
        self.assert_refused(self.run_cfy(), 2)
        self.assert_refused(self.run_cfy("execute", "my_workflow", "-p", "no-such-file"), 2,
                            "no-such-file")


if __name__ == "__main__":
    support.main()
