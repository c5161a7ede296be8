#!/bin/sh
set -e
ctx instance runtime-properties running @true
ctx logger info "$(ctx node name) is up"
