"""State folders of earlier versions, as test/data/record.py recorded them: the program opens them,
shows what is in them, goes on with what was left, and takes down what stands.

Every folder test/data/state-VERSION there is gets all tests. CFY_OLDER_RUN may name a program of
the recorded version; without it, that an older program refuses is not tried."""

import glob
import os
import shutil
import sqlite3
import subprocess
import unittest

import support

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data")
OLDER_PROGRAM = os.environ.get("CFY_OLDER_RUN", "")
RECORDED = {  # deployment: workflows and statuses of its executions
    "shop": [("install", "terminated"), ("scale", "terminated")],
    "failed": [("install", "failed")],
    "cancelled": [("install", "cancelled")],
    "killed": [("install", "started")],
    "updating": [("install", "terminated"), ("update", "failed")],
    "modifying": [("install", "terminated"), ("scale", "failed")],
}


class Upgrade:
    record = ""  # the folder

    def setUp(self):
        super().setUp()
        shutil.copytree(os.path.join(self.record, "blueprints"), self.path("blueprints"))
        os.mkdir(self.path("state"), 0o700)
        with open(os.path.join(self.record, "state.sql"), encoding="utf-8") as file:
            text = file.read().replace("/recorded/", self.folder + "/")
        database = sqlite3.connect(self.path("state/state.db"))
        database.executescript(text)
        database.execute("PRAGMA journal_mode = WAL")
        database.close()
        os.chmod(self.path("state/state.db"), 0o600)
        self.recorded_schema = self.schema()

    def schema(self):
        database = sqlite3.connect(self.path("state/state.db"))
        number = database.execute("PRAGMA user_version").fetchone()[0]
        database.close()
        return number

    def succeed(self, *arguments):
        result = self.run_cfy(*arguments)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result

    def go_on(self, *arguments):
        """As `succeed`, but what was recorded was made with plugins of another build: that may be
        said, and then --force goes on."""
        result = self.run_cfy(*arguments)
        if result.returncode == 0:
            return result
        self.assert_refused(result, 5, "changed since execution", "plugin '", "--force")
        return self.succeed(*arguments, "--force")

    def executions(self, deployment):
        return [one for one in self.json("executions", "list")
                if one["deployment_id"] == deployment]

    def last_execution(self, deployment):
        return self.executions(deployment)[-1]["id"]

    def instances(self, deployment):
        return self.json("node-instances", "list", "-d", deployment)

    def states(self, deployment):
        return {one["node_id"]: one["state"] for one in self.instances(deployment)}

    def trace(self):
        """Names of the operations that ran since the last look."""
        names = [line.split()[0] for line in self.read("blueprints/shop/trace").splitlines()]
        if names:
            os.remove(self.path("blueprints/shop/trace"))
        return names

    def assert_installed(self, deployment):
        self.assertEqual(set(self.states(deployment).values()), {"started"})

    def take_down(self, deployment):
        """Uninstall what stands, each instance once, and delete the deployment."""
        self.trace()
        standing = [one["id"] for one in self.instances(deployment) if one["state"] == "started"]
        self.succeed("uninstall", "-d", deployment)
        deleted = [name for name in self.trace() if name.endswith(".delete")]
        self.assertEqual(len(deleted), len(standing), deleted)
        self.assertEqual(set(self.states(deployment).values()) - {"uninitialized"}, {"deleted"})
        self.succeed("deployments", "delete", deployment)
        self.assertNotIn(deployment, [one["id"] for one in self.json("deployments", "list")])

    # ------------------------------------------------------------ shown

    def test_everything_is_shown(self):
        self.assertEqual(sorted(one["id"] for one in self.json("deployments", "list")),
                         sorted(RECORDED))
        for deployment, left in RECORDED.items():
            with self.subTest(deployment=deployment):
                found = self.executions(deployment)
                self.assertEqual([(one["workflow_id"], one["status"]) for one in found], left)
                self.assertIn(deployment, self.succeed("deployments", "get", deployment).stdout)
                self.assertTrue(self.json("nodes", "list", "-d", deployment))
                self.assertTrue(self.json("workflows", "list", "-d", deployment))
                self.assertIn("size", self.json("inputs", "-d", deployment))
                self.assertTrue(self.instances(deployment))
                for one in found:
                    events = self.succeed("events", one["id"]).stdout
                    self.assertIn(f"Starting '{one['workflow_id']}' workflow execution", events)
                    if one["workflow_id"] == "install":
                        if deployment != "killed":  # what it said last was not stored any more
                            self.assertIn(f"this is {deployment}.db.create", events)
                        self.assertIn("Creating node instance",
                                      self.succeed("events", one["id"], "--json").stdout)
                    graph = self.succeed("graph", one["id"]).stdout
                    self.assertIn(" operation ", graph)
                    self.assertTrue(self.json("graph", one["id"]))
        self.assertGreaterEqual(self.schema(), self.recorded_schema)
        database = sqlite3.connect(self.path("state/state.db"))
        self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])
        database.close()

    def test_runtime_properties_and_outputs_are_as_they_were(self):
        of_db = [one for one in self.instances("shop") if one["node_id"] == "db"]
        self.assertEqual([one["runtime_properties"] for one in of_db],
                         [{"begun": "start", "made": "by shop.db.create",
                           "deep": {"list": [1, 2.5, None], "text": "grüße"}}])
        webs = [one for one in self.instances("shop") if one["node_id"] == "web"]
        self.assertEqual([one["runtime_properties"]["linked"] for one in webs], ["yes", "yes"])
        self.assertEqual([[link["target_id"] for link in one["relationships"]] for one in webs],
                         [[of_db[0]["id"]]] * 2)
        self.assertEqual(self.json("outputs", "-d", "shop"),
                         {"made": "by shop.db.create", "size": 1, "password": "********"})
        self.assertEqual(self.json("outputs", "-d", "shop", "--show-secrets")["password"],
                         "sesame-open")
        self.assertEqual(self.json("inputs", "-d", "updating")["size"], 2)
        self.assertEqual(self.states("failed"), {"db": "started", "old": "started",
                                                 "web": "creating"})
        self.assertEqual(self.states("killed")["db"], "creating")

    def test_secrets_are_kept(self):
        self.assertEqual([one["key"] for one in self.json("secrets", "list")], ["password"])
        self.assertEqual(self.succeed("secrets", "get", "password").stdout.strip(), "sesame-open")
        self.succeed("secrets", "delete", "password")
        self.assertEqual(self.json("secrets", "list"), [])

    # ------------------------------------------------------------ gone on with

    def test_what_stands_is_taken_down(self):
        self.take_down("shop")

    def test_what_stands_is_worked_with(self):
        self.succeed("execute", "scale", "-d", "shop", "-p", "scalable_entity_name=web",
                     "-p", "delta=-1")
        self.assertEqual(len([one for one in self.instances("shop")
                              if one["node_id"] == "web"]), 1)
        self.succeed("update", self.path("blueprints/shop/next.yaml"), "-d", "shop",
                     "-i", "size=3")
        self.assertEqual(self.states("shop"), dict.fromkeys(("db", "web", "new"), "started"))
        self.assertEqual(self.json("outputs", "-d", "shop")["size"], 3)
        self.take_down("shop")

    def test_the_blueprint_is_run_again(self):
        self.succeed("install", "-b", "blueprints/shop/whole.yaml", "-d", "shop")
        self.assertEqual(self.trace(), [])  # all stands
        self.take_down("shop")

    def test_what_failed_is_resumed(self):
        self.go_on("resume", self.last_execution("failed"))
        self.assert_installed("failed")
        trace = self.trace()
        self.assertEqual([name for name in trace if ".web." in name],
                         ["failed.web.delete", "failed.web.create", "failed.web.start"])
        self.assertEqual([name for name in trace if ".db." in name or ".old." in name], [])
        self.assertEqual(self.executions("failed")[0]["status"], "terminated")
        self.take_down("failed")

    def test_what_was_cancelled_is_resumed(self):
        self.go_on("resume", self.last_execution("cancelled"))
        self.assert_installed("cancelled")
        trace = self.trace()
        for name in ("db.start", "web.create", "web.start"):
            self.assertEqual(trace.count("cancelled." + name), 1, trace)
        self.take_down("cancelled")

    def test_what_lost_its_runner_is_resumed(self):
        self.assertTrue(self.executions("killed")[0]["runner_died"])
        self.go_on("resume", self.last_execution("killed"))
        self.assert_installed("killed")
        trace = self.trace()
        for name in ("db.create", "db.start", "web.create", "web.start"):
            self.assertEqual(trace.count("killed." + name), 1, trace)
        self.take_down("killed")

    def test_what_lost_its_runner_is_cancelled(self):
        for options in ((), ("--kill",)):
            self.succeed("cancel", self.last_execution("killed"), *options)
            self.assertEqual(self.executions("killed")[0]["status"], "cancelled")
            self.go_on("resume", self.last_execution("killed"))
            self.assert_installed("killed")
            self.tearDown()
            self.setUp()

    def test_what_lost_its_runner_is_run_anew(self):
        self.succeed("install", "-d", "killed")
        self.assert_installed("killed")
        self.take_down("killed")

    def test_an_unfinished_update_goes_on(self):
        left = self.json("deployments", "get", "updating")["unfinished_update"]
        self.assertEqual(left["execution_id"], self.last_execution("updating"))
        refused = self.run_cfy("resume", self.last_execution("updating"))
        self.assert_refused(refused, 5, "an update is not resumed", "cfy-run update")
        self.succeed("update", "-d", "updating")
        self.assertEqual(self.states("updating"), dict.fromkeys(("db", "web", "new"), "started"))
        trace = self.trace()
        self.assertEqual(trace.count("updating.new.create"), 1)
        self.assertEqual([name for name in trace if ".old." in name], [])
        self.assertIsNone(self.json("deployments", "get", "updating").get("unfinished_update"))
        self.take_down("updating")

    def test_an_unfinished_update_is_taken_back(self):
        self.succeed("update", self.path("blueprints/shop/blueprint.yaml"), "-d", "updating",
                     "-i", "size=1")
        self.assertEqual(self.states("updating"), dict.fromkeys(("db", "web", "old"), "started"))
        self.take_down("updating")

    def started_modification(self):
        left = [one for one in self.json("modifications", "list") if one["status"] == "started"]
        self.assertEqual([one["deployment_id"] for one in left], ["modifying"])
        return left[0]["id"]

    def test_a_modification_that_was_left_is_rolled_back(self):
        modification = self.started_modification()
        self.assertEqual(len(self.instances("modifying")), 4)
        again = self.run_cfy("execute", "scale", "-d", "modifying",
                             "-p", "scalable_entity_name=web")
        self.assertEqual(again.returncode, 1)
        self.assertIn(modification, again.stdout + again.stderr)
        self.succeed("modifications", "rollback", modification)
        self.assertEqual(len(self.instances("modifying")), 3)
        self.assert_installed("modifying")
        self.take_down("modifying")

    def test_a_modification_that_was_left_is_given_up_by_the_next(self):
        self.started_modification()
        self.succeed("execute", "scale", "-d", "modifying", "-p", "scalable_entity_name=web",
                     "-p", "abort_started=true")
        self.assertEqual(len(self.instances("modifying")), 4)
        self.assert_installed("modifying")
        self.take_down("modifying")

    def test_a_scaling_is_not_resumed(self):
        refused = self.run_cfy("resume", self.last_execution("modifying"))
        self.assert_refused(refused, 5, "is not resumable", "cfy-run execute scale")

    # ------------------------------------------------------------ refused

    def test_a_newer_schema_is_refused_with_both_versions(self):
        self.json("deployments", "list")
        known = self.schema()
        database = sqlite3.connect(self.path("state/state.db"))
        database.execute(f"PRAGMA user_version = {known + 1}")
        database.execute("UPDATE meta SET value = '99.1.2' WHERE key = 'program_version'")
        database.commit()
        database.close()
        self.assert_refused(self.run_cfy("deployments", "list"), 5, "99.1.2",
                            self.succeed("--version").stdout.split()[-1], str(known + 1),
                            str(known))

    @unittest.skipUnless(OLDER_PROGRAM, "CFY_OLDER_RUN names a program of the recorded version")
    def test_the_older_program_refuses_what_was_migrated(self):
        def older(*arguments):
            return subprocess.run([OLDER_PROGRAM, *arguments], cwd=self.folder,
                                  env=self.environment, capture_output=True, text=True,
                                  timeout=support.DEADLINE_S)
        version = older("--version").stdout.split()[-1]
        if version != os.path.basename(self.record).split("-", 1)[1]:
            self.skipTest(f"CFY_OLDER_RUN is of version {version}")
        self.json("deployments", "list")
        result = older("deployments", "list", "--json")
        if self.schema() == self.recorded_schema:
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
            return
        self.assert_refused(result, 5, str(self.schema()), str(self.recorded_schema),
                            self.succeed("--version").stdout.split()[-1], version)


for folder in sorted(glob.glob(os.path.join(DATA, "state-*"))):
    name = "Upgrade_from_" + os.path.basename(folder).split("-", 1)[1].replace(".", "_")
    globals()[name] = type(name, (Upgrade, support.Case), {"record": folder})


class Records(unittest.TestCase):
    def test_there_are_some(self):
        self.assertTrue(glob.glob(os.path.join(DATA, "state-*", "state.sql")))


if __name__ == "__main__":
    support.main()
