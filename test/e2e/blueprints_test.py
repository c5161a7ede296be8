"""The example blueprints: each is valid, has a plan, and does what its README says.

Every folder of blueprints/ that has a blueprint.yaml is found by itself; RUNS says what to execute
in it and what is to be seen. Inputs are those of the inputs.yaml beside the blueprint, if any.
"""

import os

import support

ROOT = os.path.join(os.environ.get("CFY_SOURCE", ""), "blueprints")
# Secrets have values only where they are kept, so what needs them has no plan without.
NEEDS_SECRETS = {"secrets"}
LIFECYCLE = "operation=cloudify.interfaces.lifecycle."
RELATIONSHIP = "operation=cloudify.interfaces.relationship_lifecycle."

# Folder -> [(workflow, parameters, how often each text is logged)], executed one after another.
RUNS = {
    "data-types": [
        ("my_workflow", [], {"mail comes in at localhost:25": 1,
                             "goes on to smtp.example:2465": 1,
                             'timeouts are {"connect": 2.5, "idle": 300.0}': 1})],
    "examples": [
        ("open_sites", [], {"it has 42 pages": 2, "warmed up to 100": 2,
                            "it stays untidy, which can wait": 2, "site is open": 2}),
        ("grow", ["instances=3"], {"site is there": 1}),
        ("upgrade", [], {"the upgrade failed": 3, "mail comes in": 3}),
        ("check_hosts", [], {"machine is well": 1, "server is well": 1, "site is well": 3}),
        ("backup", [], {"copied": 3})],
    "functions": [
        ("my_workflow", [], {"harbour-test logs at level info": 1,
                             "harbour-test-crane logs at level debug": 1,
                             "version 2.4.1 from registry.example as HARBOUR_TEST_CRANE": 1})],
    "hello-world": [("hello", [], {"Hello, world!": 1})],
    "hosts": [
        ("my_workflow", [], {"is wired": 2, "is in row 1": 2, "is in row 2": 2,
                             "takes from queue build": 4, "takes from queue test": 8})],
    "inputs": [
        ("my_workflow", [], {"site garden-club (medium) on port 8080": 1,
                             'aliases are ["garden", "club"], pages are sent with no-cache': 1})],
    "maintenance": [
        ("backup", [], {"backup of orders: full": 1, "backup of customers: changes": 1}),
        ("backup", ["operation=keep.interfaces.backup.verify"], {"can be read": 2}),
        ("probe", [], {"is well": 4}),
        ("traffic", ["operation=keep.interfaces.traffic.pause"],
         {"leaves orders alone": 2, "leaves customers alone": 2}),
        ("my_workflow", [], {"is well": 4})],
    "namespaces": [
        ("my_workflow", [], {"primary--queue holds 500 messages for 20 clients": 1,
                             "standby--queue holds 50 messages for 20 clients": 1,
                             "producer says hello": 1}),
        ("my_workflow", [RELATIONSHIP + "establish", "is_node_operation=false"],
         {"primary--queue admits producer": 1, "mirrors primary--queue": 1,
          "mirrors standby--queue": 1})],
    "scaling-group": [
        ("my_workflow", [], {"has 20 GB": 3}),
        ("my_workflow", [LIFECYCLE + "configure"],
         {"data on /dev/disk1": 1, "data on /dev/disk2": 1, "data on /dev/disk3": 1}),
        ("my_workflow", [RELATIONSHIP + "establish", "is_node_operation=false"],
         {"mounts /dev/disk1": 1, "mounts /dev/disk2": 1, "mounts /dev/disk3": 1,
          "reports to monitor": 3})],
    "schedules": [
        ("my_workflow", [], {'report 1 of accounts, as ["pdf", "csv"]': 1}),
        ("my_workflow", [], {"report 2 of accounts": 1}),
        ("my_workflow", ["operation=reports.interfaces.reports.clear"],
         {"the reports of accounts are gone": 1})],
    "scripts-and-ctx": [
        ("my_workflow", [], {"Good morning, Ada": 1, "Good morning, Grace": 1,
                             "that was 2 names": 1, "run by the workflow my_workflow": 1,
                             "-> not ready at look": 2, "ready at look 3": 1,
                             "awk counts": 3, "the message is: Be kind": 1})],
    "tutorial": [
        ("my_workflow", ["operation=configure"], {"configured to listen": 4}),
        ("my_workflow", [RELATIONSHIP + "establish", "is_node_operation=false"],
         {"now uses": 3, "now serves": 3})],
    "updates": [
        ("install", [], {"create welcome: Welcome": 1, "create soon: There is more to come": 1,
                         "the server listens on port 8080": 1, "establish welcome": 1})],
    "web-shop": [
        ("my_workflow", [LIFECYCLE + "create"],
         {"a machine at 10.1.1.1": 1, "a machine at 10.1.2.1": 1, "a machine at 10.1.2.2": 1,
          "a machine at 10.1.3.1": 1, "schema goods is there": 1}),
        ("my_workflow", [], {"the database listens at 10.1.3.1:5432/goods": 1,
                             "a shop for shop.example at 10.1.2.1:8080": 1,
                             "a shop for shop.example at 10.1.2.2:8080": 1,
                             "listening on port 443": 1}),
        ("my_workflow", [RELATIONSHIP + "preconfigure", "is_node_operation=false"],
         {"goods come from 10.1.3.1:5432/goods": 2, "may use goods": 2}),
        ("my_workflow", [RELATIONSHIP + "establish", "is_node_operation=false"],
         {"at 10.1.2.1:8080": 1, "at 10.1.2.2:8080": 1}),
        ("my_workflow", [RELATIONSHIP + "unlink", "is_node_operation=false"],
         {"is gone": 2, "is out": 2}),
        ("my_workflow", [LIFECYCLE + "start"], {"is up": 4}),
        ("my_workflow", [LIFECYCLE + "stop"], {"is down": 4})],
}

# What the README of `inputs` says is refused, and with which words.
REFUSED = [
    ([], "name"),
    (["name=Garden"], "a site's name starts with a letter and has no capitals"),
    (["name=a-name-of-more-than-twenty"], "at most 20 characters, please"),
    (["name=club", "port=80"], "port"),
    (["name=club", "plan=huge"], "plan"),
    (["name=club", 'aliases:=["club", "no"]'], "aliases"),
    (["name=club", "nmae=club"], "nmae"),
]


def example(name, *more):
    return os.path.join(ROOT, name, *more)


def examples():
    return sorted(name for name in os.listdir(ROOT)
                  if os.path.exists(example(name, "blueprint.yaml")))


def inputs_of(name):
    path = example(name, "inputs.yaml")
    return ["-i", path] if os.path.exists(path) else []


class Examples(support.Case):
    def test_every_example_is_run(self):
        self.assertEqual(set(examples()), set(RUNS) | NEEDS_SECRETS)

    def test_every_example_is_valid(self):
        for name in examples():
            with self.subTest(name):
                result = self.run_cfy("validate", example(name, "blueprint.yaml"))
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
                self.assertNotIn("warning", result.stdout + result.stderr)

    def test_every_example_has_a_plan(self):
        for name in examples():
            if name in NEEDS_SECRETS:
                continue
            with self.subTest(name):
                plan = self.json("plan", example(name, "blueprint.yaml"), *inputs_of(name))
                self.assertTrue(plan["nodes"])
                self.assertGreaterEqual(len(plan["node_instances"]), len(plan["nodes"]))

    def test_wrong_inputs_are_refused_with_a_reason(self):
        for inputs, reason in REFUSED:
            with self.subTest(inputs):
                options = [word for one in inputs for word in ("-i", one)]
                result = self.run_cfy("plan", example("inputs", "blueprint.yaml"), *options)
                self.assert_refused(result, 3, reason)


class Execution(support.Case):
    def run_example(self, name):
        for workflow, parameters, expected in RUNS[name]:
            options = [word for one in parameters for word in ("-p", one)]
            result = self.run_cfy("execute", workflow, "-b", example(name, "blueprint.yaml"),
                                  *inputs_of(name), *options)
            said = result.stdout + result.stderr
            self.assertEqual(result.returncode, 0, said)
            for text, times in expected.items():
                self.assertEqual(said.count(text), times, f"'{text}' in:\n{said}")


class Installation(support.Case):
    def run_and_expect(self, name, workflow, jobs, state):
        result = self.run_cfy(workflow, "-b", example(name, "blueprint.yaml"), *inputs_of(name),
                              "-j", jobs)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        instances = self.json("node-instances", "list", "-d", name)
        self.assertEqual({one["state"] for one in instances}, {state})

    def test_every_example_can_be_installed_and_uninstalled(self):
        for name in RUNS:
            for jobs in ("1", "16"):
                with self.subTest(name, jobs=jobs):
                    self.run_and_expect(name, "install", jobs, "started")
                    self.run_and_expect(name, "uninstall", jobs, "deleted")


class Update(support.Case):
    def update(self, *arguments):
        result = self.run_cfy("update", *arguments, "-d", "updates")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return [line.split(": ", 1)[1] for line in result.stdout.splitlines() if " INFO: " in line]

    def test_updates_do_what_they_say(self):
        self.run_cfy("install", "-b", example("updates", "blueprint.yaml"))
        shown = self.run_cfy("update", example("updates", "next.yaml"), "-d", "updates",
                             "--preview").stdout
        for line in ("+ node catalogue", "- node soon", "~ property text"):
            self.assertIn(line, shown)
        self.assertEqual(
            self.update(example("updates", "next.yaml")),
            ["unlink soon", "delete soon: There is more to come", "unlink welcome",
             "delete welcome: Welcome back", "create welcome: Welcome back", "establish welcome",
             "create catalogue: All that we have", "establish catalogue"])
        self.assertEqual(self.update("-i", "port=8081"), ["the server listens on port 8081"])
        self.assertEqual(self.json("outputs", "-d", "updates"), {"pages": ["welcome", "catalogue"]})


def add_execution_test(name):
    def test(self):
        self.run_example(name)
    setattr(Execution, "test_" + name.replace("-", "_") + "_does_what_it_says", test)


for run in RUNS:
    add_execution_test(run)


if __name__ == "__main__":
    support.main()
