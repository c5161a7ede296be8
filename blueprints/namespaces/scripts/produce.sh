#!/bin/sh
set -e
ctx logger info "$(ctx node name) says $(ctx node properties greeting)"
