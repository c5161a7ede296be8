"""The built-in workflows on a small deployment: states, repairs, refusals, at any number of jobs."""

import json

import support

BLUEPRINT = """
tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
inputs:
  log: {}
node_types:
  Logged:
    derived_from: cloudify.nodes.Root
    interfaces:
      cloudify.interfaces.lifecycle:
        create: {implementation: log.sh, inputs: {log: {default: {get_input: log}}}}
        start: {implementation: log.sh, inputs: {log: {default: {get_input: log}}}}
        stop: {implementation: log.sh, inputs: {log: {default: {get_input: log}}}}
        delete: {implementation: log.sh, inputs: {log: {default: {get_input: log}}}}
      cloudify.interfaces.validation:
        check_status: {implementation: check.sh, max_retries: 0}
node_templates:
  base: {type: Logged}
  app:
    type: Logged
    relationships: [{type: cloudify.relationships.depends_on, target: base}]
  web:
    type: Logged
    capabilities: {scalable: {properties: {default_instances: 3}}}
    relationships: [{type: cloudify.relationships.contained_in, target: app}]
"""

LOG = """#!/bin/sh
set -e
echo "$(ctx node id) $(ctx operation name | sed 's/.*\\.//')" >>"$log"
"""
CHECK = """#!/bin/sh
test ! -e "$CHECK_FOLDER/sick.$(ctx node id)"
"""


class Lifecycle(support.Case):
    def setUp(self):
        super().setUp()
        self.environment["CHECK_FOLDER"] = self.folder
        self.write("shop/blueprint.yaml", BLUEPRINT)
        self.write("shop/log.sh", LOG, 0o755)
        self.write("shop/check.sh", CHECK, 0o755)

    def run_workflow(self, name, *more, code=0):
        result = self.run_cfy("execute", name, "-b", "shop/blueprint.yaml",
                              "-i", "log=" + self.path("log"), *more)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def states(self):
        return {row["node_id"]: row["state"] for row in self.json("node-instances", "list")}

    def instance_of(self, node):
        return next(row["id"] for row in self.json("node-instances", "list")
                    if row["node_id"] == node)

    def lines(self):
        return self.read("log").split("\n")[:-1]

    def test_install_and_uninstall_keep_the_order_at_any_number_of_jobs(self):
        for jobs in ("1", "16"):
            with self.subTest(jobs=jobs):
                self.write("log", "")
                self.run_workflow("install", "-j", jobs)
                self.assertEqual(self.lines()[:4],
                                 ["base create", "base start", "app create", "app start"])
                self.assertEqual(sorted(self.lines()[4:]), ["web create"] * 3 + ["web start"] * 3)
                self.assertEqual(set(self.states().values()), {"started"})
                self.write("log", "")
                self.run_workflow("uninstall", "-j", jobs)
                self.assertEqual(self.lines()[6:],
                                 ["app stop", "app delete", "base stop", "base delete"])
                self.assertEqual(set(self.states().values()), {"deleted"})

    def test_the_short_forms_install_and_uninstall(self):
        options = ["-b", "shop/blueprint.yaml", "-i", "log=" + self.path("log")]
        self.assertEqual(self.run_cfy("install", *options).returncode, 0)
        self.assertEqual(set(self.states().values()), {"started"})
        self.assertEqual(self.run_cfy("uninstall", *options).returncode, 0)
        self.assertEqual(set(self.states().values()), {"deleted"})

    def test_a_dry_run_makes_and_changes_no_deployment(self):
        said = self.run_workflow("install", "--dry-run")
        self.assertIn("Creating node instance", said.stdout)
        self.assertIn("nothing of it is kept", said.stderr)
        self.assertEqual(self.json("deployments", "list"), [])
        self.assertEqual(self.json("executions", "list"), [])
        self.run_workflow("install")
        self.write("log", "")
        self.run_workflow("uninstall", "--dry-run", "-i", "log=other")
        self.assertEqual(self.json("inputs")["log"], self.path("log"))
        self.assertEqual(len(self.json("executions", "list")), 2)

    def test_a_dry_run_shows_a_reinstallation_and_changes_nothing(self):
        self.run_workflow("install")
        self.write("log", "")
        shown = self.run_workflow("reinstall", "--dry-run").stdout
        self.assertIn("Deleting node instance", shown)
        self.assertIn("Creating node instance", shown)
        self.assertEqual(self.lines(), [])
        self.assertEqual(set(self.states().values()), {"started"})

    def test_a_failed_check_is_kept_and_fails_the_workflow(self):
        self.run_workflow("check_status")
        self.write("sick.app", "")
        self.run_workflow("check_status", code=1)
        for row in self.json("node-instances", "list"):
            status = row["system_properties"]["status"]
            self.assertEqual(status["ok"], row["node_id"] != "app")
            self.assertTrue(row["system_properties"]["previous_status"]["ok"])

    def test_heal_reinstalls_what_is_sick_with_what_stands_in_it(self):
        self.run_workflow("install")
        self.write("log", "")
        self.run_workflow("heal")
        self.assertEqual(self.lines(), [])
        self.write("sick.app", "")
        result = self.run_workflow("heal", "-p", "allow_reinstall=false", code=1)
        self.assertIn("can only be reinstalled", result.stdout)
        self.assertEqual(self.lines(), [])
        self.run_workflow("heal")
        self.assertEqual(sorted(set(self.lines())),
                         ["app create", "app delete", "app start", "app stop",
                          "web create", "web delete", "web start", "web stop"])
        self.assertEqual(set(self.states().values()), {"started"})

    def test_inputs_of_a_call_are_shown_as_the_original_shows_them(self):
        kwargs = {"one": "it's", "two": 'both \' and "', "more": [True, None, 1.5]}
        result = self.run_workflow(
            "execute_operation", "-p", "operation=cloudify.interfaces.lifecycle.create",
            "-p", "operation_kwargs:=" + json.dumps(kwargs))
        self.assertIn("(Operation parameters: {'more': [True, None, 1.5], 'one': \"it's\", "
                      "'two': 'both \\' and \"'})", result.stdout)

    def test_parameters_without_types_mean_what_they_mean_in_python(self):
        self.write("shop/blueprint.yaml", BLUEPRINT + """
workflows:
  ordered:
    mapping: default_workflows.cloudify.plugins.workflows.execute_operation
    parameters: {operation: {}, run_by_dependency_order: {default: null}, node_ids: {}}
  grow:
    mapping: default_workflows.cloudify.plugins.workflows.scale_entity
    parameters: {scalable_entity_name: {}, delta: {}}
""")
        self.run_workflow("ordered", "-p", "operation=cloudify.interfaces.lifecycle.start",
                          "-p", "node_ids=base")
        self.assertEqual(self.lines(), ["base start"])
        self.run_workflow("grow", "-p", "scalable_entity_name=web", "-p", 'delta:="1"')
        self.assertEqual(len(self.json("node-instances", "list")), 6)
        refused = self.run_workflow("grow", "-p", "scalable_entity_name=web", "-p", "delta=some",
                                    code=1)
        self.assertIn("must be a number. Got: some", refused.stdout)

    def test_filters_warn_of_what_does_not_exist(self):
        result = self.run_workflow("install", "-p", 'node_ids:=["base", "bsae"]')
        self.assertIn("there is no node 'bsae'; did you mean 'base'?", result.stdout)
        self.assertEqual(self.states(),
                         {"base": "started", "app": "uninitialized", "web": "uninitialized"})
        for workflow, filters, said in (
                ("uninstall", ['node_ids:=["typo"]'], "there is no node 'typo'\n"),
                ("stop", ["type_names=cloudify.nodes.Rot"], "there is no node of type "
                 "'cloudify.nodes.Rot'; did you mean 'cloudify.nodes.Root'?"),
                ("stop", ["node_instance_ids=base_1"], "there is no node instance 'base_1'"),
                ("stop", ["node_ids=base", "node_instance_ids=" + self.instance_of("app")],
                 "no node instance is in all of type_names, node_ids and node_instance_ids")):
            parameters = [word for one in filters for word in ("-p", one)]
            result = self.run_workflow(workflow, *parameters)
            self.assertIn("WARNING: " + said, result.stdout)
        self.assertEqual(self.states()["base"], "started")


if __name__ == "__main__":
    support.main()
