#!/bin/sh
set -e
user=$(ctx source instance id)
ctx target instance runtime-properties "user_$user" revoked
ctx logger info "user $user is gone"
