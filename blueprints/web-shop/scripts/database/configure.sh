#!/bin/sh
# `address` is an input of the operation.
set -e
endpoint="$address:$(ctx node properties port)/$(ctx node properties schema)"
ctx instance runtime-properties endpoint "$endpoint"
ctx logger info "the database listens at $endpoint"
