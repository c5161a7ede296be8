#!/bin/sh
set -e
ctx source instance runtime-properties "reads_$(ctx target node name)" @true
ctx logger info "$(ctx source instance id) reads from $(ctx target node name)"
