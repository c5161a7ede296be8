#!/usr/bin/env python3
"""Replay the recorded behaviour cases: behaviour.py ADAPTER FOLDER.

FOLDER holds cases/ and run.py; without it the test is skipped. Fails on every
case that does not hold and is not accepted below, and on an acceptance that
is no longer needed.
"""
import pathlib
import re
import shlex
import subprocess
import sys

SKIPPED = 77

# Differences on purpose: name of the case to the reason. At most five.
ACCEPTED = {
    'workflow_parameters':
        'keys of a dict come in alphabetical order where it is shown, not in '
        'the order of the blueprint',
    'workflow_parameter_types':
        'the same; and our message says what was given and where the '
        'parameter is declared',
}


def main():
    adapter, folder = (pathlib.Path(arg).resolve() for arg in sys.argv[1:])
    if not (folder / 'run.py').exists():
        print(f'skipped: no recorded cases in {folder}')
        return SKIPPED
    ran = subprocess.run(
        [sys.executable, folder / 'run.py', '--adapter',
         shlex.join([sys.executable, str(adapter)])],
        stdout=subprocess.PIPE, text=True)
    print(ran.stdout)
    failed = set(re.findall(r'^FAIL (\S+)', ran.stdout, re.MULTILINE))
    held = set(re.findall(r'^ok   (\S+)', ran.stdout, re.MULTILINE))
    surprises = failed - set(ACCEPTED)
    unneeded = set(ACCEPTED) & held
    for name in sorted(surprises):
        print(f'{name}: not as recorded')
    for name in sorted(unneeded):
        print(f'{name}: accepted as different, but it is not')
    return 1 if surprises or unneeded or not held else 0


if __name__ == '__main__':
    sys.exit(main())
