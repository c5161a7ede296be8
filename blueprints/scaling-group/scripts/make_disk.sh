#!/bin/sh
set -e
device="/dev/disk$(ctx instance index)"
ctx instance runtime-properties device "$device"
ctx logger info "$device has $(ctx node properties gigabytes) GB"
