#!/usr/bin/env bash
# Formats the C and C++ files of the repository with clang-format.
#
#   scripts/format.sh            rewrite the files
#   scripts/format.sh --check    only say which ones differ, and fail if any does
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

case "${1:-}" in
  "") mode=(-i) ;;
  --check) mode=(--dry-run --Werror) ;;
  *) echo "usage: scripts/format.sh [--check]" >&2; exit 2 ;;
esac

find apps lib plugins test \( -name '*.cpp' -o -name '*.hpp' -o -name '*.c' -o -name '*.h' \) \
  -print0 | sort -z | xargs -0 clang-format "${mode[@]}"
