#!/usr/bin/env python3
"""Measures the budgets of the design, as ratios where there is something to compare with.

    test/bench/bench.py [BUILD]        BUILD: build/release unless given

Prints one row for each measurement: median (and range) of several runs, beside the budget. Asserts
nothing: machines differ and are shared. Whole processes are timed from outside.
"""

import os
import shutil
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


def main():
    if not os.path.exists(PROGRAM):
        sys.exit(f"{PROGRAM} does not exist: build it with scripts/build.sh release")
    folder = tempfile.mkdtemp(prefix="cfy-bench-")
    environment = dict(os.environ, CFY_RUN_HOME=os.path.join(folder, "state"))
    try:
        own_programs()
        start_up(folder, environment)
        scripts(folder, environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
