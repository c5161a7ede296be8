"""The five steps of the tutorial through the binary: which operations run, in which order against
the relationships, which events tell of them, and that what may run in parallel does."""

import json

import support
import topology

TRACES = """#!/bin/sh
echo "start $(ctx instance id)" >> "$trace"
echo "end $(ctx instance id)" >> "$trace"
"""
RELATES = """#!/bin/sh
echo "$(ctx source instance id)->$(ctx target instance id) $side" >> "$trace"
"""
# Each waits for the other's file: both can only end when they run at the same time.
MEETS = """#!/bin/sh
touch "$here/met-$(ctx instance id)"
i=0
while [ "$(ls "$here" | grep -c '^met-')" -lt "$count" ]; do
  i=$((i + 1))
  if [ $i -gt 600 ]; then echo "the others never came" >&2; exit 1; fi
  sleep 0.05
done
"""


class Step(support.Case):
    step = 0
    parameters = """      operation:
        description: the operation to run
      type_name:
        default: cloudify.nodes.Root
      operation_kwargs:
        default: {}
      is_node_operation:
        default: true
"""

    def workflow(self, step):
        parameters = "" if step == 1 else "    parameters:\n" + self.parameters
        return (f"workflows:\n  my_workflow:\n    mapping: my_workflow_plugin_name."
                f"my_workflow_module_name.step_{step}\n{parameters}")

    def lay(self, step, extra_types=""):
        self.write("scripts/traces.sh", TRACES)
        self.write("scripts/relates.sh", RELATES)
        trace = {"trace": self.path("trace")}
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("web", "scripts/traces.sh", ["app"], 2, trace),
            topology.node("app", "scripts/traces.sh", ["db"], 1, trace),
            topology.node("db", "scripts/traces.sh", [], 1, trace),
            workflow=self.workflow(step), extra=extra_types))

    def execute(self, step, *arguments):
        given = () if step == 1 else ("-p", "operation=cloudify.interfaces.lifecycle.configure")
        result = self.run_cfy("execute", "my_workflow", *given, *arguments)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result

    def trace(self):
        return [line.split() for line in self.read("trace").splitlines()]

    def ran(self):
        return sorted(i.rsplit("_", 1)[0] for what, i in self.trace() if what == "start")

    def position(self, what, node):
        return [n for n, (w, i) in enumerate(self.trace()) if w == what and i.startswith(node)]


class Steps(Step):
    def test_step_1_runs_configure_everywhere(self):
        self.lay(1)
        self.execute(1)
        self.assertEqual(self.ran(), ["app", "db", "web", "web"])

    def test_step_2_takes_the_operation_and_a_type(self):
        self.lay(2)
        self.execute(2, "-p", "type_name=cloudify.nodes.Compute")
        self.assertEqual(self.ran(), [])
        self.execute(2)
        self.assertEqual(self.ran(), ["app", "db", "web", "web"])

    def test_step_2_passes_kwargs_to_the_operation(self):
        self.lay(2)
        self.write("scripts/traces.sh", '#!/bin/sh\necho "start $word" >> "$trace"\n')
        self.execute(2, "-p", 'operation_kwargs:={"word": "hello"}')
        self.assertEqual(self.trace(), [["start", "hello"]] * 4)

    def test_step_3_tells_before_and_after(self):
        self.lay(3)
        result = self.execute(3, "--json")
        records = [json.loads(line) for line in result.stdout.splitlines()]
        for node in ("web", "app", "db"):
            texts = {}
            for record in records:
                if record.get("context", {}).get("node_name") == node and "message" in record:
                    texts.setdefault(record["context"]["node_id"], []).append(
                        record["message"]["text"])
            for said in texts.values():
                self.assertEqual(said[0], "Starting to run operation")
                self.assertIn("Task started 'script_runner.tasks.run'", said)
                self.assertEqual(said[-1], "Done running operation")

    def assert_ordered(self):
        self.assertEqual(self.ran(), ["app", "db", "web", "web"])
        self.assertLess(max(self.position("end", "db")), min(self.position("start", "app")))
        self.assertLess(max(self.position("end", "app")), min(self.position("start", "web")))

    def test_step_4_runs_targets_of_relationships_first(self):
        self.lay(4)
        self.execute(4)
        self.assert_ordered()

    def test_step_5_runs_node_operations_in_the_same_order(self):
        self.lay(5)
        self.execute(5)
        self.assert_ordered()

    def test_step_5_runs_both_sides_of_all_relationships(self):
        operation = """
      %s_interfaces:
        cloudify.interfaces.relationship_lifecycle:
          establish:
            implementation: scripts/relates.sh
            inputs:
              trace: {default: "%s"}
              side: {default: %s}
"""
        self.write("scripts/relates.sh", RELATES)
        sides = "".join(line[2:] if line.startswith("  ") else line
                        for side in ("source", "target")
                        for line in (operation % (side, self.path("trace"), side))
                        .lstrip("\n").splitlines(keepends=True))
        self.write("blueprint.yaml", topology.blueprint(
            "  db:\n    type: cloudify.nodes.Root\n",
            "  app:\n    type: cloudify.nodes.Root\n    relationships:\n"
            "      - {type: linked, target: db}\n",
            workflow=self.workflow(5),
            extra="relationships:\n  linked:\n"
                  "    derived_from: cloudify.relationships.connected_to\n" + sides))
        result = self.run_cfy(
            "execute", "my_workflow", "-p", "is_node_operation=false", "-p",
            "operation=cloudify.interfaces.relationship_lifecycle.establish")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(sorted(side for _, side in self.trace()), ["source", "target"])


class Parallel(Step):
    def meet(self, count, *options):
        self.write("scripts/meets.sh", MEETS)
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("peer", "scripts/meets.sh", [], count,
                          {"here": self.folder, "count": count})))
        return self.run_cfy("execute", "my_workflow", "-p", "operation=configure", *options)

    def test_sequences_that_do_not_depend_run_at_the_same_time(self):
        result = self.meet(4, "-j", "4")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


if __name__ == "__main__":
    support.main()
