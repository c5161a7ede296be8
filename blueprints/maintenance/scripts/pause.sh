#!/bin/sh
set -e
ctx source instance runtime-properties "reads.$(ctx target node name)" @false
ctx logger info "$(ctx source instance id) leaves $(ctx target node name) alone"
