#!/bin/sh
# The target's side: one user for each shop. Shops come at the same
# time, so each user is a property of its own and none overwrites another.
set -e
user=$(ctx source instance id)
ctx target instance runtime-properties "user_$user" granted
ctx logger info "user $user may use $(ctx target node properties schema)"
