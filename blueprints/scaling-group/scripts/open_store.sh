#!/bin/sh
set -e
ctx instance runtime-properties path "$device/store"
ctx logger info "$(ctx instance id) keeps its data on $device"
