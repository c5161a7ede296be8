#!/bin/sh
# The second instance of a node gets the second address of its subnet, and so on.
set -e
ip="$subnet.$(ctx instance index)"
ctx instance runtime-properties ip "$ip"
ctx logger info "a machine at $ip"
