#!/usr/bin/env python3
"""Run the recorded cases and have them compared: run.py PROGRAM FOLDER RESULTS.

FOLDER holds cases.jsonl and compare.py; without it the test is skipped. Fails
on every difference that is not accepted below, and on an acceptance that is
no longer needed.
"""
import pathlib
import re
import subprocess
import sys

SKIPPED = 77

# Differences on purpose: id of the case to the reason. At most ten.
ACCEPTED = {
    'probes.relationship_twice_one_target.1':
        'two relationships of a node to one target stay two, also in its '
        'instances; the reference keeps the last one only',
}


def main():
    program, folder, results = (pathlib.Path(arg) for arg in sys.argv[1:])
    cases = folder / 'cases.jsonl'
    if not cases.exists():
        print(f'skipped: no recorded cases in {folder}')
        return SKIPPED
    ran = subprocess.run([program, cases, '--results', results])
    if ran.returncode != 0:
        return 1
    compared = subprocess.run(
        [sys.executable, folder / 'compare.py', cases, results,
         '--show', '100000'], stdout=subprocess.PIPE, text=True)
    lines = compared.stdout.splitlines()
    different = {}
    for line in lines:
        found = re.match(r'([\w.-]+\.\d+): (.*)', line)
        if found:
            different[found[1]] = found[2]
    surprises = {id_: text for id_, text in different.items()
                 if id_ not in ACCEPTED}
    for id_, text in surprises.items():
        print(f'{id_}: {text}')
    unneeded = sorted(set(ACCEPTED) - set(different))
    for id_ in unneeded:
        print(f'{id_}: accepted as different, but it is not')
    print(f'{lines[-1] if lines else "nothing compared"} as recorded, '
          f'{len(different) - len(surprises)} different on purpose')
    return 1 if surprises or unneeded or not lines else 0


if __name__ == '__main__':
    sys.exit(main())
