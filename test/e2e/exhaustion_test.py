"""A machine without threads, descriptors, memory or room, a state of somebody else's, a row that
makes no sense, values without a bottom: one sentence and an exit code, never a crash or a hang."""

import os
import resource
import signal
import socket
import sqlite3
import stat
import subprocess
import time
import unittest

import support

BLUEPRINT = """tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
node_templates:
  a:
    type: cloudify.nodes.Root
    interfaces:
      cloudify.interfaces.lifecycle:
        create: {implementation: op.sh, executor: central_deployment_agent, max_retries: 0}
"""
IS_ROOT = os.geteuid() == 0
ROOT_ONLY = unittest.skipUnless(IS_ROOT, "needs root")
NO_SANITIZER = unittest.skipIf(os.environ.get("CFY_SANITIZE"), "a sanitizer reserves memory")
NOBODY = 65534


class Exhaustion(support.Case):
    def setUp(self):
        super().setUp()
        self.write("app/blueprint.yaml", BLUEPRINT)
        self.write("app/op.sh", "#!/bin/sh\necho hello\n", 0o755)

    def install(self, *arguments, **options):
        return self.run_cfy("install", "-b", "app/blueprint.yaml", "-d", "x", *arguments, **options)

    def assert_ends_in_order(self, result, *codes):
        said = result.stdout + result.stderr
        self.assertIn(result.returncode, codes, said)
        self.assertNotIn("terminate called", said)
        self.assertNotIn("internal error", said)


class Limits(Exhaustion):
    def test_few_descriptors(self):
        for count in range(4, 24):
            def limit():
                resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))
            self.assert_ends_in_order(self.install("-q", preexec_fn=limit), 0, 1, 4, 5, 127)

    @NO_SANITIZER
    def test_little_memory(self):
        for megabytes in (40, 60, 80, 120, 160, 200, 300):
            def limit():
                resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
            self.assert_ends_in_order(self.install("-q", preexec_fn=limit), 0, 1, 4, 5, 127)

    @ROOT_ONLY
    def test_few_processes(self):
        os.chmod(self.folder, 0o755)
        for count in range(1, 9):
            state = self.path(f"u/state{count}")
            os.makedirs(self.path("u"), exist_ok=True)
            os.chown(self.path("u"), 54321, 54321)
            self.environment["CFY_RUN_HOME"] = state

            def limit():
                resource.setrlimit(resource.RLIMIT_NPROC, (count, count))
                os.setgid(54321)
                os.setuid(54321)
            self.assert_ends_in_order(self.install("-q", preexec_fn=limit), 0, 1, 5)

    def test_relationships_without_end(self):
        self.write("app/blueprint.yaml", BLUEPRINT + "    instances: {deploy: 30000}\n"
                   "  b:\n    type: cloudify.nodes.Root\n    instances: {deploy: 30000}\n"
                   "    relationships: [{type: cloudify.relationships.connected_to, target: a}]\n")
        self.assert_refused(self.run_cfy("plan", "app/blueprint.yaml"), 3, "1000000 relationships")


class Depth(Exhaustion):
    DEEP = "[" * 50_000 + "]" * 50_000

    def test_values_of_the_command_line(self):
        for option in ("-i", "-p"):
            result = self.install(option, f"x:={self.DEEP}", "--allow-custom-parameters")
            self.assert_refused(result, 3, "nested more than 1000 levels deep")
            self.assertLess(len(result.stderr), 1000)

    def test_secrets_are_texts_of_any_depth(self):
        self.write("deep", self.DEEP)
        self.environment["CFY_SECRET_T"] = self.DEEP
        self.assertEqual(self.run_cfy("secrets", "set", "s", "--file", "deep").returncode, 0)
        self.assertEqual(self.install("-q").returncode, 0)
        self.assertEqual(self.run_cfy("node-instances", "list").returncode, 0)
        self.write("app/blueprint.yaml", BLUEPRINT + "outputs: {o: {value: {get_secret: [s, k]}}}\n")
        self.install("-q")
        self.assert_refused(self.run_cfy("outputs"), 1, "nested more than 1000 levels deep")


class Rows(Exhaustion):
    def damage(self, sql):
        database = sqlite3.connect(self.path("state/state.db"))
        database.execute(sql)
        database.commit()
        database.close()

    def test_rows_of_another_shape(self):
        self.write("app/op.sh", "#!/bin/sh\nexit 1\n", 0o755)
        self.install("-q")
        execution = self.execution()["id"]
        with open(self.path("state/state.db"), "rb") as file:
            good = file.read()
        for table, change in (("executions", "setup = '[]'"), ("executions", "setup = '{\"jobs\": \"x\"}'"),
                              ("executions", "parameters = '1'"), ("node_instances", "relationships = '[{}]'"),
                              ("node_instances", "runtime_properties = '[]'"),
                              ("deployments", "plan = '{\"nodes\": [[]]}'"),
                              ("operations", "parameters = '{\"operation\": 1}'")):
            with open(self.path("state/state.db"), "wb") as file:
                file.write(good)
            for log in ("state.db-wal", "state.db-shm"):
                if os.path.exists(self.path(f"state/{log}")):
                    os.remove(self.path(f"state/{log}"))
            self.damage(f"UPDATE {table} SET {change}")
            told = []
            for command in (("nodes", "list"), ("graph", execution), ("executions", "list"),
                            ("node-instances", "list"), ("resume", execution, "--force")):
                result = self.run_cfy(*command)
                self.assert_ends_in_order(result, 0, 1, 5)
                if result.returncode == 5:
                    self.assertIn("is damaged", result.stderr)
                    told.append(result.stderr)
            self.assertTrue(any(f"'{change.split()[0]}' of '" in text and f"table '{table}'" in text
                                for text in told), told)


class Folders(Exhaustion):
    def test_a_folder_that_others_may_write_to_becomes_ours_alone(self):
        os.mkdir(self.path("state"))
        os.chmod(self.path("state"), 0o777)
        result = self.install()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("other users could write to the state folder", result.stderr)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("state")).st_mode) & 0o022, 0)
        self.assertNotIn("other users", self.install().stderr)

    @ROOT_ONLY
    def test_a_folder_of_another_user_is_refused(self):
        os.mkdir(self.path("state"))
        os.chown(self.path("state"), NOBODY, NOBODY)
        for command in (("install", "-b", "app/blueprint.yaml"), ("executions", "list"),
                        ("validate", "app/blueprint.yaml"), ("plugins", "list")):
            self.assert_refused(self.run_cfy(*command), 5, "belongs to user")
        self.assertEqual(os.listdir(self.path("state")), [])

    @ROOT_ONLY
    def test_what_another_user_has_put_into_the_folder_is_refused(self):
        self.write("state/plugins/theirs/1.0/plugin.yaml", "plugins: {theirs: {}}\n")
        os.chmod(self.path("state"), 0o700)
        self.assertIn("theirs", self.run_cfy("plugins", "list").stdout)
        os.chown(self.path("state/plugins/theirs"), NOBODY, NOBODY)
        self.assertNotIn("theirs", self.run_cfy("plugins", "list").stdout)
        self.write("state/config.yaml", "import_resolver: {}\n")
        os.chown(self.path("state/config.yaml"), NOBODY, NOBODY)
        self.assert_refused(self.run_cfy("validate", "app/blueprint.yaml"), 5, "config.yaml",
                            "belongs to user")

    @ROOT_ONLY
    def test_state_on_a_read_only_file_system_can_be_listed(self):
        os.mkdir(self.path("state"))
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=700", "tmpfs", self.path("state")],
                          capture_output=True).returncode != 0:
            self.skipTest("cannot mount")
        try:
            self.assertEqual(self.install("-q").returncode, 0)
            subprocess.run(["mount", "-o", "remount,ro", self.path("state")], check=True)
            self.assertEqual(self.execution()["status"], "terminated")
            self.assert_refused(self.install("-q"), 5, "read-only file system")
        finally:
            subprocess.run(["umount", self.path("state")], check=True)

    @ROOT_ONLY
    def test_the_lack_of_inodes_is_named(self):
        os.mkdir(self.path("state"))
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=700,nr_inodes=3", "tmpfs",
                           self.path("state")], capture_output=True).returncode != 0:
            self.skipTest("cannot mount")
        try:
            self.assert_refused(self.install("-q"), 5, "no inodes left")
        finally:
            subprocess.run(["umount", self.path("state")], check=True)


class Downloads(Exhaustion):
    def test_a_signal_ends_an_installation_and_leaves_nothing(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            url = f"http://127.0.0.1:{server.getsockname()[1]}/p.zip"
            process = self.start_cfy("plugins", "install", url)
            connection = server.accept()[0]
            self.assertTrue(os.listdir(self.path("state/plugins")))
            started = time.monotonic()
            process.send_signal(signal.SIGTERM)
            self.assertEqual(self.wait_for_end(process), 130)
            self.assertLess(time.monotonic() - started, 10)
            connection.close()
        self.assertIn("interrupted", self.read("stderr"))
        self.assertEqual(os.listdir(self.path("state/plugins")), [])

    def test_a_download_has_the_time_that_it_is_given(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            url = f"http://127.0.0.1:{server.getsockname()[1]}/p.zip"
            self.assert_refused(self.run_cfy("plugins", "install", url, "--timeout", "1"), 4,
                                "takes longer than 1 s")
        self.assertEqual(os.listdir(self.path("state/plugins")), [])

    def test_what_a_killed_installation_left_is_removed_by_the_next(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            url = f"http://127.0.0.1:{server.getsockname()[1]}/p.zip"
            process = self.start_cfy("plugins", "install", url)
            connection = server.accept()[0]
            process.kill()
            process.wait()
            connection.close()
        self.assertTrue(os.listdir(self.path("state/plugins")))
        self.run_cfy("plugins", "install", self.path("none.zip"))
        self.assertEqual(os.listdir(self.path("state/plugins")), [])


if __name__ == "__main__":
    support.main()
