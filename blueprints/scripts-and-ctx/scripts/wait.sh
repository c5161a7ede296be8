#!/bin/sh
set -e
look=$(($(ctx operation retry-number) + 1))
ctx instance runtime-properties looks "@$look"
if [ "$look" -lt "$looks" ]; then
  ctx retry-operation "not ready at look $look" @0
fi
ctx logger info "ready at look $look"
