#!/bin/sh
# Writes down that it runs.
set -e
here=$(dirname "$0")/..
name="$(ctx deployment id).$(ctx source node id)->$(ctx target node id)"
echo "$name.$(ctx operation name | sed 's/.*[.]//') $$" >>"$here/trace"
ctx source instance runtime-properties linked yes
