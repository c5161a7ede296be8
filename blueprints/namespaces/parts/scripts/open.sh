#!/bin/sh
set -e
ctx instance runtime-properties open @true
ctx logger info "$(ctx node name) holds $(ctx node properties depth) messages" \
  "for $(ctx node properties limits.clients) clients"
