#!/bin/sh
# The relationships of one instance run at the same time: each has a property of its own.
set -e
ctx source instance runtime-properties "reads_$(ctx target node name)" @false
ctx logger info "$(ctx source instance id) leaves $(ctx target node name) alone"
