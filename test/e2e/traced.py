"""A deployment whose operations write down that they ran: "node operation", or
"source->target operation side". One fails while there is a file fail.<node>.<operation>, and fails
for good (says that nothing will help) when that file holds "for good".
"""

import os

import support

LIFECYCLE = ("precreate create configure start poststart prestop stop delete postdelete "
             "preupdate update postupdate preheal heal postheal pull check_drift").split()

HEAD = """tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
"""

TRACE = """#!/bin/sh
# An instance's operation, or one side of a relationship's.
folder=FOLDER
operation=$(ctx operation name | sed 's/cloudify.interfaces.lifecycle.//; s/.*_lifecycle.//; s/cloudify.interfaces.//')
if [ "$(ctx type)" = node-instance ]; then
  node=$(ctx node id)
  echo "$node $operation" >>"$folder/trace"
else
  node="$(ctx source node id)-$(ctx target node id)"
  echo "$(ctx source node id)->$(ctx target node id) $operation $side" >>"$folder/trace"
fi
file="$folder/fail.$node.$operation"
test -e "$file" || exit 0
grep -q good "$file" && ctx abort-operation "for good"
exit 1
"""


def mapped(indent, names, more=""):
    return "".join(f"{indent}{name}: {{implementation: scripts/trace.sh{more}}}\n"
                   for name in names)


def node_type(name, lifecycle=(), validation=(), parent="cloudify.nodes.Root", more=""):
    text = f"  {name}:\n    derived_from: {parent}\n    interfaces:\n"
    if lifecycle:
        text += "      cloudify.interfaces.lifecycle:\n" + mapped(" " * 8, lifecycle, more)
    if validation:
        text += "      cloudify.interfaces.validation:\n" + mapped(" " * 8, validation, more)
    return text


def relationship_type(name, operations, sides=("source", "target"), parent="connected_to"):
    text = f"  {name}:\n    derived_from: cloudify.relationships.{parent}\n"
    for side in sides:
        text += (f"    {side}_interfaces:\n      cloudify.interfaces.relationship_lifecycle:\n" +
                 mapped(" " * 8, operations, f", inputs: {{side: {{default: {side}}}}}"))
    return text


class Case(support.Case):
    """Write the blueprint with make(), run workflows with run()."""

    def make(self, text):
        self.write("app/blueprint.yaml", HEAD + text)
        self.write("app/scripts/trace.sh", TRACE.replace("FOLDER", self.folder), 0o755)

    def run_workflow(self, name, *arguments, code=0, retries=0):
        """What it printed; its trace is trace() afterwards."""
        self.write("trace", "")
        result = self.run_cfy("execute", name, "-b", "app/blueprint.yaml",
                              "--task-retries", str(retries), "--task-retry-interval", "0",
                              *arguments)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def trace(self):
        return self.read("trace").splitlines()

    def break_operation(self, node, operation, how="once more"):
        self.write(f"fail.{node}.{operation}", how)

    def mend_operation(self, node, operation):
        os.remove(self.path(f"fail.{node}.{operation}"))

    def instances(self):
        return self.json("node-instances", "list")

    def states(self):
        return {row["node_id"]: row["state"] for row in self.instances()}

    def assert_before(self, first, second):
        trace = self.trace()
        self.assertLess(trace.index(first), trace.index(second), trace)
