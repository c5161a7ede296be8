#!/usr/bin/env bash
# Formats the C and C++ files of the repository with clang-format.
#
#   scripts/format.sh            rewrite the files
#   scripts/format.sh --check    only say which ones differ, and fail if any does
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

files() {
  find apps lib plugins test \( -name '*.cpp' -o -name '*.hpp' -o -name '*.c' -o -name '*.h' \) | sort
}

case "${1:-}" in
  "")
    files | xargs -d '\n' clang-format -i
    ;;
  --check)
    differing=0
    while IFS= read -r file; do
      if ! clang-format "$file" | cmp -s - "$file"; then
        echo "$file is not formatted"
        differing=$((differing + 1))
      fi
    done < <(files)
    if [ "$differing" -gt 0 ]; then
      echo "$differing files differ: run scripts/format.sh"
      exit 1
    fi
    ;;
  *)
    echo "usage: scripts/format.sh [--check]" >&2
    exit 2
    ;;
esac
