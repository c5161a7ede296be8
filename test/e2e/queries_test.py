"""Commands that show what is there: tables that fit a terminal, and the whole as JSON."""

import json
import os
import subprocess

import support
import topology

WORKFLOW = topology.WORKFLOW.replace("description: the operation to run",
                                     "description: the operation to run\n        type: string")


class Queries(support.Case):
    def setUp(self):
        super().setUp()
        self.environment["COLUMNS"] = "80"
        self.write("scripts/a.sh", "#!/bin/sh\nctx logger info hello\n"
                   "ctx instance runtime-properties text \"$(seq -s ' ' 200)\"\n")
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("a", "scripts/a.sh"), topology.node("b", "scripts/a.sh", ["a"]),
            workflow=WORKFLOW, extra="inputs:\n  port: { default: 80 }\n"))

    def execute(self):
        result = self.run_cfy("execute", "my_workflow", "-p", "operation=configure")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def table(self, *arguments):
        result = self.run_cfy(*arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_inputs_of_the_only_deployment(self):
        self.execute()
        self.assertEqual(self.json("inputs"), {"port": 80})
        self.assertIn("port:  80", self.table("inputs"))

    def test_executions(self):
        self.execute()
        row = self.execution()
        self.assertEqual((row["status"], row["workflow_id"]), ("terminated", "my_workflow"))
        self.assertFalse(row["runner_died"])
        one = self.json("executions", "get", row["id"][:8])
        self.assertEqual(one["id"], row["id"])
        self.assertEqual(one["parameters"]["operation"], "configure")
        self.assertIn("terminated", self.table("executions", "list"))

    def test_the_graph_of_an_execution(self):
        self.execute()
        tasks = self.json("graph", self.execution()["id"][:8])
        by_number = {task["number"]: task for task in tasks}
        work = [task for task in tasks if task["type"] == "operation"]
        self.assertEqual([task["parameters"]["operation"] for task in work],
                         ["cloudify.interfaces.lifecycle.configure"] * 2)
        self.assertEqual({task["state"] for task in tasks}, {"succeeded"})
        second = max(work, key=lambda task: task["number"])
        before = {by_number[number]["type"] for number in second["dependencies"]}
        self.assertEqual(before, {"event"})
        self.assertTrue(all(task["started_at"] for task in work))
        self.assertIn("WAITS FOR", self.table("graph", self.execution()["id"]))
        self.assert_refused(self.run_cfy("graph", "none"), 5, "none")

    def test_nodes_and_instances(self):
        self.execute()
        self.assertEqual([n["id"] for n in self.json("nodes", "list")], ["a", "b"])
        self.assertEqual(self.json("nodes", "get", "b")["relationships"][0]["target_id"], "a")
        self.assertIn("cloudify.nodes.Root", self.table("nodes", "list"))
        for row in self.json("node-instances", "list"):
            one = self.json("node-instances", "get", row["id"])
            self.assertEqual(one["runtime_properties"], row["runtime_properties"])
            self.assertIn(row["id"], self.table("node-instances", "list"))
        self.assert_refused(self.run_cfy("nodes", "get", "c"), 5, "'c'")

    def test_workflows_tell_their_parameters(self):
        rows = {row["name"]: row for row in self.json("workflows", "list")}
        self.assertIn("my_workflow", rows)
        one = self.json("workflows", "get", "my_workflow")
        self.assertEqual(one["parameters"]["operation"]["type"], "string")
        table = self.table("workflows", "get", "my_workflow")
        for text in ("operation", "string", "the operation to run", "(must be given)",
                     "cloudify.nodes.Root"):
            self.assertIn(text, table)
        self.assert_refused(self.run_cfy("workflows", "get", "my_workflo"), 5, "my_workflo")

    def test_events_follow_a_run_from_another_shell_and_end_with_it(self):
        os.mkfifo(self.path("go"))
        self.write("scripts/a.sh", "#!/bin/sh\nctx logger info \"at work\"\n"
                   "read word < \"$(dirname \"$0\")/../go\"\n")
        run = self.start_cfy("execute", "my_workflow", "-p", "operation=configure",
                             "-p", "type_name=cloudify.nodes.Root")
        self.wait_for(lambda: "at work" in self.read("stdout"), "the first operation")
        with open(self.path("tail"), "w") as out:
            tail = subprocess.Popen([support.PROGRAM, "events", self.execution()["id"], "--tail",
                                     "--json"], env=self.environment, stdout=out)
        self.started.append(tail)
        self.wait_for(lambda: "at work" in self.read("tail"), "the followed event")
        self.assertIsNone(tail.poll())
        with open(os.open(self.path("go"), os.O_RDWR), "wb", buffering=0) as fifo:
            # A shell reads a pipe byte by byte, so that each takes its own line.
            fifo.write(b"go\ngo\n")
            self.assertEqual(self.wait_for_end(run), 0)
        self.assertEqual(self.wait_for_end(tail), 0)
        types = [json.loads(line).get("event_type") for line in self.read("tail").splitlines()]
        self.assertEqual((types[0], types[-1]), ("workflow_started", "workflow_succeeded"))


class DerivedInputs(support.Case):
    def test_defaults_that_are_functions_show_their_values_and_follow_what_they_name(self):
        self.write("shop/blueprint.yaml", """tosca_definitions_version: cloudify_dsl_1_3
imports: [cloudify/types/types.yaml]
inputs:
  host: {default: web}
  address: {default: {concat: [{get_input: host}, '.example.org']}}
  pair: {default: {both: [{get_input: host}, {get_input: address}]}}
node_templates:
  a:
    type: cloudify.nodes.Root
outputs:
  last: {value: {get_input: [pair, both, 1]}}
""")
        for arguments, host in (((), "web"), (("-i", "host=db"), "db")):
            self.assertEqual(self.run_cfy("init", "shop/blueprint.yaml", *arguments).returncode, 0)
            address = host + ".example.org"
            expected = {"host": host, "address": address, "pair": {"both": [host, address]}}
            self.assertEqual(self.json("inputs", "-d", "shop"), expected)
            self.assertEqual(self.json("deployments", "get", "shop")["inputs"], expected)
            self.assertEqual(self.json("plan", "shop/blueprint.yaml", *arguments)["inputs"], expected)
            self.assertEqual(self.json("outputs", "-d", "shop"), {"last": address})


if __name__ == "__main__":
    support.main()
