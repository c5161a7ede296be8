#!/bin/sh
# Operation `establish`, on the side of the instance that uses another one.
set -e
target="$(ctx target instance id):$(ctx target node properties port)"
ctx source instance runtime-properties "uses.$(ctx target node id)" "$target"
ctx logger info "$(ctx source instance id) now uses $target"
