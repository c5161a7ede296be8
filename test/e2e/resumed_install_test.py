"""A resumed install undoes what was left half done, and does it again.

A node's operation fails as long as a file with its name is there."""

import os

import support

BLUEPRINT = """
tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
node_types:
  Logged:
    derived_from: cloudify.nodes.Root
    interfaces:
      cloudify.interfaces.lifecycle:
        create: log.sh
        configure: log.sh
        start: log.sh
        prestop: log.sh
        stop: log.sh
        delete: log.sh
        postdelete: log.sh
node_templates:
  db: {type: Logged}
  web:
    type: Logged
    relationships: [{type: cloudify.relationships.depends_on, target: db}]
"""

LOG = """#!/bin/sh
what="$(ctx node id).$(ctx operation name | sed 's/.*\\.//')"
echo "$what" >> "$HERE/log"
test ! -e "$HERE/fail.$what"
"""


class ResumedInstall(support.Case):
    def setUp(self):
        super().setUp()
        self.environment["HERE"] = self.folder
        self.write("shop/blueprint.yaml", BLUEPRINT)
        self.write("shop/log.sh", LOG, 0o755)

    def fail_at(self, what, *more):
        self.write(f"fail.{what}", "")
        result = self.run_cfy("install", "-b", "shop/blueprint.yaml", "--task-retries", "0", *more)
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.log_before = self.read("log")

    def resume(self, code=0):
        result = self.run_cfy("resume", self.execution()["id"])
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        self.said = result.stdout
        return self.read("log")[len(self.log_before):].split()

    def repair(self, what):
        os.remove(self.path(f"fail.{what}"))

    def assert_installed(self):
        self.assertEqual({row["state"] for row in self.json("node-instances", "list")}, {"started"})

    def test_a_creation_is_undone_and_done_again(self):
        self.fail_at("db.create")
        self.repair("db.create")
        self.assertEqual(self.resume(), [
            "db.delete", "db.postdelete", "db.create", "db.configure", "db.start",
            "web.create", "web.configure", "web.start"])
        self.assertIn("Rolling back prior to resuming install", self.said)
        self.assertIn("Finished rolling back, now resuming install", self.said)
        self.assert_installed()

    def test_a_start_is_undone_and_done_again(self):
        self.fail_at("db.start")
        self.repair("db.start")
        self.assertEqual(self.resume(), [
            "db.prestop", "db.stop", "db.start", "web.create", "web.configure", "web.start"])
        self.assert_installed()

    def test_a_configuration_goes_on(self):
        self.fail_at("web.configure")
        self.repair("web.configure")
        self.assertEqual(self.resume(), ["web.configure", "web.start"])
        self.assertNotIn("Rolling back", self.said)
        self.assert_installed()

    def test_undoing_may_fail(self):
        self.fail_at("web.create")
        self.write("fail.web.delete", "")
        self.repair("web.create")
        self.assertEqual(self.resume(), [
            "web.delete", "web.postdelete", "web.create", "web.configure", "web.start"])
        self.assertIn("Ignoring task", self.said)
        self.assert_installed()

    def test_each_resume_undoes_anew(self):
        self.fail_at("db.create")
        self.assertEqual(self.resume(code=1), ["db.delete", "db.postdelete", "db.create"])
        self.repair("db.create")
        self.log_before = self.read("log")
        self.assertEqual(self.resume()[:3], ["db.delete", "db.postdelete", "db.create"])
        self.assert_installed()

    def test_the_second_half_of_a_reinstall_as_well(self):
        result = self.run_cfy("install", "-b", "shop/blueprint.yaml")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.write("fail.web.create", "")
        result = self.run_cfy("execute", "reinstall", "-d", "shop", "--task-retries", "0")
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.log_before = self.read("log")
        self.repair("web.create")
        reinstall = self.json("executions", "list")[-1]
        self.assertEqual(reinstall["workflow_id"], "reinstall")
        result = self.run_cfy("resume", reinstall["id"])
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.read("log")[len(self.log_before):].split(), [
            "web.delete", "web.postdelete", "web.create", "web.configure", "web.start"])
        self.assert_installed()


if __name__ == "__main__":
    support.main()
