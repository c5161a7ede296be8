"""Scaling, and the way back from a scaling whose runner died."""

import os
import signal

import support

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
        self.assertEqual(len(self.instances()), 2)
        again = self.run_cfy(*self.scale(1))
        self.assertEqual(again.returncode, 1)
        self.assertIn(started["id"], again.stdout + again.stderr)

        result = self.run_cfy("modifications", "rollback", started["id"])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.instances(), before)
        twice = self.run_cfy("modifications", "rollback", started["id"])
        self.assert_refused(twice, 5, "has ended already")


if __name__ == "__main__":
    support.main()
