#!/bin/sh
# The source's side: it can read what the target has found out so far.
set -e
endpoint=$(ctx target instance runtime-properties endpoint)
ctx source instance runtime-properties database "$(ctx source instance id)@$endpoint"
ctx logger info "goods come from $endpoint"
