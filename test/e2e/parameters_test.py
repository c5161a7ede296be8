"""Inputs and parameters in all the forms that -i and -p take."""

import json
import os
import subprocess

import support
import topology

WORKFLOW = """workflows:
  my_workflow:
    mapping: my_workflow_plugin_name.my_workflow_module_name.run_operation
    parameters:
      operation: {default: cloudify.interfaces.lifecycle.configure}
      type_name: {default: cloudify.nodes.Root}
      operation_kwargs: {default: {}}
      is_node_operation: {default: true}
      count: {type: integer, default: 1, constraints: [{in_range: [1, 9]}]}
      ratio: {type: float, default: 0.5}
      switch: {type: boolean, default: false}
      items: {type: list, default: []}
      nothing: {default: null}
      free: {default: null}
      map: {default: {a: 1, b: 2}}
      from_input: {default: {get_input: port}}
"""


class Parameters(support.Case):
    def setUp(self):
        super().setUp()
        self.write("blueprint.yaml", topology.blueprint(
            "  a:\n    type: cloudify.nodes.Root\n", workflow=WORKFLOW,
            extra="inputs:\n  port: {type: integer, default: 80}\n"))

    def given(self, *arguments):
        """The parameters that the execution got."""
        result = self.run_cfy("execute", "my_workflow", "--json", *arguments)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        execution = json.loads(result.stdout.splitlines()[-1])["id"]
        return self.json("executions", "get", execution)["parameters"]

    def test_defaults_are_filled_in(self):
        given = self.given()
        self.assertEqual(given["count"], 1)
        self.assertIsNone(given["nothing"])
        self.assertEqual(given["map"], {"a": 1, "b": 2})
        self.assertEqual(given["from_input"], 80)

    def test_texts_are_converted_by_the_declared_type(self):
        given = self.given("-p", "count=7", "-p", "ratio=2", "-p", "switch=yes", "-p", "items=[1, x]")
        self.assertEqual((given["count"], given["ratio"], given["switch"], given["items"]),
                         (7, 2.0, True, [1, "x"]))

    def test_texts_without_a_type_read_as_yaml(self):
        self.assertEqual(self.given("-p", "free=5")["free"], 5)
        self.assertEqual(self.given("-p", "free={x: [1]}")["free"], {"x": [1]})
        self.assertEqual(self.given("-p", "free=a=b")["free"], "a=b")

    def test_json_is_taken_as_it_is(self):
        self.assertEqual(self.given("-p", 'free:="5"')["free"], "5")

    def test_a_file_gives_its_text(self):
        self.write("text", "one\ntwo\n")
        self.assertEqual(self.given("-p", "free=@text")["free"], "one\ntwo\n")

    def test_maps_come_inline_or_from_files_and_later_ones_win(self):
        self.write("p.yaml", "count: 3\nfree: [1, 2]\n")
        given = self.given("-p", "p.yaml", "-p", '{"count": 4}', "-p", "map={c: 3}")
        self.assertEqual(given["count"], 4)
        self.assertEqual(given["free"], [1, 2])
        self.assertEqual(given["map"], {"c": 3})

    def test_pairs_are_separated_where_every_part_names_a_parameter(self):
        given = self.given("-p", "count=7;free=a=b; switch=yes;")
        self.assertEqual((given["count"], given["free"], given["switch"]), (7, "a=b", True))
        given = self.given("-p", "count=2;free=old", "-p", "free=new", "-i", "port=8;port=9")
        self.assertEqual((given["count"], given["free"], given["from_input"]), (2, "new", 9))

    def test_a_value_with_semicolons_is_one_value_with_a_warning(self):
        for value in ("echo 1; echo 2", "x;y=1", "x;free", "x;count:=3", ";"):
            result = self.run_cfy("execute", "my_workflow", "--dry-run", "-p", "free=" + value)
            self.assertIn("warning: the value of parameter 'free' has a ';'", result.stderr)
            self.assertEqual(self.given("-p", "free=" + value)["free"], value)

    def test_what_is_spelled_out_is_never_taken_apart(self):
        self.write("x;count=2", "text")
        for argument, value in (('free:="x;count=2"', "x;count=2"), ("free=@x;count=2", "text"),
                                ('free={"a": "x;count=2"}', {"a": "x;count=2"}),
                                ("{free: x;count=2}", "x;count=2")):
            result = self.run_cfy("execute", "my_workflow", "--dry-run", "-p", argument)
            self.assertNotIn("has a ';'", result.stderr)
            given = self.given("-p", argument)
            self.assertEqual((given["free"], given["count"]), (value, 1), argument)

    def test_folders_and_patterns_stand_for_their_files(self):
        self.write("given/2.yaml", "count: 2\nfree: two\n")
        self.write("given/1.json", '{"count": 1, "switch": true}')
        self.write("given/3.yml", "ratio: 3.5\n")
        self.write("given/notes.txt", "no: map: at: all")
        self.write("given/.hidden.yaml", "count: 9\n")
        self.write("given/deeper/4.yaml", "count: 8\n")
        for argument in ("given", "given/", "given/[0-9].*"):
            given = self.given("-p", argument)
            self.assertEqual((given["count"], given["free"], given["switch"], given["ratio"]),
                             (2, "two", True, 3.5), argument)
        self.assertEqual(self.given("-p", "given/?.json")["count"], 1)
        self.assert_refused(self.run_cfy("execute", "my_workflow", "-p", "given/*.none"), 2,
                            "given/*.none", "pattern")
        os.mkdir(self.path("empty"))
        self.assert_refused(self.run_cfy("execute", "my_workflow", "-p", "empty"), 2, "empty",
                            "no YAML or JSON file")

    def test_a_pipe_is_a_file_too(self):
        read, write = os.pipe()
        os.write(write, b"count: 6\n")
        os.close(write)
        result = subprocess.run(
            [support.PROGRAM, "execute", "my_workflow", "-p", f"/dev/fd/{read}"], cwd=self.folder,
            env=self.environment, capture_output=True, text=True, pass_fds=[read])
        os.close(read)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.execution()["status"], "terminated")

    def test_a_constraint_is_checked(self):
        self.assert_refused(self.run_cfy("execute", "my_workflow", "-p", "count=10"), 3, "count")

    def test_a_list_is_named_as_it_was_typed(self):
        self.assert_refused(self.run_cfy("execute", "my_workflow", "-p", "[1,2]"), 2, "[1,2]")

    def test_inputs_stay_until_they_are_given_anew(self):
        self.assertEqual(self.given("-i", "{port: 81}")["from_input"], 81)
        self.assertEqual(self.given()["from_input"], 81)
        self.assertEqual(self.given("-i", "port=82")["from_input"], 82)

    def test_a_refused_execution_leaves_no_deployment(self):
        self.assert_refused(self.run_cfy("execute", "my_workflow", "-p", "count=x"), 3)
        self.assert_refused(self.run_cfy("execute", "none"), 3)
        self.assertEqual(self.json("deployments", "list"), [])

    def test_the_same_name_for_another_blueprint_is_refused_with_both(self):
        self.given()
        os.rename(self.path("blueprint.yaml"), self.path("other.yaml"))
        self.assert_refused(self.run_cfy("execute", "my_workflow", "-b", "other.yaml"), 5,
                            "blueprint.yaml", "other.yaml", "-d")

    def test_another_topology_is_refused_and_says_what_changed(self):
        self.given()
        with open(self.path("blueprint.yaml"), "a") as file:
            file.write("  b:\n    type: cloudify.nodes.Root\n")
        self.assert_refused(self.run_cfy("execute", "my_workflow"), 5, "node 'b' is new",
                            "cfy-run update")


if __name__ == "__main__":
    support.main()
