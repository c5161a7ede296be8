"""Scaling, and the way back from a scaling whose runner died."""

import json
import os
import signal

import support
import traced

BLUEPRINT = """tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
node_types:
  web:
    derived_from: cloudify.nodes.Root
    interfaces:
      cloudify.interfaces.lifecycle:
        create: {implementation: scripts/create.sh, inputs: {here: {default: HERE}}}
node_templates:
  web: {type: web}
"""

# Waits when it is told to, so that the test can kill the runner in the middle.
CREATE = """#!/bin/sh
touch "$here/creating"
while [ -e "$here/hold" ]; do sleep 0.02; done
"""


class Modifications(support.Case):
    def setUp(self):
        super().setUp()
        self.write("app/blueprint.yaml", BLUEPRINT.replace("HERE", self.folder))
        self.write("app/scripts/create.sh", CREATE, 0o755)
        self.run_workflow("install")

    def run_workflow(self, name, *arguments):
        result = self.run_cfy("execute", name, "-b", "app/blueprint.yaml", *arguments)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def instances(self):
        return [one["id"] for one in self.json("node-instances", "list", "-d", "app")]

    def scale(self, delta):
        return ("execute", "scale", "-b", "app/blueprint.yaml", "-p", "scalable_entity_name=web",
                "-p", f"delta:={delta}")

    def test_numbers_hold_from_one_scaling_to_the_next(self):
        for delta, count in ((2, 3), (-1, 2), (1, 3)):
            result = self.run_cfy(*self.scale(delta))
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            self.assertEqual(len(self.instances()), count)
        statuses = [one["status"] for one in self.json("modifications", "list")]
        self.assertEqual(statuses, ["finished"] * 3)

    def test_a_dry_run_scales_nothing(self):
        before = self.instances()
        result = self.run_cfy(*self.scale(2), "--dry-run")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.instances(), before)
        self.assertEqual(self.json("modifications", "list"), [])

    def test_a_modification_of_a_dead_run_is_seen_and_rolled_back(self):
        before = self.instances()
        os.remove(self.path("creating"))
        self.write("hold", "")
        runner = self.start_cfy(*self.scale(1))
        self.wait_for_file("creating")
        started = self.json("modifications", "list")[0]
        alive = self.run_cfy("modifications", "rollback", started["id"])
        self.assert_refused(alive, 5, "which runs")
        os.kill(runner.pid, signal.SIGKILL)
        runner.wait()
        os.remove(self.path("hold"))

        left = self.json("modifications", "get", started["id"][:8])
        self.assertEqual((left["status"], left["runner_died"]), ("started", True))
        self.assertIn("(its runner died)", self.run_cfy("modifications", "list").stdout)
        self.assertEqual(len(self.instances()), 2)
        again = self.run_cfy(*self.scale(1))
        self.assertEqual(again.returncode, 1)
        self.assertIn(started["id"], again.stdout + again.stderr)

        result = self.run_cfy("modifications", "rollback", started["id"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.instances(), before)
        twice = self.run_cfy("modifications", "rollback", started["id"])
        self.assert_refused(twice, 5, "has ended already")


class Scale(traced.Case):
    def setUp(self):
        super().setUp()
        self.make("node_types:\n" + traced.node_type("Server", ["create", "stop", "delete"]) +
                  "relationships:\n" + traced.relationship_type("Linked", ["establish", "unlink"]) +
                  """
node_templates:
  web: {type: Server, capabilities: {scalable: {properties: {default_instances: 2}}}}
  balancer: {type: Server, relationships: [{type: Linked, target: web}]}
  left: {type: Server}
  right: {type: Server}
groups:
  pair: {members: [left, right]}
policies:
  pairs: {type: cloudify.policies.scaling, targets: [pair], properties: {default_instances: 2}}
""")
        self.run_workflow("install")

    def scale(self, entity, delta, *more, code=0):
        return self.run_workflow("scale", "-p", "scalable_entity_name=" + entity,
                                 "-p", f"delta={delta}", *more, code=code)

    def ids(self, node):
        return [row["id"] for row in self.instances() if row["node_id"] == node]

    def groups(self):
        return sorted({group["id"] for row in self.instances() for group in row["scaling_groups"]})

    def refused(self, entity, delta, included=(), excluded=(), more=()):
        said = self.scale(entity, delta, "-p", "include_instances:=" + json.dumps(included),
                          "-p", "exclude_instances:=" + json.dumps(excluded), *more, code=1)
        self.assertEqual(self.trace(), [])
        self.assertEqual(self.json("modifications", "list"), [])
        return said

    def test_hints_must_be_of_what_is_scaled_and_leave_enough_to_remove(self):
        web, balancer = self.ids("web"), self.ids("balancer")
        said = self.refused("web", -1, included=balancer, excluded=["web_none"])
        self.assertIn("included instances did not exist: " + balancer[0], said)
        self.assertIn("excluded instances did not exist: web_none", said)
        self.assertIn("Available instances were: " + ", ".join(sorted(web)), said)
        self.assertIn("less than excluded instance count", self.refused("web", -1, excluded=web))
        self.assertIn("both excluded and included: " + web[0],
                      self.refused("web", -1, included=web[:1], excluded=web[:1]))
        self.assertIn("while scale_compute is true",
                      self.refused("web", -1, included=web[:1], more=("-p", "scale_compute=true")))

    def test_hints_for_a_group_name_its_instances_or_members(self):
        self.assertIn("too many different groups",
                      self.refused("pair", -1, excluded=self.ids("left")))
        self.assertIn("too many different groups",
                      self.refused("pair", -1, excluded=[self.ids("left")[0], self.groups()[0],
                                                         self.groups()[1]]))
        gone = self.groups()[0]
        self.scale("pair", -1, "-p", "include_instances=" + gone)
        self.assertNotIn(gone, self.groups())
        self.assertEqual(len(self.ids("left")), 1)

    def test_after_a_cancel_what_still_runs_ends_before_it_is_taken_down(self):
        self.write("app/scripts/slow.sh", "#!/bin/sh\ntouch " + self.path("creating") +
                   "\nwhile [ -e " + self.path("hold") + " ]; do sleep 0.02; done\n"
                   "echo created >>" + self.path("trace") + "\n", 0o755)
        self.write("app/blueprint.yaml", self.read("app/blueprint.yaml").replace(
            "create: {implementation: scripts/trace.sh", "create: {implementation: scripts/slow.sh"))
        self.write("hold", "")
        self.write("trace", "")
        runner = self.start_cfy("execute", "scale", "-b", "app/blueprint.yaml",
                                "-p", "scalable_entity_name=web")
        self.wait_for_file("creating")
        support.interrupt(runner)
        self.wait_for(lambda: "rolling back" in self.read("stdout"), "the cancel is heard")
        os.remove(self.path("hold"))
        self.assertEqual(self.wait_for_end(runner), 130)
        self.assertEqual(self.trace(), ["created", "balancer->web unlink source",
                                        "balancer->web unlink target", "web delete"])
        self.assertEqual(len(self.ids("web")), 2)

    def test_what_fails_to_start_is_unlinked_once(self):
        self.write("app/blueprint.yaml", self.read("app/blueprint.yaml").replace(
            "        stop: {", "        start: {implementation: scripts/trace.sh}\n        stop: {"))
        self.run_workflow("install")
        self.break_operation("web", "start")
        self.scale("web", 1, code=1)
        self.assertEqual(self.trace(), ["web create", "web start", "balancer->web unlink source",
                                        "balancer->web unlink target", "web stop", "web delete"])
        self.assertEqual(len(self.ids("web")), 2)

    def test_the_older_workflow_names_a_node(self):
        self.write("app/blueprint.yaml", self.read("app/blueprint.yaml") + """
workflows:
  scale_node:
    mapping: default_workflows.cloudify.plugins.workflows.scale
    parameters: {node_id: {}, delta: {default: 1}, scale_compute: {default: true}}
""")
        self.run_workflow("scale_node", "-p", "node_id=web")
        self.assertEqual(len(self.ids("web")), 3)

    def test_what_a_modification_that_was_left_has_made_goes_with_it(self):
        self.break_operation("web", "create")
        self.scale("web", 1, "-p", "rollback_if_failed=false", code=1)
        self.assertEqual(len(self.ids("web")), 3)
        self.assertEqual(self.json("modifications", "list")[0]["runner_died"], False)
        self.assertIn("started (its execution ended)", self.run_cfy("modifications", "list").stdout)
        self.mend_operation("web", "create")
        self.scale("web", 1, "-p", "abort_started=true")
        self.assertEqual(self.trace(), ["balancer->web unlink source", "balancer->web unlink target",
                                        "web stop", "web delete", "web create",
                                        "balancer->web establish source",
                                        "balancer->web establish target"])
        self.assertEqual(len(self.ids("web")), 3)


if __name__ == "__main__":
    support.main()
