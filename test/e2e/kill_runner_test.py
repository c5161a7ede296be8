"""The runner is killed at random moments, a hundred times and more, and resumed each time. At the
end the side effects of every operation are looked at one by one: each appends a line to a file of
its own, and what had finished before a kill must not have run again.

CFY_KILLS and CFY_SEED set how often and how."""

import os
import random
import signal
import sqlite3
import time
import unittest

import support
import topology

KILLS = int(os.environ.get("CFY_KILLS", "100"))
SEED = int(os.environ.get("CFY_SEED", "7"))
NODES, INSTANCES = 20, 10  # 200 operations

APPENDS = """#!/bin/sh
echo "$$" >> "$folder/$name"
"""


class KillRunner(support.Case):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.write("scripts/appends.sh", APPENDS, 0o755)
        self.kills = self.worker_kills = self.cut_off = 0

    def lay(self):
        """A blueprint of 200 operations, some of which wait for others."""
        nodes = []
        for i in range(NODES):
            after = [f"n{self.random.randrange(i)}"] if i and self.random.random() < 0.5 else []
            nodes.append(topology.node(f"n{i}", "scripts/appends.sh", after, INSTANCES,
                                       {"folder": self.path("out"),
                                        "name": "{ get_attribute: [SELF, node_instance_id] }"}))
        self.write("blueprint.yaml", topology.blueprint(*nodes))

    def lines(self):
        return {name: len(self.read(f"out/{name}").splitlines())
                for name in os.listdir(self.path("out"))}

    def rows(self, execution):
        """State of each operation, by its instance, as the store has it."""
        database = sqlite3.connect(f"file:{self.path('state/state.db')}?mode=ro", uri=True)
        try:
            return dict(database.execute(
                "SELECT json_extract(o.parameters, '$.node_instance_id'), o.state FROM operations o"
                " JOIN graphs g ON g.number = o.key >> 32"
                " JOIN executions e ON e.number = g.execution"
                " WHERE o.type = 'operation' AND e.id = ?", (execution,)))
        except sqlite3.OperationalError:
            return {}  # killed before there was a table
        finally:
            database.close()

    def workers(self, execution):
        """Of the execution, that run still."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    if file.read().endswith(b"\0worker\0" + execution.encode() + b"\0"):
                        found.append(int(pid))
            except OSError:
                pass
        return [pid for pid in found if support.is_running(pid)]

    def kill_at_random(self, process, lines_before):
        """Kill it after some more operations, or moments; False when it was quicker."""
        if self.random.random() < 0.2:
            time.sleep(self.random.uniform(0, 0.05))
        else:
            goal = lines_before + self.random.randint(1, 14)
            while process.poll() is None and len(os.listdir(self.path("out"))) < goal:
                time.sleep(0.001)
            time.sleep(self.random.uniform(0, 0.01))
        process.send_signal(signal.SIGKILL)
        return process.wait(support.DEADLINE_S) == -signal.SIGKILL

    def kill_workers_too(self, execution):
        """As when the machine goes down: nobody is left to record anything."""
        self.worker_kills += 1
        for pid in self.workers(execution):
            try:
                os.killpg(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def run_to_the_end(self, deployment):
        """One execution through as many kills as it takes; checks its side effects."""
        os.makedirs(self.path("out"), exist_ok=True)
        for name in os.listdir(self.path("out")):
            os.remove(self.path(f"out/{name}"))
        execution, done, cut_off = None, {}, {}
        command = ["execute", "my_workflow", "-d", deployment, "-b", "blueprint.yaml",
                   "-p", "operation=configure", "-j", "4"]
        while True:
            process = self.start_cfy(*command)
            was_killed = self.kill_at_random(process, len(os.listdir(self.path("out"))))
            if not was_killed:
                self.assertEqual(process.returncode, 0, self.read("stdout") + self.read("stderr"))
                break
            self.kills += 1
            if execution is None:
                execution = self.only_execution(deployment)
                if execution is None:
                    continue  # killed before it had a row: nothing has happened
                command = ["resume", execution]
            if self.random.random() < 0.25:
                self.kill_workers_too(execution)
            self.wait_for(lambda: not self.workers(execution), "end of the workers")
            if self.is_complete(execution):
                break  # killed between its last row and its exit
            lines = self.lines()
            for name, state in self.rows(execution).items():
                if state in ("succeeded", "responded"):
                    done.setdefault(name, lines.get(name, 0))
                elif state == "started":
                    cut_off[name] = cut_off.get(name, 0) + 1
        self.check(done, cut_off)

    def is_complete(self, execution):
        database = sqlite3.connect(f"file:{self.path('state/state.db')}?mode=ro", uri=True)
        row = database.execute("SELECT status FROM executions WHERE id = ?",
                               (execution,)).fetchone()
        return row[0] == "terminated"

    def only_execution(self, deployment):
        try:
            database = sqlite3.connect(f"file:{self.path('state/state.db')}?mode=ro", uri=True)
            row = database.execute("SELECT id FROM executions WHERE deployment_id = ?",
                                   (deployment,)).fetchone()
        except sqlite3.OperationalError:
            return None
        return row and row[0]

    def check(self, done, cut_off):
        lines = self.lines()
        self.assertEqual(len(lines), NODES * INSTANCES)
        for name, count in lines.items():
            with self.subTest(operation=name):
                self.assertGreaterEqual(count, 1)
                self.assertLessEqual(count, 1 + cut_off.get(name, 0))
                if name in done:
                    self.assertEqual(count, done[name])
        self.cut_off += sum(cut_off.values())

    def test_nothing_is_lost_and_nothing_is_done_twice(self):
        number = 0
        while self.kills < KILLS:
            number += 1
            self.lay()
            self.run_to_the_end(f"d{number}")
        self.assertGreater(self.cut_off, 0)
        print(f"{number} runs, {self.kills} kills, {self.worker_kills} of workers too, "
              f"{self.cut_off} operations cut off")


if __name__ == "__main__":
    unittest.main(verbosity=1)
