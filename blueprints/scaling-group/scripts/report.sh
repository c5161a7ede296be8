#!/bin/sh
set -e
ctx source instance runtime-properties monitor "$(ctx target instance id)"
ctx logger info "$(ctx source instance id) reports to $(ctx target instance id)"
