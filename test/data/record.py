#!/usr/bin/env python3
"""Record a state folder of a version: what upgrade_test.py gives to later ones.

    test/data/record.py PROGRAM

makes state-VERSION beside this file, VERSION being what PROGRAM calls itself: `state.sql`, the
database as SQL, and the blueprints that it was made from. To be run when a version is released,
with the program that was released; a folder that is there already is not touched. The folders are
never changed afterwards: they stand for what users have.

One state holds a deployment for each way in which an execution may have been left:

    shop        installed, then scaled by one; it imports the types that come with the program
    failed      an install whose operation failed: can be resumed
    cancelled   an install that was cancelled while its first operation ran
    killed      an install whose runner, workers and scripts were killed in the first operation
    updating    an update that failed, and so is unfinished
    modifying   a scaling that failed and was left started (rollback_if_failed=false)

and a secret. SQL, as it can be read and compared, and shrinks well when packed; the two numbers
that a dump leaves out, application_id and user_version, are at its end. Folders are `/recorded`
(that of blueprints and state) and `/program` in it; who uses it puts the real one in place of the
first.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

DATA = os.path.dirname(os.path.abspath(__file__))
DEADLINE_S = 60


class Recorder:
    def __init__(self, program, folder):
        self.program = os.path.realpath(program)
        self.folder = folder
        self.shop = os.path.join(folder, "blueprints", "shop")
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith("CFY_")}
        self.environment.update(CFY_RUN_HOME=os.path.join(folder, "state"), NO_COLOR="1")
        shutil.copytree(os.path.join(DATA, "shop"), self.shop)

    def options(self, arguments):
        return dict(args=[self.program, *arguments], cwd=self.folder, env=self.environment,
                    text=True, stderr=subprocess.STDOUT)

    def run(self, *arguments, code=0, given=""):
        done = subprocess.run(**self.options(arguments), input=given, stdout=subprocess.PIPE,
                              timeout=DEADLINE_S)
        if done.returncode != code:
            sys.exit(f"{' '.join(arguments)}: exit code {done.returncode}, not {code}\n"
                     f"{done.stdout}")
        return done.stdout

    def start(self, *arguments):
        return subprocess.Popen(**self.options(arguments), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL)

    def version(self):
        return self.run("--version").split()[-1]

    def install(self, deployment, *more, blueprint="blueprint.yaml", code=0):
        self.run(*self.install_arguments(deployment, *more, blueprint=blueprint), code=code)

    def install_arguments(self, deployment, *more, blueprint="blueprint.yaml"):
        return ("install", "-b", os.path.join(self.shop, blueprint), "-d", deployment,
                "--task-retries", "0", *more)

    def put(self, name):
        with open(os.path.join(self.shop, name), "w"):
            pass

    def take(self, name):
        os.remove(os.path.join(self.shop, name))

    def wait_for_script(self, name):
        """The operation runs and waits: the process id of its script."""
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            try:
                with open(os.path.join(self.shop, "trace")) as file:
                    for line in file:
                        if line.startswith(name + " ") and line.endswith("\n"):
                            return int(line.split()[1])
            except FileNotFoundError:
                pass
            time.sleep(0.01)
        sys.exit(f"the operation {name} does not start")

    def execution_of(self, deployment):
        return [one["id"] for one in json.loads(self.run("executions", "list", "--json"))
                if one["deployment_id"] == deployment][-1]

    # ------------------------------------------------------------ what is recorded

    def record(self):
        self.run("secrets", "set", "password", given="sesame-open")
        self.install("shop", blueprint="whole.yaml")
        self.run("execute", "scale", "-d", "shop", "-p", "scalable_entity_name=web")

        self.put("fail.failed.web.create")
        self.install("failed", code=1)
        self.take("fail.failed.web.create")

        self.put("hold.cancelled.db.create")
        runner = self.start(*self.install_arguments("cancelled", "-j", "1"))
        self.wait_for_script("cancelled.db.create")
        self.run("cancel", self.execution_of("cancelled"))
        self.take("hold.cancelled.db.create")
        if runner.wait(DEADLINE_S) != 130:
            sys.exit(f"the cancelled install ended with {runner.returncode}")

        self.put("hold.killed.db.create")
        runner = self.start(*self.install_arguments("killed", "-j", "1"))
        self.kill_all(runner, self.wait_for_script("killed.db.create"))
        self.take("hold.killed.db.create")

        self.install("updating")
        self.put("fail.updating.new.create")
        self.run("update", os.path.join(self.shop, "next.yaml"), "-d", "updating", "-i", "size=2",
                 "--task-retries", "0", code=1)
        self.take("fail.updating.new.create")

        self.install("modifying")
        self.put("fail.modifying.web.create")
        self.run("execute", "scale", "-d", "modifying", "-p", "scalable_entity_name=web",
                 "-p", "rollback_if_failed=false", "--task-retries", "0", code=1)
        self.take("fail.modifying.web.create")
        self.take("trace")

    def kill_all(self, runner, script):
        """As when the machine goes down: nobody is left to record anything."""
        execution = self.execution_of("killed")
        os.kill(runner.pid, signal.SIGKILL)
        runner.wait()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    is_worker = file.read().endswith(b"\0worker\0" + execution.encode() + b"\0")
                if is_worker:
                    os.kill(int(pid), signal.SIGKILL)
            except OSError:
                pass
        os.killpg(os.getpgid(script), signal.SIGKILL)

    def write(self, target):
        os.makedirs(target)
        shutil.copytree(os.path.join(self.folder, "blueprints"),
                        os.path.join(target, "blueprints"))
        database = sqlite3.connect(os.path.join(self.folder, "state", "state.db"))
        lines = list(database.iterdump())
        for name in ("application_id", "user_version"):
            number = database.execute(f"PRAGMA {name}").fetchone()[0]
            lines.append(f"PRAGMA {name} = {number};")
        database.close()
        text = "\n".join(lines) + "\n"
        program = os.path.dirname(os.path.dirname(self.program))
        for real, shown in ((self.folder, "/recorded"),
                            (os.path.join(program, "lib"), "/program/lib")):
            text = text.replace(real, shown)
        with open(os.path.join(target, "state.sql"), "w", encoding="utf-8") as file:
            file.write(text)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: record.py PROGRAM")
    with tempfile.TemporaryDirectory(prefix="cfy-record-") as folder:
        recorder = Recorder(sys.argv[1], os.path.realpath(folder))
        target = os.path.join(DATA, "state-" + recorder.version())
        if os.path.exists(target):
            sys.exit(f"{target} is there already; records are never changed")
        recorder.record()
        recorder.write(target)
    print(target)


if __name__ == "__main__":
    main()
