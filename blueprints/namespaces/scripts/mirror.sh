#!/bin/sh
set -e
queue=$(ctx target node name)
ctx source instance runtime-properties "mirrors.$queue" @true
ctx logger info "mirrors $queue"
