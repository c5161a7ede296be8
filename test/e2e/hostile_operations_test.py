"""Scripts that do what they can to harm the run: each costs its own task at most, the rest of the
run goes on, and nothing is left behind."""

import json
import os
import signal
import subprocess

import support
import topology

# All that a terminal would obey, or that turns the text around it: C0 but line end and tab, DEL, C1,
# and Unicode's marks of direction.
OBEYED = [chr(point) for point in [*range(1, 9), *range(11, 32), *range(0x7F, 0xA0), 0x61C, 0x200E,
                                   0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]]
GOOD = "#!/bin/sh\necho ran >> \"$(dirname \"$0\")/../good\"\n"
HERE = 'here=$(dirname "$0")/..\n'


class HostileOperations(support.Case):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("tmp"))
        self.environment["TMPDIR"] = self.path("tmp")

    def write_blueprint(self, script, settings="", instances=1):
        self.write("scripts/bad.sh", "#!/bin/bash\n" + HERE + script)
        self.write("scripts/good.sh", GOOD)
        bad = topology.node("bad", "scripts/bad.sh", instances=instances)
        if settings:
            bad = bad.rstrip("\n") + f"\n          {settings}\n"
        self.write("blueprint.yaml", topology.blueprint(
            bad, topology.node("good", "scripts/good.sh")))

    def execute(self, script, *arguments, settings="", instances=1):
        self.write_blueprint(script, settings, instances)
        return self.run_cfy("execute", "my_workflow", "-p", "operation=configure",
                            "--task-retries", "0", *arguments)

    def assert_ended(self, result, code, *texts):
        said = result.stdout[-5000:] + result.stderr[-5000:]
        self.assertEqual(result.returncode, code, said)
        for text in texts:
            self.assertIn(text, result.stdout + result.stderr)
        self.assertEqual(self.read("good"), "ran\n")
        self.assert_nothing_left()

    def processes(self):
        """Those that this test's runs started: they carry its state folder in their environment."""
        mark = f"CFY_RUN_HOME={self.path('state')}".encode()
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    if mark in file.read().split(b"\0") and support.is_running(int(pid)):
                        found.append(int(pid))
            except OSError:
                pass
        return found

    def assert_nothing_left(self):
        self.wait_for(lambda: not self.processes(), "the end of all processes")
        self.assertEqual(os.listdir(self.path("tmp")), [])
        run = self.path("state/run")
        self.assertEqual(os.listdir(run) if os.path.isdir(run) else [], [])

    def test_a_loop_without_end_is_ended_by_its_timeout(self):
        self.assert_ended(self.execute("while :; do :; done\n", settings="timeout: 0.3"), 1, "0.3")

    def test_sigterm_that_is_ignored_does_not_save_it_from_its_timeout(self):
        # SIGKILL follows after the grace time of five seconds.
        self.assert_ended(self.execute("trap '' TERM\nwhile :; do :; done\n",
                                       settings="timeout: 0.1"), 1, "0.1")

    def test_a_hundred_children_end_with_it(self):
        self.assert_ended(self.execute(
            "for i in $(seq 100); do sleep 9999 & done\nwait\n", settings="timeout: 0.5"), 1)

    def test_a_daemon_in_a_session_of_its_own_ends_with_it(self):
        self.assert_ended(self.execute(
            "(setsid sh -c 'sleep 9999 & exec sleep 9999' &)\n"
            "setsid env -i /bin/sleep 9999 &\necho $! > \"$here/bare\"\nsleep 9999\n",
            settings="timeout: 0.5"), 1)
        self.assertFalse(support.is_running(int(self.read("bare"))))

    def test_a_script_cleans_up_when_its_time_is_over(self):
        result = self.execute(
            "trap 'kill $!; ctx instance runtime-properties cleaned yes; echo all clean; exit' TERM\n"
            "ctx instance runtime-properties got.so far\nsleep 9999 &\nwait\n",
            settings="timeout: 1")
        self.assert_ended(result, 1, "did not end within 1 seconds", "<out> all clean")
        self.assertEqual([i["runtime_properties"] for i in self.json("node-instances", "list")
                          if i["node_id"] == "bad"], [{"cleaned": "yes", "got": {"so": "far"}}])

    def test_what_a_script_has_set_is_kept_when_its_worker_dies(self):
        self.expect_crashes()
        self.assert_ended(self.execute(
            "ctx instance runtime-properties got.so far\nkill -9 $PPID\nsleep 9999\n"), 1,
            "SIGKILL")
        self.assertEqual([i["runtime_properties"] for i in self.json("node-instances", "list")
                          if i["node_id"] == "bad"], [{"got": {"so": "far"}}])

    def test_much_output_on_both_streams_is_no_harm(self):
        line = "x" * 1000
        self.assert_ended(self.execute(
            f"line={line}\nyes $line | head -n 25000 &\nyes $line | head -n 25000 >&2\nwait\n"
            "echo done\n", "-q"), 0)
        events = self.run_cfy("events", self.execution()["id"])
        self.assertEqual(events.stdout.count("<out> " + line), 25000)
        self.assertEqual(events.stdout.count("<err> " + line), 25000)

    def test_closed_streams_and_a_deleted_folder_are_no_harm(self):
        self.assert_ended(self.execute(
            "mkdir gone-$$ && cd gone-$$ && rmdir ../gone-$$\n"
            "exec 0<&- 1>&- 2>&-\nctx returns fine\n"), 0, "- fine")

    def test_descriptors_of_the_worker_are_not_inherited(self):
        self.assert_ended(self.execute(
            "for fd in 3 4 5 6 7 8 9; do if echo '{garbage' >&$fd; then echo open $fd; fi;"
            " done 2>/dev/null\n"), 0)
        self.assertNotIn("open", self.run_cfy("events", self.execution()["id"]).stdout)

    def test_garbage_on_the_endpoint_hurts_nobody(self):
        self.assert_ended(self.execute(
            "at=${CTX_SOCKET_URL#http://}; at=${at%%/*}\n"
            "for text in 'garbage' 'POST / HTTP/1.1\\r\\nContent-Length: -1\\r\\n\\r\\n' "
            "'POST / HTTP/1.1\\r\\nContent-Length: 999999999999\\r\\n\\r\\n{' ''; do\n"
            "  exec 5<>/dev/tcp/${at%:*}/${at#*:} && printf \"$text\" >&5; exec 5>&-\ndone\n"
            "ctx returns \"$(ctx instance id)\"\n"), 0, "- bad_")

    def test_the_endpoint_of_another_operation_refuses(self):
        """Whoever knows its port only, and not the path that is told to its operation."""
        ask = ("ask() { curl -sS -o /dev/null -w '%{http_code}\\n' -d '{\"args\": [\"instance\","
               " \"id\"]}' \"$1\"; }\n")
        self.write("scripts/asks.sh", "#!/bin/bash\n" + HERE + ask +
                   "command -v curl > /dev/null || exit 7\n"
                   "read other < \"$here/url\"\n"
                   "{ ask \"$CTX_SOCKET_URL\"; ask \"${other%/*}/${CTX_SOCKET_URL##*/}\";\n"
                   "  ask \"${other%/*}/\"; } > \"$here/answers\"\n"
                   "echo > \"$here/go\"\n")
        os.mkfifo(self.path("url"))
        os.mkfifo(self.path("go"))
        self.write("scripts/tells.sh", "#!/bin/bash\n" + HERE +
                   "echo \"$CTX_SOCKET_URL\" > \"$here/url\"\nread word < \"$here/go\"\n")
        self.write("blueprint.yaml", topology.blueprint(
            topology.node("asks", "scripts/asks.sh"), topology.node("tells", "scripts/tells.sh")))
        result = self.run_cfy("execute", "my_workflow", "-p", "operation=configure",
                              "--task-retries", "0")
        if "exit status 7" in result.stdout:
            self.skipTest("there is no curl")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(self.read("answers").split(), ["200", "404", "404"])

    def test_a_property_of_twenty_megabytes_is_kept(self):
        result = self.execute(
            "{ printf '{\"args\": [\"instance\", \"runtime-properties\", \"big\", \"';"
            " head -c 20000000 /dev/zero | tr '\\0' x; printf '\"]}'; } > \"$here/body\"\n"
            "curl -sS --data-binary @\"$here/body\" \"$CTX_SOCKET_URL\" > /dev/null\n", "-q")
        if "curl: command not found" in result.stdout + result.stderr:
            self.skipTest("there is no curl")
        self.assert_ended(result, 0)
        sizes = [len(i["runtime_properties"].get("big", ""))
                 for i in self.json("node-instances", "list") if i["node_id"] == "bad"]
        self.assertEqual(sizes, [20000000])

    def start(self, script, *arguments):
        self.write_blueprint(script)
        process = self.start_cfy("execute", "my_workflow", "-p", "operation=configure",
                                 "--task-retries", "0", *arguments)
        self.wait_for_file("started")
        return process

    def test_nothing_is_left_after_a_kill(self):
        process = self.start("for i in 1 2 3; do sleep 9999 & done\ntouch \"$here/started\"\nwait\n")
        result = self.run_cfy("cancel", self.execution()["id"], "--kill", "--wait")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.wait_for_end(process), 130)
        self.assert_nothing_left()

    def test_nothing_is_left_once_the_operation_of_a_dead_runner_has_ended(self):
        os.mkfifo(self.path("go"))
        process = self.start("touch \"$here/started\"\nread word < \"$here/go\"\n")
        process.send_signal(signal.SIGKILL)
        process.wait()
        row = self.execution()
        self.assertTrue(row["runner_died"])
        self.assertIn("runner died", self.run_cfy("executions", "list").stdout)
        with open(self.path("go"), "w") as fifo:
            fifo.write("go\n")
        self.wait_for(lambda: not self.processes(), "the end of all processes")
        self.assertEqual(os.listdir(self.path("tmp")), [])

    def test_nothing_that_a_terminal_obeys_comes_through(self):
        text = "".join(f"<{mark}" for mark in OBEYED)
        self.write("text", text)
        self.write_blueprint(
            'text=$(cat "$here/text"; echo x)\ntext=${text%x}\nprintf "%s\\n" "$text"\n'
            'printf "%s\\n" "$text" >&2\nctx logger info "$text"\nctx send-event "$text"\n'
            'ctx instance runtime-properties "k$text" 1\nctx instance runtime-properties kept "$text"\n'
            'if [ -n "$fail" ]; then ctx abort-operation "$text"; else ctx returns "$text"; fi\n')
        # A blueprint may hold ASCII characters only.
        name = "".join(f"\\x{ord(mark):02x}" for mark in OBEYED if mark.isascii())
        self.write("blueprint.yaml", self.read("blueprint.yaml").replace(
            "node_templates:\n", f'outputs:\n  "o{name}": {{value: "{name}"}}\n'
            "  kept: {value: {get_attribute: [bad, kept]}}\nnode_templates:\n", 1))
        start = ["execute", "my_workflow", "-p", "operation=configure", "--task-retries", "0",
                 "-d", "d"]
        fails = ["-p", 'operation_kwargs:={"fail": "yes"}']
        results = [self.run_cfy(*start, *how) for how in ([], ["--json"], fails, ["--json", *fails])]
        self.assertEqual([result.returncode for result in results], [0, 0, 1, 1],
                         results[0].stdout + results[0].stderr)
        ids = [row["id"] for row in self.json("executions", "list")]
        queries = [["outputs"], ["node-instances", "list"], ["executions", "list"], ["plan"],
                   ["deployments", "get", "d"], ["nodes", "list"], ["workflows", "list"],
                   *([command, id] for command in ("events", "graph") for id in ids),
                   *(["executions", "get", id] for id in ids),
                   ["execute", "install", "-d", "d" + text, "-p", f"{text}=1"],
                   ["init", "-d", text], ["node-instances", "get", text], ["validate", text],
                   ["update", "--preview", "-d", "d"], [text]]
        records = []
        for query in queries:
            results.append(self.run_cfy(*query))
            results.append(self.run_cfy(*query, "--json"))
            records.append(results[-1].stdout)
        for result in results:
            said = result.stdout + result.stderr
            self.assertEqual([], [mark for mark in OBEYED if mark in said],
                             (result.args[1:], said[:2000]))
        self.assertEqual(json.loads(records[0])["kept"], text)
        self.assertIn(text, [json.loads(line)["message"]["text"]
                             for line in self.run_cfy("events", ids[0], "--json").stdout.splitlines()])

    def test_five_hundred_operations_run_together(self):
        # Each waits until all of them have said that they are there. A worker with a sanitizer
        # takes 200 MB, so of those there are fewer.
        count = 40 if os.environ.get("CFY_SANITIZE") else 500
        os.mkfifo(self.path("here"))
        os.mkfifo(self.path("go"))
        here = os.open(self.path("here"), os.O_RDWR | os.O_NONBLOCK)
        go = os.open(self.path("go"), os.O_RDWR)
        try:
            self.write_blueprint('echo >> "$here/here"\nread word < "$here/go"\n', instances=count)
            process = self.start_cfy("execute", "my_workflow", "-p", "operation=configure",
                                     "-j", str(count + 1), "-q")
            arrived = []
            self.wait_for(lambda: self.count_arrived(here, arrived) == count, "all operations")
            os.write(go, b"go\n" * count)
            self.assertEqual(self.wait_for_end(process), 0)
        finally:
            os.close(here)
            os.close(go)
        self.assert_nothing_left()

    @staticmethod
    def count_arrived(fifo, arrived):
        try:
            arrived.append(len(os.read(fifo, 4096)))
        except BlockingIOError:
            pass  # nobody since the last look
        return sum(arrived)


if __name__ == "__main__":
    support.main()
