#!/bin/sh
set -e
ctx instance runtime-properties user "$user"
ctx logger info "$user connects to $url with a password of ${#password} characters"
