#!/bin/sh
# A little warmer at each call.
set -e
warmth=$(ctx instance runtime-properties warmth 2>/dev/null || echo 0)
warmth=$((warmth + 50))
[ "$warmth" -le 100 ] || warmth=100
ctx instance runtime-properties warmth "@$warmth"
ctx logger info "warmed up to $warmth"
ctx returns "@$warmth"
