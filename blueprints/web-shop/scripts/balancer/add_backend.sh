#!/bin/sh
# Backends are added at the same time: each is a property of its own.
set -e
shop=$(ctx target instance id)
address=$(ctx target instance runtime-properties address)
ctx source instance runtime-properties "backend_$shop" "$address"
ctx logger info "backend $shop at $address"
