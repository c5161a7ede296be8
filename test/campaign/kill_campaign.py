#!/usr/bin/env python3
"""Kill the runner, its workers and its scripts at random moments, go on as the documentation says
until the end, and compare with a run that nothing interrupted.

    test/campaign/kill_campaign.py [--kills N] [--seed S] [--round R] [--keep DIR] [PROGRAM]

PROGRAM (else $CFY_RUN) is the one to try, N kills (200) are made. Each round has a state folder of
its own and takes one deployment through install, scale, update and uninstall. Its blueprint has
containment, connections, operations that fail or ask for a retry once, scripts that change runtime
properties several times by `ctx`, and a server that one operation leaves running on purpose. There
are four kinds of kills:

    runner   the runner alone: its workers finish what they do
    worker   one worker: the runner goes on, and runs the operation again
    program  runner and workers: scripts go on, and nobody records what they do
    all      scripts, too (but not the server): as when the machine goes down

After a kill `resume` goes on with install and uninstall; `update` is started again; `scale` is, with
`abort_started=true`, unless the modification is finished. Scripts write a trace: when they begin
and end, and which other one of the same instance they find running. What is checked:

  * nodes, states, relationships, runtime properties and outputs after each workflow are those of
    the uninterrupted run;
  * no operation runs beside itself or another one of its instance;
  * what was stored as done when something was killed, or ended while nothing was killed, does not
    run again, unless what undoes it ran in between;
  * a killed worker costs its operation an attempt, not the run;
  * after each workflow there is no process but the server, no socket file in the state folder and
    nothing in TMPDIR.

A finding is one line with what it takes to replay it: seed and round make the same choices again,
though not at the same microseconds. The folder of a round with findings is kept, in DIR when it is
given: `trace` tells what happened, `out.N` is what the Nth command printed. The last line is
"N kills, N findings"; the exit code is 1 when there are findings.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

DEADLINE_S = 90
KINDS = ("runner", "worker", "program", "all")
KILLS_OF_A_STAGE = 6  # then it may come to its end
UNDOES = {"create": ("delete",), "configure": ("delete",), "start": ("stop",),
          "stop": ("start",), "delete": ("create", "configure"),
          "establish": ("unlink",), "unlink": ("establish",)}
UPDATES = ("preupdate", "update", "postupdate")

TYPES = """tosca_definitions_version: cloudify_dsl_1_4
imports: [cloudify/types/types.yaml]
inputs:
  size: {default: 1}
node_types:
  part:
    derived_from: cloudify.nodes.Root
    properties:
      size: {default: 0}
    interfaces:
      cloudify.interfaces.lifecycle:
%(lifecycle)s
  updatable:
    derived_from: part
    interfaces:
      cloudify.interfaces.lifecycle:
%(updates)s
relationships:
  link:
    derived_from: cloudify.relationships.connected_to
    source_interfaces:
      cloudify.interfaces.relationship_lifecycle:
%(source)s
    target_interfaces:
      cloudify.interfaces.relationship_lifecycle:
%(target)s
node_templates:
  host: {type: part}
  db:
    type: part
    relationships: [{type: cloudify.relationships.contained_in, target: host}]
  server:
    type: part
    relationships: [{type: link, target: db}]
  web:
    type: part
    capabilities: {scalable: {properties: {default_instances: 2}}}
    relationships: [{type: link, target: server}]
  watch: {type: updatable, properties: {size: {get_input: size}}}
"""
OUTPUTS = """outputs:
  made: {value: {get_attribute: [db, made]}}
  size: {value: {get_property: [watch, size]}}
  updated: {value: {get_attribute: [watch, updated]}}
  up: {value: {get_attribute: [server, up]}}
"""
FIRST = "  old: {type: part, relationships: [{type: link, target: db}]}\n"
NEXT = "  new: {type: part, relationships: [{type: link, target: db}]}\n"

# What both kinds of scripts begin with. Only builtins of the shell until "begin" is written.
HEAD = """#!/bin/bash
here=$HERE
tell() { echo "$*" >>"$here/trace"; }
is_running() {  # PID TICKS
  local line
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  set -- "$1" "$2" $line
  [ "${24}" = "$2" ] && [ "$5" != Z ] && [ "$5" != X ]
}
ticks_of() {
  local line
  read -r line <"/proc/$1/stat" || return 1
  set -- $line
  ticks=${22}
}
finish() {  # STATUS
  rm -f "$own"
  tell "end $$ $1 $me $what"
  exit "$1"
}
ticks_of $$
own=$here/running/$me.$$
echo "$$ $ticks $me $what" >"$own"
for other in "$here/running/$me".*; do
  [ "$other" = "$own" ] && continue
  { read -r pid started name <"$other"; } 2>/dev/null || continue
  if is_running "$pid" "$started"; then tell "beside $$ $pid $me $what : $name"; fi
done
tell "begin $$ $PPID $me $what"
work() {  # now and then for so long that what begins meanwhile meets it
  local digit=0
  [ $((RANDOM % 5)) = 0 ] && digit=5
  sleep "0.$digit$((RANDOM % 8 + 1))"
}
set_property() { ctx instance runtime-properties "$@" || finish 1; }
"""

NODE = HEAD + """
kind=${me%_*}
case $what in
  create)
    set_property "made" "half"
    work
    if [ "$kind" = host ] && [ "$(ctx -j operation retry-number)" = 0 ]; then
      ctx retry-operation "not yet" 0.1
      finish 75
    fi
    set_property made "by create of $kind" ;;
  configure)
    set_property config.level '@1'
    work
    if [ "$kind" = db ] && [ "$(ctx -j operation retry-number)" = 0 ]; then finish 1; fi
    set_property config '@{"level": 2, "list": [1, null, "x"]}' ;;
  start)
    work
    if [ "$kind" = server ]; then
      { read -r pid ticks <"$here/server"; } 2>/dev/null
      if [ -z "$pid" ] || ! is_running "$pid" "$ticks"; then
        sleep 100000 </dev/null >/dev/null 2>&1 &
        pid=$!
        ticks_of "$pid"
        echo "$pid $ticks" >"$here/server.new"
        mv "$here/server.new" "$here/server"
      fi
      set_property pid "@$pid"
    fi
    set_property up @true ;;
  stop)
    work
    if [ "$kind" = server ] && read -r pid ticks <"$here/server"; then
      kill "$pid"
      while is_running "$pid" "$ticks"; do sleep 0.01; done
      rm -f "$here/server"
    fi 2>/dev/null
    set_property up @false ;;
  delete)
    set_property made "nothing any more"
    work ;;
  preupdate)
    work ;;
  update)
    set_property updated half
    work
    set_property updated "to $(ctx node properties size)" ;;
  postupdate)
    work ;;
esac
finish 0
"""

LINK = HEAD + """
work
case $what in
  establish) value=@true ;;
  unlink) value=@false ;;
esac
if [ "$side" = source ]; then
  ctx source instance runtime-properties linked $value || finish 1
fi
finish 0
"""


def operations(names, script, more):
    return "\n".join(
        f"        {name}: {{implementation: scripts/{script}.sh, retry_interval: 0.1, "
        f"inputs: {{what: {{default: {name}}}, {more}}}}}" for name in names)


def blueprint(more):
    me = "me: {default: {get_attribute: [SELF, node_instance_id]}}"
    both = ("me: {default: {concat: [{get_attribute: [SOURCE, node_instance_id]}, '+', "
            "{get_attribute: [TARGET, node_instance_id]}, '+%s']}}, side: {default: %s}")
    links = ("establish", "unlink")
    return TYPES % {
        "lifecycle": operations(("create", "configure", "start", "stop", "delete"), "node", me),
        "updates": operations(UPDATES, "node", me),
        "source": operations(links, "link", both % ("source", "source")),
        "target": operations(links, "link", both % ("target", "target")),
    } + more + OUTPUTS


# ---------------------------------------------------------------- processes

def stat_of(pid):
    """State and start of a process; nothing when there is none."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return fields[0], fields[19]
    except OSError:
        return None


def is_running(pid):
    stat = stat_of(pid)
    return stat is not None and stat[0] not in "ZX"


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def is_worker(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return b"worker" in file.read().split(b"\0")[-3:]
    except OSError:
        return False


def workers_of(pid):
    """Of a runner that lives. Quick, to meet them in their first moments."""
    found = set()
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as file:
                found.update(map(int, file.read().split()))
    except OSError:
        pass
    return {one for one in found if is_worker(one)}


class Stuck(Exception):
    """The round cannot go on; the finding is noted."""


# ---------------------------------------------------------------- a round

class Round:
    """One deployment from its installation to its end."""

    def __init__(self, campaign, number, kills):
        self.campaign, self.number, self.kills_left = campaign, number, kills
        self.random = random.Random(f"{campaign.seed}.{number}")
        self.folder = tempfile.mkdtemp(prefix=f"cfy-kill-{number}-", dir=campaign.keep)
        for name in ("running", "tmp", "app/scripts"):
            os.makedirs(self.path(name))
        for name, text in (("node", NODE), ("link", LINK)):
            self.write(f"app/scripts/{name}.sh", text)
        self.write("app/blueprint.yaml", blueprint(FIRST))
        self.write("app/next.yaml", blueprint(NEXT))
        self.write("trace", "")
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith("CFY_")}
        self.environment.update(HERE=self.folder, TMPDIR=self.path("tmp"), NO_COLOR="1",
                                CFY_RUN_HOME=self.path("state"))
        self.mark = f"CFY_RUN_HOME={self.path('state')}".encode()
        self.findings, self.told = [], set()
        self.commands = self.kills = 0
        self.stage = ""

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)

    def tell(self, text):
        """A line in the trace, between those of the scripts."""
        with open(self.path("trace"), "a") as file:
            file.write(text + "\n")

    def found(self, what):
        """A finding; the same is told once for a round."""
        if what in self.told:
            return
        self.told.add(what)
        self.findings.append(what)
        seed = self.campaign.seed
        print(f"FINDING {self.stage}: {what} (round {self.number}, kill {self.kills}; replay: "
              f"--seed {seed} --round {self.number}; kept: {self.folder})", flush=True)

    def wait_for(self, condition, what, seconds=DEADLINE_S):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.005)
        self.found(f"{what}: not within {seconds} s")
        return None

    # ------------------------------------------------------------ commands

    def arguments(self, *arguments):
        return dict(args=[self.campaign.program, *arguments], cwd=self.folder,
                    env=self.environment, stdin=subprocess.DEVNULL)

    def start(self, *arguments):
        self.commands += 1
        with open(self.path(f"out.{self.commands}"), "w") as out:
            out.write("$ cfy-run " + " ".join(arguments) + "\n")
            out.flush()
            return subprocess.Popen(**self.arguments(*arguments), stdout=out,
                                    stderr=subprocess.STDOUT, start_new_session=True)

    def json(self, *arguments):
        done = subprocess.run(**self.arguments(*arguments, "--json"), capture_output=True,
                              text=True, timeout=DEADLINE_S)
        if done.returncode != 0:
            self.found(f"'{' '.join(arguments)}' ends with {done.returncode}: {done.stdout}"
                       f"{done.stderr}".strip().replace("\n", " | "))
            raise Stuck
        return json.loads(done.stdout)

    def last_words(self):
        with open(self.path(f"out.{self.commands}"), errors="replace") as file:
            lines = [line.strip() for line in file if line.strip()]
        told = ([line for line in lines if "execution failed" in line] or
                [line for line in lines if "error:" in line] or lines)
        return re.sub(r"^[-0-9]+ [0-9:.]+ +CFY <app> ", "", told[-1])[:300]

    def processes(self):
        """All that was started here, however, but the server that is meant to run."""
        found = []
        server = self.server()
        for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    is_ours = self.mark in file.read().split(b"\0")
            except OSError:
                continue
            if is_ours and pid != server and is_running(pid):
                found.append(pid)
        return found

    def workers(self):
        return [pid for pid in self.processes() if is_worker(pid)]

    def server(self):
        """The process that the operation of the server left running; not while it is in work."""
        try:
            with open(self.path("server")) as file:
                pid, ticks = file.read().split()
        except (OSError, ValueError):
            return None
        stat = stat_of(pid)
        return int(pid) if stat and stat[0] not in "ZX" and stat[1] == ticks else None

    def is_server_in_work(self):
        for name in os.listdir(self.path("running")):  # killed scripts leave their files there
            pid = name.rsplit(".", 1)[1]
            if name.startswith("server_") and "+" not in name and is_running(pid):
                return True
        return False

    # ------------------------------------------------------------ kills

    def trace_size(self):
        return os.stat(self.path("trace")).st_size

    def wait_for_moment(self, process, kind):
        """A while after the start: soon, when a worker comes, or after some lines of the trace."""
        draw = self.random.random()
        if draw < 0.15:
            time.sleep(self.random.uniform(0, 0.1))
        elif draw < 0.4 and kind == "worker":
            known = workers_of(process.pid)
            while process.poll() is None and not workers_of(process.pid) - known:
                pass
            time.sleep(self.random.uniform(0, 0.03))
        else:
            goal = self.trace_size() + self.random.randint(1, 500)
            while process.poll() is None and self.trace_size() < goal:
                time.sleep(0.001)
            time.sleep(self.random.uniform(0, 0.06))
        return process.poll() is None

    def kill(self, process, kind):
        """False: the run was quicker."""
        if not self.wait_for_moment(process, kind):
            return False
        victims = []
        if kind == "worker":
            while process.poll() is None and not victims:
                victims = workers_of(process.pid)
            if not victims:
                return False
            victims = [max(victims)] if self.random.random() < 0.5 else [
                self.random.choice(sorted(victims))]
        self.kills += 1
        self.kills_left -= 1
        self.tell(f"kill {self.kills} {kind} {victims[0] if victims else process.pid}")
        if kind == "worker":
            kill(victims[0])
        else:
            process.kill()
            process.wait()
        if kind in ("program", "all"):
            self.kill_each(self.workers)
        if kind == "all":
            if self.is_server_in_work() and self.server():
                kill(self.server())
            self.kill_each(self.processes)
        self.tell(f"killed {self.kills}")
        return True

    def kill_each(self, find):
        while True:
            victims = find()
            if not victims:
                return
            for pid in victims:
                kill(pid)

    # ------------------------------------------------------------ what is stored

    def query(self, text, *values):
        try:
            database = sqlite3.connect(f"file:{self.path('state/state.db')}?mode=ro", uri=True,
                                       timeout=DEADLINE_S)
            rows = database.execute(text, values).fetchall()
            database.close()
            return rows
        except sqlite3.OperationalError:
            return []  # killed before there was a table

    def execution(self, workflow):
        """The last one: id and status."""
        rows = self.query("SELECT id, status FROM executions WHERE workflow_id = ?"
                          " ORDER BY number DESC LIMIT 1", workflow)
        return rows[0] if rows else (None, None)

    def tell_done(self, workflow):
        """Write into the trace what is stored as done, and will not be done again: a resumed run
        counts what a worker without a runner has recorded, one that begins anew does not, and
        sees of an instance that was started but not linked that it is `starting`."""
        execution, _ = self.execution(workflow)
        if execution is None:
            return
        is_resumed = workflow in ("install", "uninstall")
        states = ("succeeded", "responded") if is_resumed else ("succeeded",)
        starting = [] if is_resumed else [one[0] for one in self.query(
            "SELECT id FROM node_instances WHERE state = 'starting'")]
        last = {}  # a resumed run may undo what an earlier one has undone: the last row counts
        for parameters, state in self.query(
                "SELECT o.parameters, o.state FROM operations o JOIN graphs g"
                " ON g.number = o.key >> 32 JOIN executions e ON e.number = g.execution"
                " WHERE o.type = 'operation' AND e.id = ? ORDER BY o.key", execution):
            row = json.loads(parameters)
            me = row.get("node_instance_id", "")
            if row.get("target_id"):
                me = f"{me}+{row['target_id']}+{row['side']}"
            operation = row["operation"].rsplit(".", 1)[1]
            if operation != "start" or me not in starting:
                last[f"{me} {operation}"] = state
        self.tell("done " + ", ".join(sorted(name for name, state in last.items()
                                             if state in states)))

    # ------------------------------------------------------------ stages

    def commands_of(self, stage):
        """How it is begun, and how it goes on after it was interrupted; None: it is through."""
        common = ["-j", "4", "--task-retries", "60", "--task-retry-interval", "0.1"]
        execution, status = self.execution(stage)
        if status == "terminated":
            return None
        if stage == "install":
            return (["resume", execution] if execution else
                    ["install", "-b", "app/blueprint.yaml", "-d", "app", *common])
        if stage == "uninstall":
            return ["resume", execution] if execution else ["uninstall", "-d", "app", *common]
        if stage == "update":
            return ["update", "app/next.yaml", "-d", "app", "-i", "size=2", *common]
        scale = ["execute", "scale", "-d", "app", "-p", "scalable_entity_name=web", *common]
        if execution is None:
            return scale
        modifications = self.json("modifications", "list")
        if modifications and modifications[-1]["status"] == "finished":
            return None
        return scale + ["-p", "abort_started=true"]

    def run_stage(self, stage, kills):
        self.stage = stage
        self.tell(f"stage {stage}")
        failures = 0
        while True:
            command = self.commands_of(stage)
            if command is None:
                break
            left = self.processes()
            self.tell("start " + " ".join(command))
            process = self.start(*command)
            kills -= self.interrupt(process, stage, kills)
            try:
                code = process.wait(DEADLINE_S)
            except subprocess.TimeoutExpired:
                self.found("the run does not end")
                self.kill_each(self.processes)
                process.wait()
                raise Stuck from None
            if code == 0:
                break
            if code == 5 and left and "still" in self.last_words():
                # What a kill left is to end first: said, and true.
                self.wait_for(lambda: not self.processes(), "the end of what was left")
            elif code != -signal.SIGKILL:
                failures += 1
                self.tell(f"failed with {code}")
                self.found(f"'{command[0]}' ends with {code}: {self.last_words()}")
                if failures > 3:
                    raise Stuck
        self.tell_done(stage)
        self.tell(f"over {stage}")
        self.check_nothing_is_left()

    def interrupt(self, process, stage, most):
        """Kill until the runner is dead or has ended; the number of kills."""
        count = 0
        while count < most and self.kills_left > 0 and self.random.random() < 0.85:
            kind = self.random.choice(KINDS)
            if not self.kill(process, kind):
                break
            count += 1
            if kind == "runner" and self.random.random() < 0.5:
                self.wait_for(lambda: not self.workers(), "the end of workers without a runner")
            self.tell_done(stage)
            if kind != "worker":
                break
        return count

    def check_nothing_is_left(self):
        left = self.wait_for_none(self.processes)
        if left:
            shown = sorted({self.shown(pid) for pid in left})
            self.found("processes are left: " + ", ".join(shown))
            self.kill_each(self.processes)
        for name in ("state/run", "tmp"):
            entries = os.listdir(self.path(name)) if os.path.isdir(self.path(name)) else []
            if entries:
                kinds = sorted({entry.rsplit(".", 1)[-1] if "." in entry else entry.rstrip(
                    "0123456789") for entry in entries})
                self.found(f"left in {name}: {len(entries)} of {', '.join(kinds)}")
                shutil.rmtree(self.path(name))
                os.makedirs(self.path(name), 0o700)
        if self.stage in ("scale", "update", "install") and not self.server():
            self.found("the server does not run any more")

    def wait_for_none(self, find):
        """What is there still after some seconds; workers may take a moment to go."""
        end = time.monotonic() + 10
        while True:
            left = find()
            if not left or time.monotonic() > end:
                return left
            time.sleep(0.01)

    def shown(self, pid):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                return file.read().replace(b"\0", b" ").decode(errors="replace").strip().replace(
                    self.folder, "")
        except OSError:
            return str(pid)

    def result(self):
        """The deployment as it is now, in names that are the same in each round."""
        rows = self.json("node-instances", "list", "-d", "app")
        nodes = {row["id"]: row["node_id"] for row in rows}
        server = self.server()
        instances = []
        for row in rows:
            properties = dict(row["runtime_properties"])
            if "pid" in properties:
                properties["pid"] = "of the server" if properties["pid"] == server else "of another"
            instances.append([row["node_id"], row["state"], properties,
                              [nodes.get(one["target_id"], "?") for one in row["relationships"]]])
        instances.sort(key=lambda one: json.dumps(one, sort_keys=True))
        return {"instances": instances, "outputs": self.json("outputs", "-d", "app")}

    def compare(self, stage):
        result = self.result()
        if self.campaign.reference is None or stage not in self.campaign.reference:
            return result
        expected = self.campaign.reference[stage]
        if result["outputs"] != expected["outputs"]:
            self.found(f"other outputs: {result['outputs']}, not {expected['outputs']}")
        texts = [[json.dumps(one, sort_keys=True) for one in of["instances"]]
                 for of in (result, expected)]
        for text in sorted(set(texts[0]) - set(texts[1])):
            self.found(f"another instance: {text}")
        for text in sorted(set(texts[1]) - set(texts[0])):
            self.found(f"no such instance: {text}")
        if len(texts[0]) != len(texts[1]):
            self.found(f"{len(texts[0])} instances, not {len(texts[1])}")
        return result

    def run(self):
        """Its results, by stage."""
        results = {}
        try:
            for stage in ("install", "scale", "update", "uninstall"):
                self.run_stage(stage, self.random.randint(1, KILLS_OF_A_STAGE))
                results[stage] = self.compare(stage)
            done = subprocess.run(**self.arguments("deployments", "delete", "app"),
                                  capture_output=True, text=True, timeout=DEADLINE_S)
            if done.returncode != 0:
                self.found("the deployment cannot be deleted: " + done.stderr.strip())
        except Stuck:
            pass
        finally:
            if self.server():
                kill(self.server())
            self.kill_each(self.processes)
        self.stage = "trace"
        with open(self.path("trace")) as file:
            for what in judge(file.read().splitlines()):
                self.found(what)
        if not self.findings:
            shutil.rmtree(self.folder)
        return results


# ---------------------------------------------------------------- the trace

def judge(lines):
    """What ran that must not have run, from the lines of a trace."""
    done = {}      # what must not run again: why
    fresh = set()  # ended since something was killed, begun after that
    begun = {}     # process: the kill before it began, and its worker
    last = {}      # of each operation: the line where it began last
    kills = {}     # number: kind, process
    stage, kill, kind, is_killing = "", 0, "", False
    for number, line in enumerate(lines):
        word, _, rest = line.partition(" ")
        if word == "stage":
            stage = rest
        elif word == "start":
            if rest.startswith(("update ", "execute ")):
                # Not a resumed run: it has the states of instances alone, and does again what
                # they do not tell: links, and all of an instance's update that is not through.
                for name in [*done, *fresh]:
                    operation = name.split(" ")[1]
                    if operation in ("establish", "unlink"):
                        fresh.discard(name)
                for name in list(done):
                    instance, operation = name.split(" ")
                    if operation in ("establish", "unlink") or (operation in UPDATES and not all(
                            f"{instance} {one}" in done for one in UPDATES)):
                        del done[name]
        elif word == "kill":
            number_of_kill, kind, victim = rest.split()
            kill = int(number_of_kill)
            kills[kill] = (kind, victim)
            is_killing = True
            fresh.clear()
        elif word == "killed":
            is_killing = False
        elif word == "done":
            for name in rest.split(", "):
                if name and not is_undone(name, last):
                    done.setdefault(name, f"stored as done after kill {kill} ({kind})")
        elif word == "beside":
            _, pid, names = rest.split(" ", 2)
            name, other = names.split(" : ")
            by = killer_of(begun.get(pid), kills)
            yield (f"{shown(name)} runs beside {'itself' if name == other else shown(other)} in "
                   f"{stage}" + (f", left by kill {by} ({kills[by][0]})" if by else ""))
        elif word == "begin":
            pid, worker, name = rest.split(" ", 2)
            if name in done:
                yield f"{shown(name)} runs again in {stage}: {done.pop(name)}"
            elif name in fresh:
                yield f"{shown(name)} runs again in {stage} although it ended and nothing was killed"
            fresh.discard(name)
            begun[pid] = (kill - is_killing, worker)
            last[name] = number
            instance, operation = name.split(" ")
            for other in UNDOES.get(operation, ()):
                done.pop(f"{instance} {other}", None)
                fresh.discard(f"{instance} {other}")
        elif word == "end":
            pid, status, name = rest.split(" ", 2)
            if status == "0" and not is_killing and begun.get(pid, (None,))[0] == kill:
                fresh.add(name)


def killer_of(begun, kills):
    """The kill that took the worker from a script; nothing: none did."""
    before, worker = begun or (0, "")
    for number in range(before + 1, len(kills) + 1):
        kind, victim = kills[number]
        if kind in ("program", "all") or (kind == "worker" and victim == worker):
            return number
    return None


def is_undone(name, last):
    """Whether what undoes it, or does it again after that, began later."""
    instance, operation = name.split(" ")
    return any(last.get(f"{instance} {other}", -1) > last.get(name, -1)
               for other in UNDOES.get(operation, ()))


def shown(name):
    """Of "web_x1y2z3+server_a1b2c3+source establish": nodes instead of instances."""
    instance, operation = name.split(" ")
    parts = [part.rsplit("_", 1)[0] for part in instance.split("+")]
    return f"{operation} of {' to '.join(parts[:2])}" + (f" ({parts[2]})" if len(parts) > 2 else "")


# ---------------------------------------------------------------- the campaign

class Campaign:
    def __init__(self, options):
        self.program = os.path.realpath(options.program)
        self.seed = options.seed
        self.keep = options.keep and os.path.realpath(options.keep)
        if self.keep:
            os.makedirs(self.keep, exist_ok=True)
        self.reference = None
        self.kills = self.findings = 0

    def run_round(self, number, kills):
        one = Round(self, number, kills)
        results = one.run()
        self.kills += one.kills
        self.findings += len(one.findings)
        return results

    def run(self, options):
        self.reference = self.run_round(0, 0)
        if self.findings or len(self.reference) < 4:
            print("the uninterrupted run has findings already: nothing can be compared with it")
        elif options.round:
            self.run_round(options.round, 1000)
        else:
            number = 0
            while self.kills < options.kills:
                number += 1
                self.run_round(number, options.kills - self.kills)
        print(f"{self.kills} kills, {self.findings} findings")
        return 1 if self.findings else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, metavar="N")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), metavar="S")
    parser.add_argument("--round", type=int, default=0, metavar="R", help="only this round")
    parser.add_argument("--keep", metavar="DIR", help="where folders of findings are kept")
    parser.add_argument("program", nargs="?", default=os.environ.get("CFY_RUN"))
    options = parser.parse_args()
    if not options.program:
        parser.error("no PROGRAM, and CFY_RUN is not set")
    print(f"seed {options.seed}", flush=True)
    sys.exit(Campaign(options).run(options))


if __name__ == "__main__":
    main()
