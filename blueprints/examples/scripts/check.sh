#!/bin/sh
set -e
ctx logger info "$(ctx node name) is well"
