#!/bin/sh
set -e
file=$(ctx download-resource motd.txt)
ctx instance runtime-properties motd "$(cat "$file")"
ctx logger info "the message is: $(ctx get-resource motd.txt)"
