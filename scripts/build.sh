#!/usr/bin/env bash
# Builds everything, tests included, into build/PRESET.
#
#   scripts/build.sh [PRESET]    release (the default), dev, asan or tsan
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
preset=${1:-release}

"$root/scripts/setup.sh" --dev
cd "$root"
cmake --preset "$preset" -DBUILD_TESTING=ON
cmake --build --preset "$preset"
