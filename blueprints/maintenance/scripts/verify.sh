#!/bin/sh
# Without a backup there is nothing to verify, and trying again would not help.
set -e
kind=$(ctx instance runtime-properties last_backup 2>/dev/null) || kind=
if [ -z "$kind" ]; then
  ctx abort-operation "$(ctx node name) has no backup yet"
fi
ctx logger info "the backup of $(ctx node name) ($kind) can be read"
