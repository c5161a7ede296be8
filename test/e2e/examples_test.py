"""The example workflows of plugins/examples, also where they fail and where they are cancelled.
That they do what blueprints/examples/README.md says is the business of blueprints_test.py."""

import json
import os
import shutil

import support

SOURCE = os.path.join(os.environ.get("CFY_SOURCE", ""), "blueprints", "examples")

# Tells that it runs, then waits for a file that the test may write.
WAITS = """#!/bin/sh
here=$(dirname "$0")
touch "$here/running"
i=0
while [ ! -e "$here/go" ] && [ $i -lt 12000 ]; do i=$((i + 1)); sleep 0.05; done
ctx returns @7
"""
FAILS = "#!/bin/sh\necho 'no room' >&2\nexit 1\n"


class Examples(support.Case):
    def setUp(self):
        super().setUp()
        shutil.copytree(SOURCE, self.path("shop"))

    def execute(self, workflow, *arguments):
        return self.run_cfy(*self.command(workflow, *arguments))

    def command(self, workflow, *arguments):
        return ("execute", workflow, "-b", "shop/blueprint.yaml", "--task-retry-interval", "0",
                *arguments)

    def script(self, name, text):
        self.write(f"shop/scripts/{name}.sh", text, 0o755)

    def sites(self):
        instances = self.json("node-instances", "list", "-d", "shop")
        return [one for one in instances if one["node_id"] == "site"]

    def result(self, process):
        return json.loads(process.stdout.splitlines()[-1])

    def assert_ended(self, result, code):
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stdout + result.stderr


class SerialOperation(Examples):
    def members(self):
        """What each joined, in the order of the instances."""
        instances = self.json("node-instances", "list", "-d", "cluster")
        return [(one["id"], one["runtime_properties"]["joined"])
                for one in sorted(instances, key=lambda one: one["index"])]

    def assert_in_turn(self):
        ids = [name for name, _ in self.members()]
        for place, (_, joined) in enumerate(self.members()):
            self.assertEqual(sorted(joined), sorted(ids[:place]))

    def test_the_instances_start_one_after_the_other(self):
        said = self.assert_ended(self.run_cfy(
            "install", "-b", "shop/cluster.yaml", "-d", "cluster", "-j", "4"), 0)
        self.assertEqual(len(self.members()), 3)
        self.assert_in_turn()
        self.assertEqual(said.count("founds the cluster"), 1)
        self.assert_ended(self.run_cfy("execute", "scale", "-d", "cluster", "-j", "4", "-p",
                                       "scalable_entity_name=member", "-p", "delta=2"), 0)
        self.assertEqual(len(self.members()), 5)
        self.assert_in_turn()

    def test_the_wait_is_told_and_costs_retries(self):
        text = self.read("shop/cluster.yaml").replace("max_retries: -1", "max_retries: 0")
        # Of instances that nobody has started, none but the first may.
        text = text.replace("default_instances: 3", "default_instances: 2")
        self.write("shop/cluster.yaml", text + "\n")
        self.run_cfy("init", "shop/cluster.yaml", "-d", "cluster")
        second = self.json("node-instances", "list", "-d", "cluster")[1]["id"]
        said = self.assert_ended(self.run_cfy(
            "install", "-b", "shop/cluster.yaml", "-d", "cluster", "-j", "1", "-p",
            f"node_instance_ids={second}"), 1)
        self.assertIn("waiting for member_", said)
        self.assertIn("(uninitialized)", said)


class Handlers(Examples):
    def test_each_answer_of_a_handler_is_seen(self):
        said = self.assert_ended(self.execute("open_sites"), 0)
        self.assertEqual(said.count("it has 42 pages"), 2)
        self.assertEqual(said.count("warmed up to 50"), 2)
        self.assertEqual(said.count("warmed up to 100"), 2)
        self.assertEqual(said.count("it stays untidy, which can wait"), 2)
        self.assertEqual(said.count("site is open"), 2)

    def test_polling_needs_no_retries(self):
        said = self.assert_ended(self.execute("open_sites", "--task-retries", "0"), 0)
        self.assertEqual(said.count("site is open"), 2)

    def test_a_hopeless_failure_is_not_tried_again(self):
        said = self.assert_ended(self.execute("open_sites", "-p", "license=none"), 1)
        self.assertEqual(said.count(".open] Task started"), 2)
        self.assertIn("no license", said)

    def test_any_other_failure_is_tried_again(self):
        self.script("open", "#!/bin/sh\necho 'the door is stuck' >&2\nexit 1\n")
        said = self.assert_ended(self.execute("open_sites", "--task-retries", "2"), 1)
        self.assertIn("[retry 2/2]", said)


class Modification(Examples):
    def test_instances_are_added_and_created(self):
        said = self.assert_ended(self.execute("grow", "-p", "instances=4"), 0)
        self.assertEqual(said.count("site is there"), 2)
        self.assertEqual(len(self.sites()), 4)
        statuses = [one["status"] for one in self.json("modifications", "list")]
        self.assertEqual(statuses, ["finished"])

    def test_a_failure_takes_back_what_was_made_and_the_instances(self):
        self.script("create", FAILS)
        self.assert_ended(self.execute("grow", "-p", "instances=3", "--task-retries", "0"), 1)
        self.assertEqual(len(self.sites()), 2)
        statuses = [one["status"] for one in self.json("modifications", "list")]
        self.assertEqual(statuses, ["rolledback"])

    def test_a_cancel_takes_back_what_was_made_and_the_instances(self):
        self.script("create", WAITS)
        process = self.start_cfy(*self.command("grow", "-p", "instances=3"))
        self.wait_for_file("shop/scripts/running")
        support.interrupt(process)
        self.wait_for(lambda: self.execution()["status"] == "cancelling", "a cancel")
        self.write("shop/scripts/go", "")
        self.assertEqual(self.wait_for_end(process), 130)
        self.assertIn("site is gone", self.read("stdout"))
        self.assertEqual(len(self.sites()), 2)
        self.assertEqual(self.json("modifications", "list")[0]["status"], "rolledback")

    def test_fewer_instances_are_refused(self):
        said = self.assert_ended(self.execute("grow", "-p", "instances=2"), 1)
        self.assertIn("node 'site' has 2 instances already", said)
        self.assertEqual(self.json("modifications", "list"), [])


class Subgraphs(Examples):
    def test_a_failed_upgrade_is_tried_again_by_a_new_subgraph(self):
        said = self.assert_ended(self.execute("upgrade"), 0)
        self.assertEqual(said.count("the upgrade failed: Task failed"), 2)
        self.assertEqual(said.count("prepare: done"), 4)
        self.assertEqual(said.count("mail comes in"), 2)
        self.assertEqual(said.count("upgraded"), 2)

    def test_the_next_one_waits_for_the_one_that_took_the_place(self):
        said = self.assert_ended(self.execute("upgrade"), 0)
        ids = [one["id"] for one in self.sites()]
        told = [line.split("[")[1].split(".")[0] for line in said.splitlines()
                if "prepare: done" in line]
        self.assertEqual(told, [ids[0]] * 2 + [ids[1]] * 2)

    def test_without_retries_the_first_failing_member_is_the_error(self):
        result = self.execute("upgrade", "-p", "retries=0", "--json")
        self.assert_ended(result, 1)
        self.assertIn(".probe_mail", self.result(result)["error"])
        self.assertIn("no mail came in", self.result(result)["error"])
        self.assertEqual(result.stdout.count("prepare: done"), 1)

    def test_the_number_of_retries_holds_for_all_tries_together(self):
        self.script("probe_mail", FAILS)
        result = self.execute("upgrade", "-p", "retries=2", "--json")
        self.assert_ended(result, 1)
        self.assertEqual(result.stdout.count("prepare: done"), 3)


class Contained(Examples):
    def test_containers_are_checked_before_what_they_hold(self):
        said = self.assert_ended(self.execute("check_hosts"), 0)
        told = [line.split("INFO: ")[1].split()[0]
                for line in said.splitlines() if "is well" in line]
        self.assertEqual(told, ["machine", "server", "site", "site"])

    def test_an_unknown_node_is_refused(self):
        said = self.assert_ended(self.execute("check_hosts", "-p", "node_id=nobody"), 1)
        self.assertIn("there is no node 'nobody'", said)


class Backup(Examples):
    def locks(self):
        return [one["runtime_properties"].get("is_locked") for one in self.sites()]

    def test_the_result_is_that_of_the_operations(self):
        result = self.execute("backup", "--json")
        self.assert_ended(result, 0)
        sizes = self.result(result)["result"]
        self.assertEqual(sizes, {one["id"]: 1024 for one in self.sites()})
        self.assertEqual(self.locks(), [False, False])

    def test_a_cancel_leaves_nothing_locked(self):
        self.script("copy", WAITS)
        process = self.start_cfy(*self.command("backup"))
        self.wait_for_file("shop/scripts/running")
        self.run_cfy("cancel", self.execution()["id"])
        # The lock stays as long as the copy runs.
        self.assertTrue(self.locks()[0])
        self.write("shop/scripts/go", "")
        self.assertEqual(self.wait_for_end(process), 130)
        self.assertEqual(self.execution()["status"], "cancelled")
        self.assertEqual(self.locks(), [False, None])

    def test_a_failure_leaves_nothing_locked(self):
        self.script("copy", FAILS)
        said = self.assert_ended(self.execute("backup", "--task-retries", "0"), 1)
        self.assertIn("no room", said)
        self.assertEqual(self.locks(), [False, None])


if __name__ == "__main__":
    support.main()
