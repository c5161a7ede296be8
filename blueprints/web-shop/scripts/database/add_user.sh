#!/bin/sh
# The target's side: one user for each shop.
set -e
user=$(ctx source instance id)
ctx target instance runtime-properties "users.$user" granted
ctx logger info "user $user may use $(ctx target node properties schema)"
