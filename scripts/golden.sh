#!/usr/bin/env bash
# Compares the program's whole output with what test/golden/CASE/expected holds.
#
#   scripts/golden.sh [CASE]...             all cases, or those named
#   scripts/golden.sh --accept [CASE]...    take the output of now as expected; review it as code
#
# Tests the program of build/dev, or the one that $CFY_RUN names.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export CFY_RUN=${CFY_RUN:-$root/build/dev/bin/cfy-run}
if [ ! -x "$CFY_RUN" ]; then
  echo "golden.sh: there is no $CFY_RUN; run scripts/build.sh dev first" >&2
  exit 2
fi
exec python3 "$root/test/golden/run.py" "$@"
