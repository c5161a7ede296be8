#!/bin/sh
set -e
ctx instance runtime-properties healthy @true
ctx logger info "$(ctx instance id) is well"
