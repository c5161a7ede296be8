#!/usr/bin/env bash
# Installs what building cfy-run needs, from Debian's packages; says nothing when all is there.
#
#   scripts/setup.sh          what building and running needs
#   scripts/setup.sh --dev    also what the tests and checks use
set -euo pipefail

# "a|b": any of them will do.
packages=(
  g++ cmake ninja-build pkg-config
  libcli11-dev libyaml-cpp-dev nlohmann-json3-dev libfmt-dev libsqlite3-dev
  "libcurl4-openssl-dev|libcurl4-gnutls-dev|libcurl4-nss-dev" libarchive-dev
)
dev_packages=(catch2 python3 git clang clang-format libclang-rt-dev faketime)

case "${1:-}" in
  "") ;;
  --dev) packages+=("${dev_packages[@]}") ;;
  *) echo "usage: scripts/setup.sh [--dev]" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "setup.sh: this is not Debian; if the build fails, install the like of: ${packages[*]}" >&2
  exit 0
fi

# One call tells of all packages; "ii" marks the installed ones.
names=$(printf '%s\n' "${packages[@]}" | tr '|' '\n')
# shellcheck disable=SC2086 # one word for each name
installed=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' $names 2>/dev/null |
  awk '$1 == "ii" { print $2 }' || true)

is_installed() {
  local name
  for name in ${1//|/ }; do
    if grep -qx -- "$name" <<<"$installed"; then return 0; fi
  done
  return 1
}

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("${package%%|*}")
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "setup.sh: please install as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "setup.sh: installing ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# An update that fails (no network) need not stop us: the packages may be in apt's cache.
"${as_root[@]}" apt-get update -q >"$log" 2>&1 || cat "$log" >&2
if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
  cat "$log" >&2
  echo "setup.sh: could not install ${missing[*]}" >&2
  exit 1
fi
