#!/bin/sh
# Both relationships are established at the same time, so each has a property of its own.
set -e
queue=$(ctx target node name)
ctx source instance runtime-properties "mirrors_$queue" @true
ctx logger info "mirrors $queue"
