"""Ids are names, not paths: what a person makes up is checked, what is there already is not, and
nothing outside the state folder is ever removed."""

import os
import sqlite3

import support

BLUEPRINT = """tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
plugins: {'../../../up': {executor: central_deployment_agent, install: false, source: none.so}}
node_templates:
  '../a/b':
    type: cloudify.nodes.Root
    interfaces:
      cloudify.interfaces.lifecycle:
        create: {implementation: workdir.sh, executor: central_deployment_agent, max_retries: 0}
"""
WORKDIR = "#!/bin/sh\nd=$(ctx plugin workdir); mkdir -p \"$d\"; echo \"$d\" >> \"$OUT\"; touch \"$d/file\"\n"
BAD_IDS = ("..", ".", "", "a/b", "../../victim", "-x", ".x", "a b", "x\n", "\u00e4", "a" * 257)


class Names(support.Case):
    def setUp(self):
        super().setUp()
        self.write("app/blueprint.yaml", BLUEPRINT)
        self.write("app/workdir.sh", WORKDIR, 0o755)
        self.write("victim/precious", "x")
        self.environment["OUT"] = self.path("out")

    def install(self, *arguments):
        return self.run_cfy("install", "-b", "app/blueprint.yaml", "-q", *arguments)

    def rename_deployment(self, old, new):
        """As an older program, which took any name, would have left it."""
        database = sqlite3.connect(self.path("state/state.db"))
        database.execute("PRAGMA foreign_keys = OFF")
        for table in ("node_instances", "executions"):
            database.execute(f"UPDATE {table} SET deployment_id = ? WHERE deployment_id = ?", (new, old))
        database.execute("UPDATE deployments SET id = ? WHERE id = ?", (new, old))
        database.commit()
        database.close()

    def test_an_id_that_is_no_name_is_refused_by_all_that_make_deployments(self):
        for bad in BAD_IDS + (self.path("victim"),):
            for command in (("install", "-b", "app/blueprint.yaml"), ("init", "app/blueprint.yaml"),
                            ("install", "--dry-run", "-b", "app/blueprint.yaml")):
                # A word of its own that begins with "-" would be another option.
                option = [f"--deployment={bad}"] if bad.startswith("-") else ["-d", bad]
                result = self.run_cfy(*command, *option)
                self.assert_refused(result, 3, "a deployment cannot be called")
                self.assertLessEqual(len(result.stderr.splitlines()), 2, result.stderr)
        self.assertEqual(self.json("deployments", "list"), [])
        self.assertEqual(self.read("victim/precious"), "x")

    def test_the_longest_id_has_a_folder(self):
        result = self.install("-d", "a" * 256)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.run_cfy("deployments", "delete", "a" * 256, "--force").returncode, 0)
        self.assertEqual(os.listdir(self.path("state/deployments")), [])

    def test_the_name_of_a_folder_becomes_an_id_and_that_is_said(self):
        os.rename(self.path("app"), self.path("my app!"))
        result = self.run_cfy("init", "my app!/blueprint.yaml")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("'my-app'", result.stderr)
        self.assertEqual(self.run_cfy("init", "my app!/blueprint.yaml").returncode, 0)
        self.assertEqual([row["id"] for row in self.json("deployments", "list")], ["my-app"])

    def test_what_is_there_keeps_its_name_and_is_forgotten_where_it_lies(self):
        for old in ("../../victim", self.path("victim"), "..", ".", "my app"):
            self.assertEqual(self.install("-d", "new").returncode, 0)
            self.rename_deployment("new", old)
            again = self.run_cfy("uninstall", f"--deployment={old}", "-q")
            self.assertEqual(again.returncode, 0, again.stdout + again.stderr)
            self.assertEqual(self.run_cfy("deployments", "get", old).returncode, 0)
            self.assertEqual(self.run_cfy("node-instances", "list", "-d", old).returncode, 0)
            gone = self.run_cfy("deployments", "delete", old)
            self.assertEqual(gone.returncode, 0, gone.stdout + gone.stderr)
            self.assertEqual(self.json("deployments", "list"), [])
            self.assertEqual(self.read("victim/precious"), "x")
        self.assertTrue(os.path.exists(self.path("state/state.db")))

    def test_a_deployment_of_a_folder_with_blanks_is_found_again_under_its_old_name(self):
        os.rename(self.path("app"), self.path("my app"))
        self.assertEqual(self.run_cfy("init", "my app/blueprint.yaml", "-d", "new").returncode, 0)
        self.rename_deployment("new", "my app")
        result = self.run_cfy("install", "-b", "my app/blueprint.yaml", "-q")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual([row["id"] for row in self.json("deployments", "list")], ["my app"])

    def test_nothing_is_removed_through_a_link(self):
        self.assertEqual(self.install("-d", "x").returncode, 0)
        folder = self.path("state/deployments/x")
        self.run_cfy("uninstall", "-d", "x", "-q")
        os.rename(folder, folder + "-moved")
        os.symlink(self.path("victim"), folder)
        self.assertEqual(self.run_cfy("deployments", "delete", "x").returncode, 0)
        self.assertEqual(self.read("victim/precious"), "x")
        self.assertFalse(os.path.lexists(folder))

    def test_work_folders_lie_below_their_deployment(self):
        self.assertEqual(self.install("-d", "x").returncode, 0)
        below = os.path.realpath(self.path("state/deployments/x")) + "/"
        for line in self.read("out").splitlines():
            self.assertTrue(os.path.realpath(line).startswith(below), line)

    def test_names_of_secrets_and_plugins(self):
        for bad in ("..", "a b", "a/b", "\u00e4", ""):
            result = self.run_cfy("secrets", "set", bad, "--file", "app/workdir.sh")
            self.assert_refused(result, 3, "a secret cannot be called")
            self.write("s.yaml", f'"{bad}": x\n')
            self.assert_refused(self.run_cfy("plan", "app/blueprint.yaml", "--secrets", "s.yaml"),
                                3, "a secret cannot be called")
        for name, version in (("../x", "1.0"), ("x", "../1.0"), ("-x", "1"), ("x", "")):
            self.write("p/plugin.yaml", f"plugins: {{p: {{package_name: '{name}', "
                       f"package_version: '{version}'}}}}\n")
            result = self.run_cfy("plugins", "install", "p")
            self.assertIn(result.returncode, (3, 4), result.stderr)
            self.assertEqual(os.listdir(self.path("state/plugins")), [])


if __name__ == "__main__":
    support.main()
