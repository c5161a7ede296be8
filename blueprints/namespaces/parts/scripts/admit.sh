#!/bin/sh
set -e
ctx logger info "$(ctx target node name) admits $(ctx source node name)"
