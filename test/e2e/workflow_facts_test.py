"""What a workflow may ask of the whole program and change in it: executions, files of the
blueprint, runtime properties."""

import getpass
import json
import os

import support
import topology

PLUGIN = os.path.join(os.environ.get("CFY_BUILD", ""), "test/plugins/looks_around.so")
HEAD = f"""  looks_around:
    executor: central_deployment_agent
    install: false
    source: {PLUGIN}
"""
# Returns what it finds, and leaves something else.
CONFIGURE = """#!/bin/sh
set -e
ctx returns "@$(ctx -j instance runtime-properties seen)"
ctx instance runtime-properties seen by-the-operation
"""
# Where it runs, and what it was given.
WHERE = """#!/bin/sh
ctx returns "$(ctx deployment id) $(ctx instance id 2> error || echo nowhere) $said"
grep -o "of a deployment" error || true
"""


class WorkflowFacts(support.Case):
    def execute(self, *arguments):
        result = self.run_cfy("execute", "look", "-d", "place", "--json", *arguments)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return json.loads(result.stdout.splitlines()[-1])

    def setUp(self):
        super().setUp()
        self.write("scripts/configure.sh", CONFIGURE)
        self.write("scripts/where.sh", WHERE)
        self.blueprint = topology.blueprint(
            topology.node("first", "scripts/configure.sh"),
            workflow=HEAD + topology.WORKFLOW + "  look:\n    mapping: looks_around.workflows.facts"
            "\n    parameters:\n      other: {}\n"
            "  call:\n    mapping: looks_around.workflows.call_functions\n"
            "inputs:\n  word: {default: well}\n")
        self.write("blueprint.yaml", self.blueprint)
        earlier = self.run_cfy("execute", "my_workflow", "-d", "place", "-p",
                               "operation=none")
        self.assertEqual(earlier.returncode, 0, earlier.stdout + earlier.stderr)
        self.earlier = self.execution()["id"]

    def test_a_workflow_asks_all_that_it_may(self):
        end = self.execute("-p", f"other={self.earlier}", "--wait-after-fail", "7")
        found = end["result"]
        self.assertEqual((found["own"]["id"], found["own"]["workflow_id"], found["own"]["status"]),
                         (end["id"], "look", "started"))
        self.assertEqual(found["own"]["parameters"], {"other": self.earlier})
        self.assertEqual((found["other"]["id"], found["other"]["status"]),
                         (self.earlier, "terminated"))
        self.assertIn("none", found["unknown"])
        self.assertEqual(found["blueprint"], len(self.blueprint))
        self.assertEqual((found["deployment"], found["tenant"]), ("place", "default_tenant"))
        self.assertEqual(found["creator"], getpass.getuser())
        self.assertEqual(found["wait_after_fail"], 7)
        self.assertEqual(found["operation"]["operation"], "script_runner.tasks.run")
        self.assertEqual(found["state"], "uninitialized")

    def test_runtime_properties_of_workflow_and_operation_meet(self):
        found = self.execute("-p", f"other={self.earlier}")["result"]
        self.assertEqual(found["result"], True)
        self.assertIn("seen", found["conflict"])
        self.assertEqual(found["runtime_properties"], {"seen": "at last"})
        stored = self.json("node-instances", "list", "-d", "place")
        self.assertEqual(stored[0]["runtime_properties"], {"seen": "at last"})

    def test_a_workflow_calls_functions_that_no_operation_is_mapped_to(self):
        result = self.run_cfy("execute", "call", "-d", "place", "--json")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        records = [json.loads(line) for line in result.stdout.splitlines()]
        found = records[-1]["result"]
        self.assertEqual(found["deployment"], "place nowhere well")
        self.assertRegex(found["instance"], r"^place first_\w+ well$")
        self.assertIn("'scrpt.script_runner.tasks.run'", found["unknown"])
        self.assertIn("script", found["unknown"].split("its plugins:")[1])
        texts = [record["message"]["text"] for record in records if "message" in record]
        self.assertIn("<out> of a deployment", texts)


if __name__ == "__main__":
    support.main()
