#!/bin/sh
# Fails after the first upgrade, so that there is something to try again.
set -e
upgrades=$(ctx instance runtime-properties upgrades 2>/dev/null || echo 0)
ctx instance runtime-properties upgrades "@$((upgrades + 1))"
if [ "$upgrades" -eq 0 ]; then
  echo "no mail came in" >&2
  exit 1
fi
ctx logger info "mail comes in"
