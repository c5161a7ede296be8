"""Whoever reads what a run shows may stop reading, be gone or be slow: the run goes on, is cancelled
and keeps everything as if somebody read."""

import fcntl
import os
import signal
import subprocess
import unittest

import support

BLUEPRINT = """
tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
node_templates:
  a:
    type: cloudify.nodes.Root
    interfaces:
      cloudify.interfaces.lifecycle:
        create: {implementation: talk.sh, max_retries: 0}
        start: {implementation: last.sh, max_retries: 0}
"""

TALKS = """#!/bin/sh
i=0
while [ $i -lt 3000 ]; do echo "line $i"; i=$((i+1)); done
"""

F_SETPIPE_SZ = 1031


class Screen(support.Case):
    def setUp(self):
        super().setUp()
        self.environment["HERE"] = self.folder
        self.write("blueprint.yaml", BLUEPRINT)
        self.write("talk.sh", TALKS, 0o755)
        self.write("last.sh", "#!/bin/sh\ntouch \"$HERE/last\"\n", 0o755)

    def start_unread(self, *arguments, err=None):
        """Its output is a pipe that nobody reads from, and that takes next to nothing."""
        self.reader, writer = os.pipe()
        fcntl.fcntl(writer, F_SETPIPE_SZ, 4096)
        errors = open(self.path("stderr"), "w") if err is None else writer
        process = subprocess.Popen([support.PROGRAM, *arguments], cwd=self.folder,
                                   env=self.environment, stdin=subprocess.DEVNULL, stdout=writer,
                                   stderr=errors, start_new_session=True)
        os.close(writer)
        if err is None:
            errors.close()
        self.started.append(process)
        return process

    def tearDown(self):
        if hasattr(self, "reader"):
            os.close(self.reader)
        super().tearDown()

    def events(self, deployment):
        row, = [one for one in self.json("executions", "list") if one["deployment_id"] == deployment]
        lines = self.run_cfy("events", row["id"], "--json").stdout.splitlines()
        return row, lines

    def texts(self, deployment):
        import json
        row, lines = self.events(deployment)
        instance = self.json("node-instances", "list", "-d", deployment)[0]["id"]
        # Output of one operation comes in its order; it may come between events of the workflow.
        said = [json.loads(line)["message"]["text"].replace(instance, "a") for line in lines]
        return ([text for text in said if text.startswith("<out>")],
                [text for text in said if not text.startswith("<out>")])

    def status(self, deployment="x"):
        rows = [one["status"] for one in self.json("executions", "list")
                if one["deployment_id"] == deployment]
        return rows[-1] if rows else None

    def test_a_run_that_nobody_reads_keeps_what_a_read_one_keeps(self):
        read = self.run_cfy("install", "-d", "read")
        self.assertEqual(read.returncode, 0, read.stderr)
        os.remove(self.path("last"))
        process = self.start_unread("install", "-d", "unread")
        self.wait_for(lambda: self.status("unread") == "terminated",
                      "the run ends, though nobody reads")
        self.assertEqual(self.texts("unread"), self.texts("read"))
        # Only now it waits for the reader; a signal ends that.
        process.send_signal(signal.SIGTERM)
        self.assertIn(self.wait_for_end(process), (-signal.SIGTERM, 0))

    def test_a_reader_that_comes_late_gets_it_all(self):
        process = self.start_unread("install", "-d", "x", "--json")
        self.wait_for(lambda: self.status() == "terminated", "the run ends")
        shown = b""
        while piece := os.read(self.reader, 1 << 16):
            shown += piece
        self.assertEqual(self.wait_for_end(process), 0)
        _, kept = self.events("x")
        self.assertEqual(len(shown.splitlines()), len(kept) + 1)  # and the result

    def assert_ends_by(self, *stops):
        self.write("last.sh", "#!/bin/sh\ntouch \"$HERE/last\"\nexec sleep 1000\n", 0o755)
        process = self.start_unread("install", "-d", "x")
        self.wait_for_file("last")
        for stop in stops:
            stop(process)
            # Two signals of a kind at once are one.
            self.wait_for(lambda: self.status() != "started", "the request is heard")
        self.assertEqual(self.wait_for_end(process), 130)
        self.assertEqual(self.status(), "cancelled")
        self.run_cfy("cancel", self.execution()["id"], "--kill")
        self.assertIn("not shown", self.read("stderr"))
        self.assertIn("cancelled", self.read("stderr"))

    def cancel(self, how):
        return lambda _: self.run_cfy("cancel", self.execution()["id"], how)

    def test_a_forced_end_is_heard(self):
        self.assert_ends_by(self.cancel("--force"))

    def test_a_kill_is_heard(self):
        self.assert_ends_by(self.cancel("--kill"))

    def test_signals_are_heard(self):
        self.assert_ends_by(*[support.interrupt] * 2)

    def test_words_on_a_stderr_that_nobody_reads_stop_nothing(self):
        self.write("last.sh", "#!/bin/sh\ntouch \"$HERE/last\"\nexec sleep 1000\n", 0o755)
        process = self.start_unread("install", "-d", "x", err="as stdout")
        self.wait_for_file("last")
        self.run_cfy("cancel", self.execution()["id"], "--kill")
        self.assertEqual(self.wait_for_end(process), 130)

    def test_an_output_that_is_closed_stops_nothing(self):
        result = subprocess.run(["sh", "-c", '"$0" install -d x >&-', support.PROGRAM],
                                cwd=self.folder, env=self.environment, capture_output=True,
                                text=True, timeout=60)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(os.path.exists(self.path("last")))

    def test_an_operation_that_prints_without_end_is_cancelled(self):
        self.write("talk.sh", "#!/bin/sh\ntouch \"$HERE/talks\"\nwhile :; do echo y; done\n", 0o755)
        for how in ("--force", "--kill"):
            with self.subTest(how=how):
                process = self.start_cfy("install", "-d", "x" + how.strip("-"))
                self.wait_for_file("talks")
                os.remove(self.path("talks"))
                running, = [one["id"] for one in self.json("executions", "list")
                            if one["status"] == "started"]
                asked = self.run_cfy("cancel", running, how)
                self.assertEqual(asked.returncode, 0, asked.stderr)
                self.assertEqual(self.wait_for_end(process), 130)
                self.run_cfy("cancel", running, "--kill")
                os.truncate(self.path("stdout"), 0)


if __name__ == "__main__":
    unittest.main(verbosity=1)
