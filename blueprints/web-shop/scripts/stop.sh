#!/bin/sh
set -e
ctx instance runtime-properties running @false
ctx logger info "$(ctx node name) is down"
