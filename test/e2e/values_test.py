"""Values that are known at run time only: of other deployments, of instances, of the system."""

import getpass

import support
import topology

PROVIDER = """tosca_definitions_version: cloudify_dsl_1_4
imports:
  - cloudify/types/types.yaml
node_templates:
  db:
    type: cloudify.nodes.Root
    properties:
      resource_id: db-17
capabilities:
  endpoint:
    value: { host: { get_property: [db, resource_id] }, ports: [5432, 5433] }
  instance:
    value: { get_attribute: [db, node_instance_id] }
"""

SCRIPT = """#!/bin/sh
printf '%s|' "$port" "$who" "$label" "$mine" "$tries" >> "$(dirname "$0")/../seen"
n=$(ctx operation retry-number)
ctx instance runtime-properties tries "@$((${n:-0} + 1))"
[ "${n:-0}" -ge 1 ]
"""


class Values(support.Case):
    def make_provider(self):
        self.write("provider/blueprint.yaml", PROVIDER)
        result = self.run_cfy("init", "provider/blueprint.yaml")
        self.assertEqual(result.returncode, 0, result.stderr)

    def make_consumer(self, extra=""):
        self.write("consumer/scripts/a.sh", SCRIPT)
        self.write("consumer/blueprint.yaml", topology.blueprint(
            topology.node("a", "scripts/a.sh", inputs={
                "port": "{ get_capability: [provider, endpoint, ports, 1] }",
                "who": "{ get_sys: [deployment, owner] }",
                "label": "{ get_label: [tier, 0] }",
                "mine": "{ get_environment_capability: [endpoint, host] }",
                "tries": "{ get_attribute: [SELF, tries] }"}),
            extra="labels:\n  tier: { values: [gold] }\n"
                  "  csys-obj-parent: { values: [provider] }\n" + extra))

    def execute(self, *arguments):
        return self.run_cfy("execute", "my_workflow", "-b", "consumer/blueprint.yaml",
                            "-p", "operation=configure", "--task-retries", "1",
                            "--task-retry-interval", "0", *arguments)

    def test_inputs_are_evaluated_before_each_try(self):
        self.make_provider()
        self.make_consumer()
        result = self.execute()
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        once = f"5433|{getpass.getuser()}|gold|db-17|"
        # The second try sees what the first one kept.
        self.assertEqual(self.read("consumer/seen"), once + "None|" + once + "1|")

    def test_a_deployment_that_is_not_there_fails_the_task_and_is_named(self):
        self.make_consumer()
        result = self.execute()
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn("there is no deployment 'provider'", result.stdout)
        # It may be there at the next try.
        self.assertEqual(result.stdout.count("Task started"), 2)

    def test_outputs_and_capabilities_are_those_of_now(self):
        self.make_provider()
        self.make_consumer("outputs:\n"
                           "  host: { value: { get_capability: [provider, endpoint, host] } }\n"
                           "  tries: { value: { get_attribute: [a, tries] } }\n"
                           "  gone: { value: { get_attribute: [a, none] } }\n")
        self.assertEqual(self.execute().returncode, 0)
        self.assertEqual(self.json("outputs", "-d", "consumer"),
                         {"host": "db-17", "tries": 2, "gone": None})
        values = self.json("capabilities", "-d", "provider")
        self.assertEqual(values["endpoint"], {"host": "db-17", "ports": [5432, 5433]})
        instance, = self.json("node-instances", "list", "-d", "provider")
        self.assertEqual(values["instance"], instance["id"])

    def test_an_unclear_instance_becomes_a_text_in_outputs(self):
        self.write("scripts/a.sh", "#!/bin/sh\n")
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("a", "scripts/a.sh", instances=2),
            extra="outputs:\n  x: { value: { get_attribute: [a, x] } }\n"
                  "capabilities:\n  x: { value: { get_attribute: [a, x] } }\n"))
        self.assertEqual(self.run_cfy("init").returncode, 0)
        self.assertRegex(self.json("outputs")["x"], "^<ERROR: .*More than one node instance.*>$")
        result = self.run_cfy("capabilities")
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn("More than one node instance", result.stderr)

    def test_a_choice_among_deployments_is_asked_for(self):
        self.make_provider()
        self.make_consumer()
        self.assertEqual(self.run_cfy("init", "consumer/blueprint.yaml").returncode, 0)
        self.assert_refused(self.run_cfy("outputs"), 2, "-d", "consumer, provider")


if __name__ == "__main__":
    support.main()
