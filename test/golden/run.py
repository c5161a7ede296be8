#!/usr/bin/env python3
"""Runs the cases of this folder and compares their whole output with what is expected.

    run.py [--accept] [CASE]...

A case is a folder with `cmd` and `expected`, and whatever the commands need. Each line of `cmd` is
run by bash in a copy of the folder ($ROOT is the repository); `expected` holds the line after "$ ",
what it printed on both streams, and its exit code when that is not 0. What differs from run to run
(ids, times, process ids, paths) is replaced by names. The program is the one that CFY_RUN names.
"""

import argparse
import difflib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
DEADLINE_S = 120

PATTERNS = [
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b", "<uuid>"),
    (r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{3}Z?", "<time>"),
    (r"\bin \d+\.\d+ s\b", "in <duration>"),
    (r"\bprocess \d+\b", "process <pid>"),
]


def stored_ids(state):
    """(id, its name) for what the state database knows: executions and node instances."""
    path = os.path.join(state, "state.db")
    if not os.path.exists(path):
        return []
    names = []
    connection = sqlite3.connect(path)
    try:
        for number, (id_,) in enumerate(
                connection.execute("SELECT id FROM executions ORDER BY number"), 1):
            names.append((id_, f"<execution {number}>"))
        counts = {}
        for id_, node in connection.execute(
                "SELECT id, node_id FROM node_instances ORDER BY position"):
            counts[node] = counts.get(node, 0) + 1
            names.append((id_, f"{node}#{counts[node]}"))
    finally:
        connection.close()
    return names


def normalised(text, program, folder, state):
    names = stored_ids(state)
    bin_dir = os.path.dirname(program)
    places = [(state, "<state>"), (folder, "<case>"), (bin_dir, "<bin>"),
              (os.path.join(os.path.dirname(bin_dir), "lib/cfy-run/plugins"), "<plugins>"),
              (ROOT, "<root>")]
    for found, name in names + places:
        text = text.replace(found, name)
    for pattern, name in PATTERNS:
        text = re.sub(pattern, name, text)
    return text


def run_line(line, folder, environment):
    try:
        done = subprocess.run(["bash", "-c", line], cwd=folder, env=environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=DEADLINE_S)
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode(errors="replace") + f"[no end within {DEADLINE_S} s]\n"
    text = done.stdout.decode(errors="replace")
    if text and not text.endswith("\n"):
        text += "[no line end]\n"
    if done.returncode != 0:
        text += f"[exit {done.returncode}]\n"
    return text


def run_case(name, program):
    space = os.path.realpath(tempfile.mkdtemp(prefix="cfy-golden-"))
    try:
        folder = os.path.join(space, name)
        state = os.path.join(space, "state")
        shutil.copytree(os.path.join(HERE, name), folder,
                        ignore=shutil.ignore_patterns("cmd", "expected"))
        environment = {"PATH": os.path.dirname(program) + os.pathsep + os.environ["PATH"],
                       "ROOT": ROOT, "HOME": space, "CFY_RUN_HOME": state, "LANG": "C.UTF-8"}
        environment.update((key, value) for key, value in os.environ.items()
                           if key.endswith("SAN_OPTIONS"))
        output = ""
        with open(os.path.join(HERE, name, "cmd")) as commands:
            for line in commands:
                line = line.rstrip("\n")
                if not line or line.startswith("#"):
                    continue
                output += f"$ {line}\n" + run_line(line, folder, environment)
        return normalised(output, program, folder, state)
    finally:
        shutil.rmtree(space, ignore_errors=True)


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except FileNotFoundError:
        return ""


def compare(name, output, accept):
    """Whether the output is as expected; prints the difference when not."""
    path = os.path.join(HERE, name, "expected")
    expected = read(path)
    if output == expected:
        return True
    if accept:
        with open(path, "w") as file:
            file.write(output)
        print(f"accepted  {name}")
        return True
    print(f"FAILED    {name}")
    sys.stdout.writelines(difflib.unified_diff(
        expected.splitlines(True), output.splitlines(True), f"{name}/expected", "output of now"))
    return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--accept", action="store_true", help="take the output as expected")
    parser.add_argument("cases", nargs="*", metavar="CASE")
    options = parser.parse_args()
    program = os.path.realpath(os.environ.get("CFY_RUN", ""))
    if not os.path.isfile(program):
        sys.exit("CFY_RUN must name the program to test")
    cases = options.cases or sorted(
        name for name in os.listdir(HERE) if os.path.exists(os.path.join(HERE, name, "cmd")))
    good = [compare(name, run_case(name, program), options.accept) for name in cases]
    print(f"{good.count(True)} of {len(good)} cases are as expected")
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
