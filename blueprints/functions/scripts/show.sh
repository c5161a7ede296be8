#!/bin/sh
# The functions have been evaluated before the script runs: it sees only values.
set -e
ctx instance runtime-properties settings "@$(ctx -j node properties common)"
ctx logger info "$(ctx node properties prefix) logs at level $(ctx node properties common.log_level)"
[ -z "$registry" ] || ctx logger info "$me runs version $tag from $registry as $environment"
