"""Updates: other blueprints and inputs for a deployment that stands, also after one that failed."""

import json
import os
import shutil
import signal

import support

TYPES = """tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
inputs:
  size: {default: 1}
node_types:
  plain:
    derived_from: cloudify.nodes.Root
    properties:
      size: {default: 0}
      config: {default: {}}
    interfaces:
      cloudify.interfaces.lifecycle:
        create: {implementation: scripts/node.sh, inputs: &inputs {here: {default: HERE}}}
        delete: {implementation: scripts/node.sh, inputs: *inputs}
  updatable:
    derived_from: plain
    interfaces:
      cloudify.interfaces.lifecycle:
        preupdate: {implementation: scripts/node.sh, inputs: *inputs}
        update: {implementation: scripts/node.sh, inputs: *inputs}
        postupdate: {implementation: scripts/node.sh, inputs: *inputs}
  drifting:
    derived_from: plain
    interfaces:
      cloudify.interfaces.lifecycle:
        check_drift: {implementation: scripts/drift.sh, inputs: *inputs}
        update_config: {implementation: scripts/node.sh, inputs: *inputs}
        update_apply: {implementation: scripts/node.sh, inputs: *inputs}
relationships:
  link:
    derived_from: cloudify.relationships.connected_to
    source_interfaces:
      cloudify.interfaces.relationship_lifecycle:
        establish: {implementation: scripts/link.sh, inputs: *inputs}
        unlink: {implementation: scripts/link.sh, inputs: *inputs}
"""

# Says what it does, waits when it is told to, fails when it is told to.
NODE = """#!/bin/bash
set -e
name="$(ctx node name).$(ctx operation name | sed 's/.*[.]//')"
echo "$name" >> "$here/trace"
while [ -e "$here/hold.$name" ]; do sleep 0.02; done
if [ -e "$here/fail.$name" ]; then ctx abort-operation "told to fail"; fi
ctx instance runtime-properties "$(ctx operation name | sed 's/.*[.]//')" done
"""
LINK = """#!/bin/bash
set -e
name="$(ctx source node name)->$(ctx target node name)"
name="$name.$(ctx operation name | sed 's/.*[.]//')"
echo "$name" >> "$here/trace"
if [ -e "$here/fail.$name" ]; then ctx abort-operation "told to fail"; fi
"""
DRIFT = """#!/bin/bash
set -e
echo "$(ctx node name).check_drift" >> "$here/trace"
if [ -e "$here/drift" ]; then ctx returns "it drifted"; fi
"""


def nodes(text):
    return "node_templates:\n" + text


class Updates(support.Case):
    def setUp(self):
        super().setUp()
        for name, text in (("node", NODE), ("link", LINK), ("drift", DRIFT)):
            self.write(f"app/scripts/{name}.sh", text, 0o755)

    def blueprint(self, text, name="blueprint.yaml", folder="app"):
        self.write(f"{folder}/{name}", TYPES.replace("HERE", self.folder) + text)

    def trace(self):
        """What operations said since the last look."""
        lines = self.read("trace").splitlines()
        if os.path.exists(self.path("trace")):
            os.remove(self.path("trace"))
        return lines

    def install(self, text):
        self.blueprint(text)
        self.succeed("install", "-b", "app/blueprint.yaml")
        self.trace()

    def succeed(self, *arguments):
        result = self.run_cfy(*arguments)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result

    def update(self, *arguments):
        self.succeed("update", "-d", "app", "--task-retries", "0", *arguments)
        return self.trace()

    def states(self):
        return {one["node_id"]: one["state"]
                for one in self.json("node-instances", "list", "-d", "app")}

    def relationships(self):
        rows = self.json("node-instances", "list", "-d", "app")
        names = {one["id"]: one["node_id"] for one in rows}
        return {one["node_id"]: [names[r["target_id"]] for r in one["relationships"]]
                for one in rows}

    def test_nodes_come_and_go(self):
        self.install(nodes("""  a: {type: plain}
  b: {type: plain, relationships: [{type: link, target: a}]}
"""))
        self.blueprint(nodes("""  a: {type: plain}
  c: {type: plain, relationships: [{type: link, target: a}]}
"""))
        self.assertEqual(self.update(), ["b->a.unlink", "b.delete", "c.create", "c->a.establish"])
        self.assertEqual(self.states(), {"a": "started", "c": "started"})
        self.assertEqual(self.relationships(), {"a": [], "c": ["a"]})
        self.assertEqual([one["id"] for one in self.json("nodes", "list", "-d", "app")],
                         ["a", "c"])
        # The blueprint is followed from here on as if it had always been so.
        self.succeed("execute", "uninstall", "-b", "app/blueprint.yaml")
        self.assertEqual(self.trace(), ["c->a.unlink", "c.delete", "a.delete"])

    def test_files_of_what_goes_are_found_beside_the_old_blueprint(self):
        self.install(nodes("  a: {type: plain}\n  b: {type: plain}\n"))
        shutil.copytree(self.path("app/scripts"), self.path("other/scripts"))
        self.blueprint(nodes("  a: {type: plain}\n"), folder="other")
        self.write("app/scripts/node.sh", NODE.replace('echo "$name"', 'echo "old $name"'), 0o755)
        self.assertEqual(self.update("other/blueprint.yaml"), ["old b.delete"])
        row = self.json("deployments", "get", "app")
        self.assertEqual(row["blueprint_path"], self.path("other/blueprint.yaml"))

    def test_what_changed_is_updated_or_reinstalled(self):
        self.install(nodes("""  u: {type: updatable, properties: {size: {get_input: size}}}
  p: {type: plain, properties: {size: {get_input: size}}}
  r: {type: plain, relationships: [{type: link, target: p}]}
outputs: {size: {value: {get_property: [p, size]}}}
"""))
        trace = self.update("-i", "size=2")
        self.assertEqual(trace[:3], ["u.preupdate", "u.update", "u.postupdate"])
        self.assertEqual(trace[3:], ["r->p.unlink", "p.delete", "p.create", "r->p.establish"])
        self.assertEqual(self.json("outputs", "-d", "app"), {"size": 2})
        self.assertEqual(self.json("inputs", "-d", "app")["size"], 2)
        # Runtime properties stay, and inputs that are not given again.
        properties = {one["node_id"]: one["runtime_properties"]
                      for one in self.json("node-instances", "list", "-d", "app")}
        self.assertEqual(properties["u"], dict.fromkeys(
            ("create", "preupdate", "update", "postupdate"), "done"))
        self.assertEqual(self.update(), [])
        self.assertEqual(self.json("inputs", "-d", "app")["size"], 2)

    def test_what_is_skipped_is_skipped(self):
        self.install(nodes("  p: {type: plain, properties: {size: {get_input: size}}}\n"
                           "  gone: {type: plain}\n"))
        self.blueprint(nodes("  p: {type: plain, properties: {size: {get_input: size}}}\n"
                             "  new: {type: plain}\n"))
        trace = self.update("-i", "size=2", *(word for name in ("install", "uninstall", "reinstall")
                                              for word in ("-p", f"skip_{name}=true")))
        self.assertEqual(trace, [])
        self.assertEqual(self.states(), {"p": "started", "new": "uninitialized"})

    def test_what_does_not_stand_is_left_alone(self):
        self.blueprint(nodes("  p: {type: plain, properties: {size: {get_input: size}}}\n"))
        self.succeed("init", "app/blueprint.yaml")
        self.assertEqual(self.update("-i", "size=2"), [])
        self.assertEqual(self.states(), {"p": "uninitialized"})
        self.assertEqual(self.json("inputs", "-d", "app")["size"], 2)

    def test_what_is_contained_is_reinstalled_with_its_container(self):
        self.install(nodes("""  box: {type: plain, properties: {size: {get_input: size}}}
  thing: {type: plain, relationships: [{type: cloudify.relationships.contained_in, target: box}]}
"""))
        self.assertEqual(self.update("-i", "size=2"),
                         ["thing.delete", "box.delete", "box.create", "thing.create"])

    def test_new_ones_may_come_first(self):
        self.install(nodes("  old: {type: plain}\n"))
        self.blueprint(nodes("  new: {type: plain}\n"))
        self.assertEqual(self.update("-p", "install_first=true"), ["new.create", "old.delete"])

    def test_failures_of_what_goes_can_be_ignored(self):
        self.install(nodes("  a: {type: plain}\n  old: {type: plain}\n"))
        self.blueprint(nodes("  a: {type: plain}\n"))
        self.write("fail.old.delete", "")
        self.assertEqual(self.update("-p", "ignore_failure=true"), ["old.delete"])
        self.assertEqual(self.states(), {"a": "started"})

    def test_relationships_say_themselves_whether_they_drifted(self):
        more = "        %s: {implementation: scripts/%s.sh, inputs: *inputs}\n"
        text = TYPES.replace("HERE", self.folder) + (
            more % ("check_drift", "link_drift") + more % ("update", "link")) + nodes(
            "  a: {type: plain}\n"
            "  c: {type: plain, relationships: [{type: link, target: a}]}\n")
        self.write("app/scripts/link_drift.sh", DRIFT.replace(
            "$(ctx node name)", "$(ctx source node name)"), 0o755)
        self.write("app/blueprint.yaml", text)
        self.succeed("install", "-b", "app/blueprint.yaml")
        self.trace()
        self.assertEqual(self.update(), ["c.check_drift"])
        self.write("drift", "")
        self.assertEqual(self.update(), ["c.check_drift", "c->a.update"])

    def test_updates_in_place_can_be_declined(self):
        self.install(nodes("  u: {type: updatable, properties: {size: {get_input: size}}}\n"))
        self.assertEqual(self.update("-i", "size=2", "-p", "force_reinstall=true"),
                         ["u.delete", "u.create"])
        self.assertEqual(self.update("-i", "size=2"), [])
        id = self.json("node-instances", "list", "-d", "app")[0]["id"]
        self.assertEqual(self.update("-p", f"reinstall_list:=[\"{id}\"]", "-p",
                                     "skip_reinstall=true"), ["u.delete", "u.create"])

    def test_an_update_that_fails_ends_in_a_reinstall(self):
        self.install(nodes("  u: {type: updatable, properties: {size: {get_input: size}}}\n"))
        self.write("fail.u.update", "")
        self.assertEqual(self.update("-i", "size=2"),
                         ["u.preupdate", "u.update", "u.delete", "u.create"])

    def test_instances_say_themselves_whether_they_drifted(self):
        self.install(nodes("  d: {type: drifting, properties: {size: {get_input: size}}}\n"))
        self.assertEqual(self.update("-i", "size=2"), ["d.check_drift"])
        self.write("drift", "")
        self.assertEqual(self.update(), ["d.check_drift", "d.update_config", "d.update_apply"])
        self.assertEqual(self.update("-p", "skip_drift_check=true"), [])
        self.assertEqual(self.update("-i", "size=3", "-p", "skip_drift_check=true"),
                         ["d.update_config", "d.update_apply"])

    def test_a_preview_leaves_to_check_drift_what_it_decides(self):
        self.install(nodes("""  d: {type: drifting, properties: {size: {get_input: size}}}
  u: {type: updatable, properties: {size: {get_input: size}}}
"""))
        ids = {one["node_id"]: one["id"] for one in self.json("node-instances", "list")}
        preview = ("update", "-d", "app", "-i", "size=2", "--preview")
        shown = self.succeed(*preview).stdout
        self.assertIn(f"update       {ids['d']} if check_drift finds a difference\n", shown)
        self.assertIn(f"update       {ids['u']}\n", shown)
        told = self.json(*preview)["node_instances"]
        self.assertEqual(sorted(told["updated"]), sorted(ids.values()))
        self.assertEqual(told["if_drifted"], [ids["d"]])
        unchecked = self.json(*preview, "-p", "skip_drift_check=true", "-p", "force_reinstall=true")
        self.assertEqual(unchecked["node_instances"]["if_drifted"], [])
        self.assertEqual(sorted(unchecked["node_instances"]["reinstalled"]), sorted(ids.values()))

    def test_relationships_come_and_go(self):
        first = """  a: {type: plain}
  b: {type: plain}
  c: {type: plain, relationships: [{type: link, target: a}, {type: link, target: b}]}
"""
        self.install(nodes(first))
        self.blueprint(nodes(first.replace("  b: {type: plain}", "  b: {type: plain}\n"
                                           "  d: {type: plain}").replace(
            "{type: link, target: a}, {type: link, target: b}",
            "{type: link, target: d}, {type: link, target: b}")))
        self.assertEqual(self.update(), ["c->a.unlink", "d.create", "c->d.establish"])
        self.assertEqual(self.relationships()["c"], ["d", "b"])
        self.blueprint(nodes(first))
        self.assertEqual(self.update(), ["c->d.unlink", "d.delete", "c->a.establish"])
        self.assertEqual(self.relationships()["c"], ["a", "b"])

    def test_a_node_that_changed_and_lost_a_relationship_does_not_get_it_back(self):
        text = """  a: {type: plain}
  c: {type: plain, properties: {size: {get_input: size}}, relationships: [RELATIONSHIPS]}
"""
        self.install(nodes(text.replace("RELATIONSHIPS", "{type: link, target: a}")))
        self.blueprint(nodes(text.replace("RELATIONSHIPS", "")))
        self.assertEqual(self.update("-i", "size=2"), ["c->a.unlink", "c.delete", "c.create"])
        self.assertEqual(self.relationships()["c"], [])

    def test_operations_that_change_count_and_definitions_of_others_do_not(self):
        self.install(nodes("  p: {type: plain}\n"))
        more = nodes("  p: {type: plain}\n") + "outputs: {more: {value: 'yes'}}\n"
        self.blueprint(more)
        self.assertEqual(self.update(), [])
        self.assertEqual(self.json("outputs", "-d", "app"), {"more": "yes"})
        self.blueprint(more.replace(
            "{type: plain}", "{type: plain, interfaces: {cloudify.interfaces.lifecycle: "
            "{stop: {implementation: scripts/node.sh, inputs: {here: '" + self.folder + "'}}}}}"))
        self.assertEqual(self.update(), ["p.stop", "p.delete", "p.create"])

    def test_numbers_of_instances(self):
        self.install(nodes("  p: {type: plain, instances: {deploy: 1}}\n"))
        self.blueprint(nodes("  p: {type: plain, instances: {deploy: 3}}\n"))
        self.assertEqual(self.update(), ["p.create", "p.create"])
        self.blueprint(nodes("  p: {type: plain, instances: {deploy: 2}}\n"))
        self.assertEqual(self.update(), ["p.delete"])
        # What scale made of it stays.
        self.succeed("execute", "scale", "-d", "app", "-p", "scalable_entity_name=p")
        self.trace()
        self.blueprint(nodes("  p: {type: plain, capabilities: {scalable: {properties: "
                             "{default_instances: 7}}}}\n"))
        self.assertEqual(self.update(), [])
        self.assertEqual(len(self.json("node-instances", "list", "-d", "app")), 3)

    def test_a_preview_changes_nothing(self):
        self.install(nodes("""  a: {type: plain}
  u: {type: updatable, properties: {size: {get_input: size}, config: {deep: {x: 1, y: 2}}}}
"""))
        self.blueprint(nodes("""  n: {type: plain, relationships: [{type: link, target: u}]}
  u: {type: updatable, properties: {size: {get_input: size}, config: {deep: {x: 1, y: 3}}}}
"""))
        before = self.json("deployments", "list"), self.json("node-instances", "list", "-d", "app")
        shown = self.succeed("update", "-d", "app", "-i", "size=2", "--preview").stdout
        for line in ("+ node n", "- node a", "~ node u", "~ property size",
                     "~ property config.deep.y", "~ inputs.size", "install      1 of n",
                     "uninstall    a_", "update       u_"):
            self.assertIn(line, shown)
        preview = self.json("update", "-d", "app", "--preview")
        self.assertEqual(preview["nodes"]["added"], ["n"])
        self.assertEqual(preview["nodes"]["changed"][0]["properties"],
                         [{"path": "config.deep.y", "action": "changed"}])
        self.assertEqual(preview["node_instances"]["added"], {"n": 1})
        self.assertEqual(self.update("-p", "preview=true"), [])
        self.assertEqual(before, (self.json("deployments", "list"),
                                  self.json("node-instances", "list", "-d", "app")))
        self.assertEqual(self.trace(), [])

    def test_a_dry_run_changes_nothing(self):
        self.install(nodes("  p: {type: plain, properties: {size: {get_input: size}}}\n"
                           "  gone: {type: plain}\n"))
        before = self.json("node-instances", "list", "-d", "app")
        self.blueprint(nodes("  p: {type: plain, properties: {size: {get_input: size}}}\n"
                             "  new: {type: plain}\n"))
        result = self.succeed("update", "-d", "app", "-i", "size=2", "--dry-run")
        self.assertIn("Creating node instance", result.stdout)
        self.assertIn("Stopping node instance", result.stdout)
        self.assertEqual(self.json("node-instances", "list", "-d", "app"), before)
        self.assertEqual(self.json("inputs", "-d", "app")["size"], 1)

    def test_a_failed_update_goes_on_when_it_is_repeated(self):
        self.install(nodes("""  a: {type: plain}
  p: {type: plain, properties: {size: {get_input: size}}}
  gone: {type: plain}
"""))
        self.blueprint(nodes("""  a: {type: plain, relationships: [{type: link, target: new}]}
  p: {type: plain, properties: {size: {get_input: size}}}
  new: {type: plain}
"""))
        update = ("update", "-d", "app", "--task-retries", "0")
        self.write("fail.p.create", "")
        failed = self.run_cfy(*update, "-i", "size=2")
        self.assertEqual(failed.returncode, 1, failed.stdout + failed.stderr)
        self.assertIn("cfy-run update -d app", failed.stderr)
        self.assertEqual(self.trace(), ["gone.delete", "p.delete", "p.create"])
        self.assertEqual(self.states()["new"], "uninitialized")
        os.remove(self.path("fail.p.create"))

        self.assertEqual(
            self.json("deployments", "get", "app")["unfinished_update"]["execution_id"],
            self.json("executions", "list")[-1]["id"])
        left = self.json("update", "-d", "app", "--preview")
        self.assertEqual(left["unfinished_update"]["execution_id"],
                         self.json("executions", "list")[-1]["id"])
        self.assertEqual(left["node_instances"]["added"], {"new": 1})
        # Other workflows work with what there is, and say so.
        checked = self.succeed("execute", "check_status", "-d", "app")
        self.assertIn("did not come to its end", checked.stderr)

        self.write("fail.a->new.establish", "")
        failed = self.run_cfy(*update)
        self.assertEqual(failed.returncode, 1, failed.stdout + failed.stderr)
        self.assertEqual(sorted(set(self.trace()) - {"p.delete"}),
                         ["a->new.establish", "new.create", "p.create"])
        os.remove(self.path("fail.a->new.establish"))
        self.assertEqual(self.update(), ["a->new.establish"])
        self.assertEqual(self.states(), dict.fromkeys(("a", "p", "new"), "started"))
        self.assertEqual(self.update(), [])
        checked = self.succeed("execute", "check_status", "-d", "app")
        self.assertNotIn("did not come to its end", checked.stderr)

    def test_an_update_can_be_taken_back_after_it_failed(self):
        before = nodes("  a: {type: plain}\n  gone: {type: plain}\n")
        self.install(before)
        self.write("fail.gone.delete", "")
        self.blueprint(nodes("  a: {type: plain}\n  new: {type: plain}\n"))
        failed = self.run_cfy("update", "-d", "app", "--task-retries", "0")
        self.assertEqual(failed.returncode, 1)
        os.remove(self.path("fail.gone.delete"))
        self.trace()
        self.blueprint(before)
        trace = self.update()
        self.assertEqual(trace[-1], "gone.create", trace)
        self.assertEqual(self.states(), {"a": "started", "gone": "started"})

    def test_a_runner_that_was_killed_leaves_what_the_next_update_goes_on_with(self):
        self.install(nodes("""  p: {type: plain, properties: {size: {get_input: size}}}
  gone: {type: plain}
"""))
        self.blueprint(nodes("""  p: {type: plain, properties: {size: {get_input: size}}}
  new: {type: plain}
"""))
        self.write("hold.p.create", "")
        runner = self.start_cfy("update", "-d", "app", "-i", "size=2")
        self.wait_for(lambda: "p.create" in self.read("trace"), "p is created anew")
        refused = self.run_cfy("update", "-d", "app")
        self.assert_refused(refused, 5)
        os.kill(runner.pid, signal.SIGKILL)
        runner.wait()
        os.remove(self.path("hold.p.create"))
        self.wait_for(lambda: self.executions_without_workers(), "the worker's end")
        self.trace()
        self.assertEqual(self.json("inputs", "-d", "app")["size"], 2)
        trace = self.update()
        self.assertIn("new.create", trace)
        self.assertIn("p.create", trace)
        self.assertNotIn("gone.delete", trace)
        self.assertEqual(self.states(), {"p": "started", "new": "started"})

    def executions_without_workers(self):
        id = self.json("executions", "list")[-1]["id"]
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    with open(f"/proc/{entry}/cmdline") as file:
                        if id in file.read():
                            return False
                except OSError:
                    continue
        return True

    def test_what_cannot_be_updated_is_refused(self):
        self.install(nodes("  a: {type: plain}\n  b: {type: plain}\n"))
        self.blueprint(nodes("  a: {type: updatable}\n  b: {type: plain, relationships: "
                             "[{type: cloudify.relationships.contained_in, target: a}]}\n"))
        refused = self.run_cfy("update", "-d", "app")
        self.assert_refused(refused, 3, "unsupported steps", "'a' changes its type", "'b' changes")
        self.assertEqual(self.states(), {"a": "started", "b": "started"})

    def test_refusals(self):
        self.install(nodes("  a: {type: plain}\n"))
        self.assert_refused(self.run_cfy("update", "-d", "ap"), 5, "no deployment 'ap'", "'app'")
        self.assert_refused(self.run_cfy("update", "-d", "app", "-i", "sise=2"), 3, "'sise'")
        self.assert_refused(self.run_cfy("update", "-d", "app", "-p", "skip=2"), 3, "'skip'")
        self.assert_refused(self.run_cfy("execute", "update", "-d", "app"), 2, "cfy-run update -d app")
        same = self.succeed("update", "-d", "app")
        self.assertIn("nothing changed", same.stderr)
        self.assertIn("nothing changed", self.succeed("update", "-d", "app", "--preview").stdout)

    def test_records(self):
        self.install(nodes("  a: {type: plain}\n"))
        result = self.succeed("update", "-d", "app", "--json")
        last = json.loads(result.stdout.splitlines()[-1])
        self.assertEqual((last["type"], last["status"]), ("execution", "terminated"))


if __name__ == "__main__":
    support.main()
