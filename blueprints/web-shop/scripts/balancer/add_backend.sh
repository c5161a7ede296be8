#!/bin/sh
set -e
shop=$(ctx target instance id)
address=$(ctx target instance runtime-properties address)
ctx source instance runtime-properties "backends.$shop" "$address"
ctx logger info "backend $shop at $address"
