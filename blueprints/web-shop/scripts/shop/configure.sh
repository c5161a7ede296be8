#!/bin/sh
set -e
address="$address:$(ctx node properties port)"
ctx instance runtime-properties address "$address"
ctx logger info "a shop for $domain at $address"
