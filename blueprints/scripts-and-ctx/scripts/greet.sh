#!/bin/sh
# What a script prints is logged: lines of its output, and here those of its errors among them.
set -e
for name in "$@"; do echo "$greeting, $name"; done
echo "that was $# names" >&2
