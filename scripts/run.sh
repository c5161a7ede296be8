#!/usr/bin/env bash
# Builds cfy-run when that is needed, then runs it with the arguments given.
#
#   scripts/run.sh execute my_workflow -b blueprints/tutorial/blueprint.yaml -p operation=configure
#
# Standard output belongs to cfy-run alone; the build speaks on standard error.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/release

if [ ! -e "$build/bin/cfy-run" ]; then
  "$root/scripts/setup.sh"
  echo "cfy-run: building for the first time, which takes some minutes" >&2
  # Tests are not needed to run it; scripts/build.sh turns them on.
  (cd "$root" && cmake --preset release -DBUILD_TESTING=OFF && cmake --build --preset release) >&2
else
  log=$(mktemp)
  if ! cmake --build "$build" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
fi
exec "$build/bin/cfy-run" "$@"
