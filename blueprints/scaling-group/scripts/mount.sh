#!/bin/sh
set -e
device=$(ctx target instance runtime-properties device)
ctx source instance runtime-properties mounted "$device"
ctx logger info "$(ctx source instance id) mounts $device"
