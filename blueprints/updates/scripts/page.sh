#!/bin/sh
set -e
ctx logger info "$(ctx operation name | sed "s/.*\.//") $(ctx node name): $text"
