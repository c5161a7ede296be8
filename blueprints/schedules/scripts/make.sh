#!/bin/sh
# Counts what it makes; the first time there is no count yet.
set -e
made=$(ctx instance runtime-properties made 2>/dev/null) || made=0
ctx instance runtime-properties made "@$((made + 1))"
ctx logger info "report $((made + 1)) of $(ctx node properties team), as $formats"
