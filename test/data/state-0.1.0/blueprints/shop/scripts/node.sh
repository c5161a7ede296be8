#!/bin/sh
# Writes down that it runs, waits while there is a file hold.NAME, fails while there is fail.NAME.
set -e
here=$(dirname "$0")/..
operation=$(ctx operation name | sed 's/.*[.]//')
name="$(ctx deployment id).$(ctx node id).$operation"
ctx logger info "this is $name"
ctx instance runtime-properties begun "$operation"
echo "$name $$" >>"$here/trace"
while [ -e "$here/hold.$name" ]; do sleep 0.02; done
if [ -e "$here/fail.$name" ]; then ctx abort-operation "told to fail"; fi
if [ "$operation" = create ]; then
  ctx instance runtime-properties made "by $name"
  ctx instance runtime-properties deep '@{"list": [1, 2.5, null], "text": "grüße"}'
fi
