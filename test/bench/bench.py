#!/usr/bin/env python3
"""Measures the budgets of the design, as ratios where there is something to compare with.

    test/bench/bench.py [BUILD]        BUILD: build/release unless given

Prints one row for each measurement: median (and range) of several runs, beside the budget. Asserts
nothing: machines differ and are shared. Whole processes are timed from outside.
"""

import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "build/release"))
PROGRAM = os.path.join(BUILD, "bin", "cfy-run")

sys.path.insert(0, os.path.join(ROOT, "test", "e2e"))
import topology  # noqa: E402


def row(what, measured, budget):
    print(f"{what:<52} {measured:<34} budget {budget}", flush=True)


def timed(command, cwd, environment):
    start = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"{command} failed: {done.stderr.decode(errors='replace')[-2000:]}")
    return time.perf_counter() - start


def spread(values, unit, scale=1.0, digits=1):
    scaled = [value * scale for value in values]
    return (f"{statistics.median(scaled):.{digits}f} {unit} "
            f"({min(scaled):.{digits}f} to {max(scaled):.{digits}f})")


def own_programs():
    for name in ("graph_bench", "plan_bench"):
        program = os.path.join(BUILD, "bin", name)
        if os.path.exists(program):
            subprocess.run([program], check=True)


def start_up(folder, environment):
    blueprint = os.path.join(ROOT, "blueprints", "hello-world", "blueprint.yaml")
    command = [PROGRAM, "validate", blueprint]
    timed(command, folder, environment)
    times = [timed(command, folder, environment) for _ in range(31)]
    row("validate of hello-world, whole process", spread(times, "ms", 1000), "<= 10 ms")
    nothing = [timed(["/bin/true"], folder, environment) for _ in range(31)]
    row("  of that: starting any process (/bin/true)", spread(nothing, "ms", 1000), "-")


SCRIPTS = 1000


def scripts_blueprint(folder):
    path = os.path.join(folder, "nothing.sh")
    with open(path, "w") as file:
        file.write("#!/bin/sh\nexit 0\n")
    os.chmod(path, 0o755)
    nodes = [topology.node(f"n{i}", "nothing.sh") for i in range(SCRIPTS)]
    with open(os.path.join(folder, "blueprint.yaml"), "w") as file:
        file.write(topology.blueprint(*nodes))


def scripts_ninja(folder):
    with open(os.path.join(folder, "build.ninja"), "w") as file:
        file.write("rule run\n  command = ./nothing.sh\n")
        for i in range(SCRIPTS):
            file.write(f"build out{i}: run\n")


def scripts(folder, environment):
    if shutil.which("ninja") is None:
        row(f"{SCRIPTS} scripts that do nothing, -j 4", "ninja is not installed", "<= 1.3 x ninja")
        return
    scripts_blueprint(folder)
    scripts_ninja(folder)
    ours = [PROGRAM, "-q", "execute", "my_workflow", "-p", "operation=configure", "-j", "4"]
    theirs = ["ninja", "-j4", "--quiet"]
    timed(ours, folder, environment)
    pairs = [(timed(ours, folder, environment), timed(theirs, folder, environment))
             for _ in range(5)]
    row(f"{SCRIPTS} scripts that do nothing, -j 4", spread([a for a, _ in pairs], "s", digits=2), "-")
    row("  the same by ninja -j4", spread([b for _, b in pairs], "s", digits=2), "-")
    row("  ratio", spread([a / b for a, b in pairs], "x", digits=2), "<= 1.3 x ninja")


CTX_CALLS = 500


def ctx_calls(folder, environment):
    """What a script with many calls of ctx takes, less the same with as many of another program."""
    times = {}
    for name, program in (("ctx", "ctx instance id"), ("true", "/bin/true")):
        here = os.path.join(folder, name)
        os.makedirs(here)
        with open(os.path.join(here, "calls.sh"), "w") as file:
            file.write(f"#!/bin/sh\nset -e\nfor i in $(seq {CTX_CALLS}); do {program} > /dev/null; done\n")
        with open(os.path.join(here, "blueprint.yaml"), "w") as file:
            file.write(topology.blueprint(topology.node("n", "calls.sh")))
        command = [PROGRAM, "-q", "execute", "my_workflow", "-p", "operation=configure", "-d", name]
        timed(command, here, environment)
        times[name] = [timed(command, here, environment) / CTX_CALLS for _ in range(5)]
    row("one ctx call of a script", spread(times["ctx"], "ms", 1000, 2), "<= 5 ms")
    row("  of that: starting any process (/bin/true)", spread(times["true"], "ms", 1000, 2), "-")


NATIVE = 1000


def native_operations(folder, environment):
    plugin = os.path.join(BUILD, "test/plugins/misbehaves.so")
    if not os.path.exists(plugin):
        row("one native no-op operation", "the test plugins are not built", "-")
        return
    here = os.path.join(folder, "native")
    os.makedirs(here)
    section = ("  misbehaves:\n    executor: central_deployment_agent\n    install: false\n"
               f"    source: {plugin}\n")
    nodes = [topology.node(f"n{i}", "misbehaves.tasks.nothing") for i in range(NATIVE)]
    with open(os.path.join(here, "blueprint.yaml"), "w") as file:
        file.write(topology.blueprint(*nodes, workflow=section + topology.WORKFLOW))
    command = [PROGRAM, "-q", "execute", "my_workflow", "-p", "operation=configure", "-j", "1",
               "-d", "native"]
    timed(command, here, environment)
    times = [timed(command, here, environment) / NATIVE for _ in range(5)]
    row(f"one native no-op operation through a worker, of {NATIVE}", spread(times, "ms", 1000, 2), "-")


LINES = 200_000


def output(folder, environment):
    here = os.path.join(folder, "output")
    os.makedirs(here)
    with open(os.path.join(here, "lines.sh"), "w") as file:
        file.write(f"#!/bin/sh\nseq {LINES}\n")
    with open(os.path.join(here, "blueprint.yaml"), "w") as file:
        file.write(topology.blueprint(topology.node("n", "lines.sh")))
    command = [PROGRAM, "execute", "my_workflow", "-p", "operation=configure", "-d", "output"]
    times = [timed(command, here, environment) / LINES for _ in range(3)]
    row(f"one line of output, shown and stored, of {LINES}", spread(times, "us", 1e6), "-")


INSTALLS = (1_000, 3_000, 10_000)


def measured(command, cwd, environment):
    """Seconds, and the most memory in bytes that the process had."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command} failed")
    return time.perf_counter() - start, usage.ru_maxrss * 1024


def count_tasks(environment):
    state = sqlite3.connect(os.path.join(environment["CFY_RUN_HOME"], "state.db"))
    try:
        return state.execute("SELECT count(*) FROM operations WHERE key >> 32 ="
                             " (SELECT max(number) FROM graphs)").fetchone()[0]
    finally:
        state.close()


def installs(folder, environment):
    """install of instances that have nothing to do, less a run that finds the same deployment."""
    for count in INSTALLS:
        here = os.path.join(folder, f"install-{count}")
        os.makedirs(here)
        layers = 100  # one waits for the other
        nodes = [f"  n{i}:\n    type: cloudify.nodes.Root\n    capabilities: {{scalable: {{properties:"
                 f" {{default_instances: {count // layers}}}}}}}\n" +
                 (f"    relationships: [{{type: cloudify.relationships.connected_to, target: n{i - 1},"
                  " properties: {connection_type: all_to_one}}]\n" if i else "")
                 for i in range(layers)]
        with open(os.path.join(here, "blueprint.yaml"), "w") as file:
            file.write(topology.blueprint(*nodes))
        run = [PROGRAM, "-q", "execute"]
        nothing = run + ["execute_operation", "-p", "operation=cloudify.interfaces.lifecycle.start",
                         "-p", "node_ids=[nobody]"]
        measured(nothing, here, environment)
        before_s, before_bytes = measured(nothing, here, environment)
        install_s, install_bytes = measured(run + ["install"], here, environment)
        tasks, taken_s = count_tasks(environment), install_s - before_s
        row(f"install of {count} instances, {tasks} tasks stored", f"{install_s:.2f} s", "-")
        row("  one task, through store and events", f"{taken_s / tasks * 1e6:.1f} us", "<= 10 us")
        row("  memory: instance; task", f"{before_bytes / count:.0f} B; "
            f"{(install_bytes - before_bytes) / tasks:.0f} B", "-")


def main():
    if not os.path.exists(PROGRAM):
        sys.exit(f"{PROGRAM} does not exist: build it with scripts/build.sh release")
    folder = tempfile.mkdtemp(prefix="cfy-bench-")
    environment = dict(os.environ, CFY_RUN_HOME=os.path.join(folder, "state"))
    try:
        own_programs()
        start_up(folder, environment)
        scripts(folder, environment)
        ctx_calls(folder, environment)
        native_operations(folder, environment)
        output(folder, environment)
        installs(folder, environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
